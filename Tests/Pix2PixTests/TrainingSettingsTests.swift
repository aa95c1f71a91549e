import DatasetKit
import Pix2Pix
import Testing

@Suite struct TrainingSettingsTests {
    private func settings(
        _ options: TrainOptions = TrainOptions(),
        width: Int = 256,
        height: Int = 256
    ) throws -> TrainingSettings {
        try TrainingSettings(
            options,
            imageSize: ImageSize(width: width, height: height),
            threads: 2,
            readers: 2,
            device: "cpu"
        )
    }

    @Test func theDefaultsAreTheReferences() throws {
        let settings = try settings()
        #expect(settings.epochs == 100 && settings.decayEpochs == 100)
        #expect(settings.batchSize == 1)
        #expect(settings.lr == 2e-4 && settings.beta1 == 0.5 && settings.beta2 == 0.999)
        #expect(settings.lambdaL1 == 100)
        #expect(settings.ngf == 64 && settings.ndf == 64)
        #expect(settings.generator == "unet_256" && settings.discriminator == "basic")
    }

    @Test(arguments: [
        (32, 32, "unet_32"), (64, 96, "unet_32"), (128, 128, "unet_128"), (256, 512, "unet_256"),
        (1024, 1024, "unet_256"), (384, 256, "unet_128"),
    ])
    func theGeneratorFitsTheSize(width: Int, height: Int, name: String) throws {
        #expect(try settings(width: width, height: height).generator == name)
    }

    @Test func aGeneratorThatDoesNotFitNamesTheMultiple() throws {
        var options = TrainOptions()
        options.generator = "unet_256"
        let error = #expect(throws: TrainingError.self) { try settings(options, width: 384) }
        #expect(error?.message.contains("multiples of 256, found 384x256") == true)
        #expect(
            #expect(throws: TrainingError.self) { try settings(width: 40) }?.code
                == .impossibleSettings
        )
        options.generator = "unet_1024"
        #expect(try settings(options, width: 1024, height: 2048).generator == "unet_1024")
    }
}
