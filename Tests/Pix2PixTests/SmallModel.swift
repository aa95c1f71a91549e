import DatasetKit
import Pix2Pix
import TestSupport

/// Small generators with random weights, through a model file.
enum SmallModel {
    /// A side of 8-bit or other images.
    static func side(
        _ channels: Int,
        _ type: SampleType = .u8,
        alpha: Bool = false
    ) -> DatasetIndex.Side {
        DatasetIndex.Side(
            size: ImageSize(width: 32, height: 32),
            channels: channels,
            dtype: type,
            hasAlpha: alpha
        )
    }

    /// Makes one.
    static func make(
        in temporary: TemporaryFolder,
        input: DatasetIndex.Side = side(3),
        target: DatasetIndex.Side = side(3),
        _ change: (inout TrainOptions) -> Void = { _ in }
    ) throws -> TrainedModel {
        var options = TrainOptions()
        options.generator = .unet32
        options.ngf = 2
        change(&options)
        let description = ModelDescription(
            options: options,
            imageSize: ImageSize(width: 64, height: 64),
            input: input,
            target: target,
            recipe: nil,
            origin: "a test"
        )
        let generator = try options.makeGenerator(
            description.generator,
            inputChannels: input.channels,
            targetChannels: target.channels,
            device: .cpu
        )
        try Torch.seed(7)
        // Larger than in a training, so that what is made differs from grey.
        for tensor in generator.state where tensor.kind == .parameter {
            try tensor.tensor.fillNormal(mean: 0, standardDeviation: 0.3)
        }
        let path = temporary.path("model.safetensors")
        try ModelFile.write(generator, description, to: path)
        return try TrainedModel(path: path, device: .cpu)
    }
}
