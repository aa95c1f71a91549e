public import DatasetKit

/// What must be known of a generator to use it, besides its weights.
public struct ModelDescription: Codable, Equatable, Sendable {
    /// Its architecture, and how it is used.
    ///
    /// The other options of its training do not matter here. The generator and, for floats, the ranges
    /// are named.
    public var options: TrainOptions
    /// The size of the images that it was trained on.
    public var imageSize: ImageSize
    /// Channels, type and meaning of the images that it takes.
    public var input: DatasetIndex.Side
    /// Channels, type and meaning of the images that it makes.
    public var target: DatasetIndex.Side
    /// The recipe that the dataset was built by, every default written out: how images become inputs;
    /// `nil` where it is not known.
    package var recipe: JSONValue?
    /// Where the weights are from, for people.
    public var origin: String

    /// Describes a generator.
    package init(
        options: TrainOptions,
        imageSize: ImageSize,
        input: DatasetIndex.Side,
        target: DatasetIndex.Side,
        recipe: JSONValue?,
        origin: String
    ) {
        self.options = options
        self.imageSize = imageSize
        self.input = input
        self.target = target
        self.recipe = recipe
        self.origin = origin
    }

    /// Makes its generator, with weights of 0: `load` must follow.
    ///
    /// - Throws: ``TorchError`` if there is not enough memory; ``TrainingError`` for images that no
    ///   generator takes.
    func makeGenerator(on device: Device) throws -> any Generator {
        try options.makeGenerator(
            options.generator(for: imageSize),
            inputChannels: input.channels,
            targetChannels: target.channels,
            device: device
        )
    }
}
