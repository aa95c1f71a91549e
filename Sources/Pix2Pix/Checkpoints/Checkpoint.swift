public import DatasetKit

/// A training's whole state in one safetensors file.
///
/// Tensors: `generator.` and `discriminator.` with the reference implementation's `state_dict` names,
/// `generator_ema.` with the moving average of the generator's, where there is one,
/// `generator_optimizer.` and `discriminator_optimizer.` with the optimisers' moments by the same names.
/// Metadata, each a JSON text: `settings` (architecture included), `position`, `progress` (the sums of
/// the epoch so far, the best validation), `dataset`, `recipe` (with the augmentation), `software`, and `crc32` (zlib's CRC-32 of each
/// tensor's bytes, by its name).
///
/// There is no state of a random generator to keep: every draw is a function of the seed, which is
/// in the settings, and of the position. See ``RandomStreams``.
public struct Checkpoint {
    /// Where in its training a model is.
    public struct Position: Codable, Equatable, Sendable {
        /// Steps made, over all epochs.
        public var steps: Int
        /// The steps of an epoch.
        public var stepsPerEpoch: Int

        /// Creates a position.
        public init(steps: Int, stepsPerEpoch: Int) {
            self.steps = steps
            self.stepsPerEpoch = stepsPerEpoch
        }

        /// Epochs that are complete.
        public var epochs: Int { steps / stepsPerEpoch }
    }

    /// The dataset that the model was trained on.
    public struct DatasetIdentity: Codable, Equatable, Sendable {
        /// Its name.
        public var name: String
        /// Its fingerprint.
        public var fingerprint: String
        /// Its inputs.
        public var input: DatasetIndex.Side
        /// Its targets.
        public var target: DatasetIndex.Side
        /// The recipe that it was built by, every default written out: how images become pairs.
        var recipe: JSONValue
    }

    /// The value of `format` in the metadata.
    public static let formatName = "p2p-checkpoint"
    /// The value of `version` in the metadata.
    public static let version = "4"

    /// What the training does.
    public var settings: TrainingSettings
    /// Where it is.
    public var position: Position
    /// How far it is.
    public var progress: TrainingProgress
    /// What it is trained on.
    public var dataset: DatasetIdentity
    /// The recipe whose augmentation is used, every default written out.
    let recipe: JSONValue

    /// Writes a checkpoint: at any moment either the old or the whole new one is there.
    ///
    /// - Throws: ``DatasetError`` with code `io`, ``TorchError``, or ``TrainingError`` with code
    ///   `diverged` for weights that are not finite.
    public func write(_ model: Pix2PixModel, to path: String) throws {
        let tensors = model.state.flatMap { group in
            group.tensors.map { NamedTensor("\(group.group).\($0.name)", $0.tensor, $0.kind) }
        }
        do {
            try TensorFile.write(tensors, metadata: try metadata(), to: path)
        } catch let error as TensorFile.NotFinite {
            throw TrainingError(
                .diverged,
                "after step \(position.steps), \(error.tensor) holds a value that is infinite or not a "
                    + "number; \(path) is kept as it was; try a lower --lr, or --clip-gradients 1"
            )
        }
    }

    /// Reads what a checkpoint says of itself, without its tensors.
    ///
    /// - Throws: ``DatasetError`` if the file is no checkpoint or damaged.
    public init(path: String) throws {
        let file = try SafetensorsFile(path: path)
        guard file.metadata["format"] == Self.formatName, file.metadata["version"] == Self.version
        else {
            throw DatasetError(
                .unsupported,
                "expected a \(Self.formatName) of version \(Self.version), found "
                    + (file.metadata["format"] ?? "another safetensors file"),
                path: path
            )
        }
        settings = try file.decodedMetadata("settings", path: path)
        position = try file.decodedMetadata("position", path: path)
        progress = try file.decodedMetadata("progress", path: path)
        dataset = try file.decodedMetadata("dataset", path: path)
        recipe = try file.decodedMetadata("recipe", path: path)
    }

    /// Describes a training for a checkpoint.
    init(
        settings: TrainingSettings,
        position: Position,
        progress: TrainingProgress,
        dataset: DatasetIdentity,
        recipe: JSONValue
    ) {
        self.recipe = recipe
        self.settings = settings
        self.position = position
        self.progress = progress
        self.dataset = dataset
    }

    /// What its generator is, and what it is for.
    ///
    /// - Parameter path: Where it lies.
    /// - Returns: What a ``TrainedModel`` needs.
    func model(at path: String) -> ModelDescription {
        var options = settings.options
        options.generator = settings.generator
        return ModelDescription(
            options: options,
            imageSize: settings.imageSize,
            input: dataset.input,
            target: dataset.target,
            recipe: dataset.recipe,
            origin: "\(path), after step \(position.steps) of a training on \(dataset.name)"
        )
    }

    /// Reads a checkpoint's tensors into a model of its architecture.
    ///
    /// - Throws: ``DatasetError`` if the file is damaged, naming the first tensor whose bytes do not match
    ///   their CRC-32; ``TorchError`` naming the tensors that do not fit. The model may then hold a part
    ///   of the checkpoint.
    public static func load(_ path: String, into model: Pix2PixModel) throws {
        let file = try SafetensorsFile(path: path)
        var groups: [String: [String: Tensor]] = [:]
        for (name, tensor) in try TensorFile.tensors(of: file, path: path) {
            guard let dot = name.firstIndex(of: ".") else {
                throw DatasetError(
                    .corrupt,
                    "it holds a tensor \(name), which is not of a checkpoint",
                    path: path
                )
            }
            groups[String(name[..<dot]), default: [:]][String(name[name.index(after: dot)...])] =
                tensor
        }
        try model.load(groups)
    }

    private func metadata() throws -> [String: String] {
        [
            "format": Self.formatName, "version": Self.version,
            "settings": try TensorFile.text(settings), "position": try TensorFile.text(position),
            "progress": try TensorFile.text(progress), "dataset": try TensorFile.text(dataset),
            "recipe": try TensorFile.text(recipe), "software": try TensorFile.software(),
        ]
    }
}
