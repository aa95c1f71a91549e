public import DatasetKit

/// How a generator is used outside of training.
public struct GeneratorUse: Codable, Equatable, Sendable {
    /// What batch normalisation goes by: `batch` is the statistics of each image itself.
    public var norm: TrainOptions.TestNorm
    /// Whether it drops out, so that chance has a part in each image; only of a model with dropout.
    public var dropout: Bool
    /// Of its dropout masks.
    public var seed: Int

    /// Takes the choice of a training.
    public init(_ options: TrainOptions) {
        norm = options.testNorm
        dropout = options.testDropout && options.dropout
        seed = options.seed
    }

    /// Takes a choice for a model, and that of its training where there is none.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - norm: What batch normalisation goes by.
    ///   - dropout: Whether it drops out.
    ///   - seed: Of its dropout masks.
    /// - Throws: ``TrainingError`` with code `impossibleSettings` for what the model does not have.
    public init(
        of model: TrainedModel,
        norm: TrainOptions.TestNorm? = nil,
        dropout: Bool? = nil,
        seed: Int? = nil
    ) throws(TrainingError) {
        let options = model.model.options
        guard norm == nil || options.norm == .batch else {
            throw TrainingError(
                .impossibleSettings,
                "\(model.path): it has norm \(options.norm.rawValue), so there are no statistics of batch "
                    + "normalisation to choose; leave out --norm"
            )
        }
        guard dropout != true || options.dropout else {
            throw TrainingError(
                .impossibleSettings,
                "\(model.path): it has no dropout; leave out --dropout"
            )
        }
        self.init(options)
        self.norm = norm ?? self.norm
        self.dropout = dropout ?? self.dropout
        self.seed = seed ?? self.seed
    }

    /// How its layers work.
    public var mode: ForwardMode {
        .inference(norm == .batch ? .image : .running, dropout: dropout)
    }

    /// What a generator makes of an image, the same each time.
    ///
    /// - Parameters:
    ///   - input: `[1, C, H, W]`, in −1…1, on the generator's device; or more images, which then share
    ///     their draws of dropout.
    ///   - number: The image's number, which its dropout masks depend on.
    ///   - generator: What makes it.
    /// - Returns: `[1, C', H, W]` on the CPU, in −1…1.
    /// - Throws: ``TorchError``.
    public func generated(
        from input: Tensor,
        number: Int,
        by generator: any Generator
    ) throws(TorchError) -> Tensor {
        try Torch.seed(RandomStreams.validation(seed: seed, sample: number))
        return try withoutGradients { () throws(TorchError) in
            try generator(input, mode: mode).moved(to: .cpu)
        }
    }
}
