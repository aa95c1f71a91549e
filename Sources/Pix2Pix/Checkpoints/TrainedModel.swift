import DatasetKit

/// A generator ready for use: from a checkpoint, a run's folder, or a model file.
public struct TrainedModel {
    /// Which of a checkpoint's two generators.
    public enum Weights: String, CaseIterable, Codable, Sendable {
        /// As the last step left it.
        case trained
        /// The moving average of its weights.
        case averaged
    }

    /// The file that was read.
    public let path: String
    /// What it is.
    public let model: ModelDescription
    /// Which weights it has; a model file has only one kind, `trained`.
    public let weights: Weights
    /// It, in no training.
    public let generator: any Generator
    /// Where it lies.
    public let device: Device
    /// The dataset that it was trained on; `nil` where a model file does not say.
    let trainedOn: Checkpoint.DatasetIdentity?
    /// The recipe of its training, whose augmentation says what of each pair it saw; of a model file that of
    /// its dataset, if it is known.
    let recipe: JSONValue?

    /// Reads a generator.
    ///
    /// - Parameters:
    ///   - path: A checkpoint, a model file, or a run's folder, whose newest checkpoint is taken.
    ///   - device: Where to put it.
    ///   - weights: Which; `nil` for what samples and validation of its training were made by: the
    ///     average where there is one.
    /// - Throws: ``DatasetError`` if there is none, it is damaged, or of another kind; ``TorchError``.
    public init(path: String, device: Device, weights: Weights? = nil) throws {
        self.path = RunFolder.checkpoint(at: path)
        self.device = device
        guard try WeightsFileStart(of: self.path).torchFormat == nil else {
            throw DatasetError(
                .unsupported,
                "expected a checkpoint or a model file of p2p, found a file of PyTorch; make a model file "
                    + "of it: p2p-train import \(self.path)",
                path: self.path
            )
        }
        let file = try SafetensorsFile(path: self.path)
        let prefix: String
        switch file.metadata["format"] {
        case Checkpoint.formatName?:
            let checkpoint = try Checkpoint(path: self.path)
            model = checkpoint.model(at: self.path)
            (trainedOn, recipe) = (checkpoint.dataset, checkpoint.recipe)
            let isAveraged = model.options.ema != nil
            self.weights = weights ?? (isAveraged ? .averaged : .trained)
            guard self.weights == .trained || isAveraged else {
                throw DatasetError(
                    .notFound,
                    "it has no averaged weights: it was trained without --ema",
                    path: self.path
                )
            }
            prefix = self.weights == .averaged ? "generator_ema." : "generator."
        case ModelFile.formatName? where file.metadata["version"] == ModelFile.version:
            model = try file.decodedMetadata("model", path: self.path)
            guard weights != .averaged else {
                throw DatasetError(.notFound, "a model file has no averaged weights", path: path)
            }
            self.weights = .trained
            (trainedOn, recipe) = (nil, model.recipe)
            prefix = ""
        default:
            throw DatasetError(
                .unsupported,
                "expected a checkpoint or a model file of p2p, found another safetensors file; make a "
                    + "model file of it: p2p-train import \(self.path)",
                path: self.path
            )
        }
        generator = try model.makeGenerator(on: device)
        try generator.setRequiresGradients(false)
        let tensors = try TensorFile.tensors(of: file, path: self.path) { $0.hasPrefix(prefix) }
        try generator.load(
            Dictionary(
                uniqueKeysWithValues: tensors.map { (String($0.dropFirst(prefix.count)), $1) }
            )
        )
    }
}

@available(*, unavailable)
extension TrainedModel: Sendable {}
