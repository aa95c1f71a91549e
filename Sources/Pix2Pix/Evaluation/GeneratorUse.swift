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
