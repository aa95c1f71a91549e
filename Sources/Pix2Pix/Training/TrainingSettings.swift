public import DatasetKit

/// Everything that decides what a training does, resolved: defaults, then recipe, then flags.
///
/// Written to `config.json` and into every checkpoint, as one object: the options by their names in a
/// recipe, and `width`, `height`, `threads`, `readers` and `device`.
public struct TrainingSettings: Equatable, Sendable {
    /// What a recipe can say; the generator and the ranges of floats are named.
    public var options: TrainOptions
    /// The generator.
    public let generator: TrainOptions.Generator
    /// The size of the images trained on.
    public let imageSize: ImageSize
    /// Threads of libtorch's operations.
    public let threads: Int
    /// Threads that prepare batches.
    public let readers: Int
    /// Where the networks are: `cpu` or `cuda:N`.
    public let device: String

    /// Resolves the settings for images of one size, and checks that they go together.
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
        generator = try options.generator(for: imageSize)
        self.options = options
        self.options.generator = generator
        self.imageSize = imageSize
        self.threads = threads
        self.readers = readers
        self.device = device
        try self.options.checkTogether()
        try self.options.check(generator, for: imageSize)
    }

    /// Pairs of one step.
    public var pairsPerStep: Int { options.batchSize * options.accumulate }

    /// What TensorBoard lists of it: every option that is one value.
    var hyperparameters: [Hyperparameter] {
        guard let data = try? JSONText.canonical(self),
            case .object(let members)? = try? JSONValue.parse(data, path: "settings", code: .io)
        else { return [] }
        return members.sorted { $0.key < $1.key }.compactMap { name, value in
            switch value {
            case .bool(let flag): Hyperparameter(name, flag)
            case .string(let text): Hyperparameter(name, text)
            default: value.number.map { Hyperparameter(name, $0) }
            }
        }
    }

    /// The learning rate's schedule.
    public var schedule: LearningRateSchedule { LearningRateSchedule(options) }
}

extension TrainingSettings: Codable {
    private struct Machine: Codable {
        var width: Int
        var height: Int
        var threads: Int
        var readers: Int
        var device: String
    }

    /// Reads what ``encode(to:)`` wrote.
    public init(from decoder: any Decoder) throws {
        let machine = try Machine(from: decoder)
        var members = try [String: JSONValue](from: decoder)
        for name in ["width", "height", "threads", "readers", "device"] { members[name] = nil }
        try self.init(
            TrainOptions(
                JSONObjectReader(.object(members), file: "settings", path: "settings")
            ),
            imageSize: ImageSize(width: machine.width, height: machine.height),
            threads: machine.threads,
            readers: machine.readers,
            device: machine.device
        )
    }

    /// Writes one object.
    public func encode(to encoder: any Encoder) throws {
        try options.encode(to: encoder)
        try Machine(
            width: imageSize.width,
            height: imageSize.height,
            threads: threads,
            readers: readers,
            device: device
        ).encode(to: encoder)
    }
}
