internal import DatasetKit

/// What stands between a convolution and its activation.
enum Normalization {
    /// Per channel over the whole batch.
    case batch(BatchNorm)
    /// Per channel of each image; without weights and statistics, as the reference has it.
    case instance
    /// Nothing.
    case none

    /// Added to the variance of an instance: PyTorch's default, which the reference uses.
    static let instanceEpsilon = 1e-5

    /// Creates a normalisation.
    ///
    /// - Throws: ``TorchError`` if there is not enough memory.
    init(
        _ norm: TrainOptions.Norm,
        channels: Int,
        device: Device
    ) throws(TorchError) {
        switch norm {
        case .batch: self = .batch(try BatchNorm(channels: channels, device: device))
        case .instance: self = .instance
        case .none: self = .none
        }
    }

    /// Normalises a batch.
    ///
    /// - Parameters:
    ///   - input: `[N, channels, H, W]`.
    ///   - mode: Which statistics batch normalisation uses; an instance always has its own.
    /// - Returns: A tensor of the same shape; `input` itself without a normalisation.
    /// - Throws: ``TorchError`` if the shape does not fit, or statistics are asked of one value.
    func callAsFunction(
        _ input: Tensor,
        mode: ForwardMode
    ) throws(TorchError) -> Tensor {
        switch self {
        case .batch(let norm): return try norm(input, mode: mode)
        case .none: return input
        case .instance:
            let shape = input.shape
            guard shape.count != 4 || shape[2] * shape[3] > 1 else {
                throw TorchError(
                    operation: "instance normalisation",
                    message: "an image's statistics need more than 1 value per channel, found "
                        + "\(shape); use larger images"
                )
            }
            return try input.instanceNormalized(epsilon: Self.instanceEpsilon)
        }
    }

    /// Its layer by a name; none where it has no tensors.
    func layers(named name: String) -> [(name: String, layer: any Layer)] {
        if case .batch(let norm) = self { [(name, norm)] } else { [] }
    }
}

extension TrainOptions.Norm {
    /// Whether the convolutions before a normalisation have a bias.
    ///
    /// The reference's `use_bias`: only with instance normalisation, although that takes every
    /// constant off again. Kept so that weights fit.
    var givesBias: Bool { self == .instance }
}
