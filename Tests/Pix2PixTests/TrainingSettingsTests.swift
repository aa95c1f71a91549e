import DatasetKit
import FoundationEssentials
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
        let options = try settings().options
        #expect(options.epochs == 100 && options.decayEpochs == 100)
        #expect(options.batchSize == 1 && options.accumulate == 1)
        #expect(options.lr == 2e-4 && options.beta1 == 0.5 && options.beta2 == 0.999)
        #expect(options.ganLoss == .vanilla && options.ganWeight == 1 && options.lambdaL1 == 100)
        #expect(options.ngf == 64 && options.ndf == 64 && options.norm == .batch)
        #expect(options.generator == .unet256 && options.discriminator == .basic)
        #expect(options.testNorm == .batch && options.testDropout)
    }

    /// The preset gives other defaults, which what is named wins over.
    @Test func aPresetGivesDefaults() throws {
        let keras = try JSONValue.parse(Data(#"{"preset": "keras"}"#.utf8), path: "x", code: .io)
        let options = try TrainOptions(JSONObjectReader(keras, file: "x", path: "train"))
        #expect(options.generator == .keras && options.discriminator == .keras)
        #expect(options.lambdaL1 == 0 && options.epochs == 50 && options.totalEpochs == 50)
        let text = #"{"preset": "keras", "lambdaL1": 100, "discriminator": "basic"}"#
        let mixed = try JSONValue.parse(Data(text.utf8), path: "x", code: .io)
        let changed = try TrainOptions(JSONObjectReader(mixed, file: "x", path: "train"))
        #expect(changed.generator == .keras && changed.discriminator == .basic)
        #expect(changed.lambdaL1 == 100)
    }

    /// What `config.json` and checkpoints hold is read back whole, every option changed.
    @Test func settingsAreWrittenAndReadAsOneObject() throws {
        let json = """
            {"epochs": 3, "decayEpochs": 4, "batchSize": 2, "accumulate": 5, "patience": 6,
             "size": 64, "seed": 9, "generator": "unet_32", "discriminator": "n_layers",
             "nLayersD": 2, "ngf": 8, "ndf": 7, "norm": "instance", "dropout": false,
             "ganLoss": "lsgan", "ganWeight": 0.5, "lambdaL1": 10, "lambdaL2": 1,
             "lambdaCharbonnier": 2, "lambdaGP": 3, "labelSmoothing": 0.1, "optimizer": "adamw",
             "lr": 0.001, "lrG": 0.002, "lrD": 0.003, "beta1": 0.4, "beta2": 0.9,
             "weightDecay": 0.01, "clipGradients": 1.5, "ema": 0.99, "lrSchedule": "plateau",
             "warmupSteps": 10, "lrStepEpochs": 11, "lrFactor": 0.3, "lrPatience": 2,
             "valEvery": 2, "valPairs": 12, "bestMetric": "SSIM", "testNorm": "running",
             "testDropout": false, "checkpointEpochs": 3, "checkpointMinutes": 2.5,
             "keepCheckpoints": 4, "inputRange": [0, 10.5], "targetRange": [1, -1],
             "preset": "keras", "normD": "none", "upsampling": "nearest", "resBlocks": 1,
             "attentionLevels": [2, 3], "channelAttention": true, "spectralNorm": "both",
             "scalesD": 2, "lambdaSSIM": 4, "lambdaMSSSIM": 0, "lambdaTV": 5, "lambdaFM": 6,
             "lambdaR1": 7, "penaltyInterval": 8, "clipWeights": 0.25, "lambdaPerceptual": 9,
             "perceptualWeights": "/vgg.pth", "perceptualLayers": ["relu1_2", "15:0.5"],
             "perceptualDistance": "l1", "diffAugment": ["cutout", "color"], "ada": false,
             "adaTarget": 0.7, "adaKimg": 10, "historySize": 11}
            """
        let document = try JSONValue.parse(Data(json.utf8), path: "x", code: .io)
        guard case .object(let members) = document else { return }
        let options = try TrainOptions(JSONObjectReader(document, file: "x", path: "train"))
        let settings = try settings(options, width: 64, height: 96)
        let text = try JSONText.canonical(settings)
        #expect(try JSONDecoder().decode(TrainingSettings.self, from: text) == settings)
        let written = try JSONValue.parse(text, path: "x", code: .io)
        guard case .object(let all) = written else { return }
        for (name, value) in members {
            #expect(all[name]?.number == value.number && all[name] != nil, "\(name)")
            if value.number == nil { #expect(all[name] == value, "\(name)") }
        }
        #expect(
            Set(all.keys).subtracting(members.keys) == [
                "width", "height", "threads", "readers", "device",
            ]
        )
    }

    @Test(arguments: [
        (#"{"epochs": 0, "decayEpochs": 0}"#, "expected at least one epoch"),
        (#"{"epochs": 0, "lrSchedule": "cosine"}"#, "expected at least one epoch"),
        (#"{"ganWeight": 0, "lambdaL1": 0}"#, "there is nothing to learn from"),
        (#"{"ganLoss": "hinge", "labelSmoothing": 0.1}"#, "labelSmoothing: expected the ganLoss"),
        (#"{"lambdaPerceptual": 1}"#, "download https://download.pytorch.org/models/vgg16"),
        (#"{"ada": true, "diffAugment": ["color"]}"#, "found both"),
        (#"{"ganWeight": 0, "lambdaFM": 1}"#, "lambdaFM: expected a discriminator"),
        (#"{"generator": "resnet_6", "resBlocks": 1}"#, "resBlocks: expected a generator unet_32"),
        (#"{"generator": "unet_128", "attentionLevels": [7]}"#, "at levels 1 to 6, found 7"),
        (#"{"preset": "keras", "upsampling": "bilinear"}"#, "the generator keras repeats pixels"),
        (#"{"lambdaMSSSIM": 1, "size": 128}"#, "MS_SSIM needs images of at least 161 pixels"),
    ])
    func optionsThatCannotWorkTogetherAreRefused(_ json: String, _ message: String) throws {
        let document = try JSONValue.parse(Data(json.utf8), path: "x", code: .io)
        let options = try TrainOptions(JSONObjectReader(document, file: "x", path: "train"))
        let side = options.size ?? 256
        let error = try #require(throws: TrainingError.self) {
            try settings(options, width: side, height: side)
        }
        #expect(error.code == .impossibleSettings)
        #expect(error.message.contains(message), "\(error.message)")
    }

    @Test(arguments: [
        (32, 32, TrainOptions.Generator.unet32), (64, 96, .unet32), (128, 128, .unet128),
        (256, 512, .unet256),
        (1024, 1024, .unet256), (384, 256, .unet128),
    ])
    func theGeneratorFitsTheSize(
        width: Int,
        height: Int,
        generator: TrainOptions.Generator
    ) throws {
        #expect(try settings(width: width, height: height).generator == generator)
    }

    @Test func aGeneratorThatDoesNotFitNamesTheMultiple() throws {
        var options = TrainOptions()
        options.generator = .unet256
        let error = #expect(throws: TrainingError.self) { try settings(options, width: 384) }
        #expect(error?.message.contains("multiples of 256, found 384x256") == true)
        #expect(
            #expect(throws: TrainingError.self) { try settings(width: 40) }?.code
                == .impossibleSettings
        )
        options.generator = .unet1024
        #expect(try settings(options, width: 1024, height: 2048).generator == .unet1024)
    }
}
