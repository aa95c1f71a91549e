public import DatasetKit

/// Everything that decides what a training does, resolved: defaults, then recipe, then flags.
///
/// Written to `config.json` and into every checkpoint. The defaults are the reference's.
public struct TrainingSettings: Codable, Equatable, Sendable {
    /// Epochs at the full learning rate.
    public var epochs = 100
    /// Epochs of linear decay after them.
    public var decayEpochs = 100
    /// Pairs per step.
    public var batchSize = 1
    /// Adam's learning rate.
    public var lr = 2e-4
    /// The decay of Adam's first moment.
    public var beta1 = 0.5
    /// The decay of Adam's second moment.
    public var beta2 = 0.999
    /// The weight of the L1 loss.
    public var lambdaL1 = 100.0
    /// Filters of the generator's first layer.
    public var ngf = 64
    /// Filters of the discriminator's first layer.
    public var ndf = 64
    /// The generator's name: `unet_32` to `unet_1024`.
    public var generator: String
    /// The discriminator's name: `basic`, the 70x70 PatchGAN.
    public var discriminator = "basic"
    /// Pixels per row of the images trained on.
    public var width: Int
    /// Rows of the images trained on.
    public var height: Int
    /// The seed of everything random.
    public var seed = 0
    /// The most validation pairs to look at in an epoch.
    public var valPairs = 200
    /// Threads of libtorch's operations.
    public var threads: Int
    /// Threads that prepare batches.
    public var readers: Int
    /// Where the networks are: `cpu` or `cuda:N`.
    public var device: String

    /// Resolves the settings for images of one size.
    ///
    /// - Parameters:
    ///   - options: What flags and recipe ask for.
    ///   - imageSize: The size of the images trained on.
    ///   - threads: Threads of libtorch's operations.
    ///   - readers: Threads that prepare batches.
    ///   - device: The device's name.
    /// - Throws: ``TrainingError`` with code `impossibleSettings`.
    public init(
        _ options: TrainOptions,
        imageSize: ImageSize,
        threads: Int,
        readers: Int,
        device: String
    ) throws(TrainingError) {
        width = imageSize.width
        height = imageSize.height
        self.threads = threads
        self.readers = readers
        self.device = device
        let levels = try GeneratorName.levels(options.generator, for: imageSize)
        generator = GeneratorName.name(levels: levels)
        epochs = options.epochs ?? epochs
        decayEpochs = options.decayEpochs ?? decayEpochs
        batchSize = options.batchSize ?? batchSize
        lr = options.lr ?? lr
        lambdaL1 = options.lambdaL1 ?? lambdaL1
        ngf = options.ngf ?? ngf
        ndf = options.ndf ?? ndf
        seed = options.seed ?? seed
        discriminator = options.discriminator ?? discriminator
        guard discriminator == "basic" else {
            throw TrainingError(
                .impossibleSettings,
                "discriminator: expected basic, found \(discriminator)"
            )
        }
        guard schedule.totalEpochs > 0 else {
            throw TrainingError(
                .impossibleSettings,
                "epochs: expected at least one epoch, found 0 epochs and 0 decay epochs"
            )
        }
    }

    /// The learning rate's schedule.
    public var schedule: LinearDecay { LinearDecay(epochs: epochs, decayEpochs: decayEpochs) }

    /// The size of the images trained on.
    public var imageSize: ImageSize { ImageSize(width: width, height: height) }
}

/// The names of the U-Nets: the size that they reduce to one pixel.
enum GeneratorName {
    /// The name of a U-Net, such as `unet_256` for 8 levels.
    static func name(levels: Int) -> String { "unet_\(1 << levels)" }

    /// The levels of the U-Net to use.
    ///
    /// - Parameters:
    ///   - name: Its name; `nil` takes `unet_256`, as the reference does, or the largest smaller
    ///     one that the images' size allows.
    ///   - size: The images' size.
    /// - Returns: 5 to 10.
    /// - Throws: ``TrainingError`` if there is no such network, or it cannot take the images.
    static func levels(_ name: String?, for size: ImageSize) throws(TrainingError) -> Int {
        let possible = min(size.width.trailingZeroBitCount, size.height.trailingZeroBitCount)
        guard let name else {
            guard possible >= UNetGenerator.supportedLevels.lowerBound else {
                throw misfit(size, multiple: 1 << UNetGenerator.supportedLevels.lowerBound)
            }
            return min(possible, 8)
        }
        guard
            let levels = UNetGenerator.supportedLevels.first(where: {
                self.name(levels: $0) == name
            })
        else {
            let names = UNetGenerator.supportedLevels.map(self.name).joined(separator: ", ")
            throw TrainingError(
                .impossibleSettings,
                "generator: expected one of \(names), found \(name)"
            )
        }
        guard levels <= possible else { throw misfit(size, multiple: 1 << levels, name: name) }
        return levels
    }

    private static func misfit(
        _ size: ImageSize,
        multiple: Int,
        name: String = "a U-Net"
    ) -> TrainingError {
        TrainingError(
            .impossibleSettings,
            "\(name) needs a width and height that are multiples of \(multiple), found \(size); give "
                + "another --size or --generator, or crop to such a size in the recipe"
        )
    }
}
