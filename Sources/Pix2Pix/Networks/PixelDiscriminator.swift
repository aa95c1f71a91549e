public import DatasetKit

/// A discriminator that judges each pixel alone, as the reference's `PixelDiscriminator`.
///
/// The "1x1 PixelGAN" of Isola et al. 2017, sections 4.4 and 6.1.2: three 1x1 convolutions.
public final class PixelDiscriminator: Discriminator {
    /// Channels after the first convolution; the second has twice as many.
    public let filters: Int
    /// Channels of the input and the target image together.
    public let channels: Int
    /// One pixel is enough.
    public let minimumSide = 1

    private let first: Convolution
    private let second: Convolution
    private let norm: Normalization
    private let last: Convolution

    /// Creates a discriminator with convolution weights of 0: `initialize` or `load` must follow.
    ///
    /// - Parameters:
    ///   - filters: Channels after the first convolution, at least 1; 64 in the paper.
    ///   - channels: Channels of the input and the target image together, at least 1.
    ///   - norm: What normalises the features.
    ///   - isSpectral: Whether the weights are normalised by their largest singular value.
    ///   - device: Where the weights lie.
    /// - Throws: ``TorchError`` if a number is impossible or there is not enough memory.
    public init(
        filters: Int = 64,
        channels: Int = 6,
        norm: TrainOptions.Norm = .batch,
        isSpectral: Bool = false,
        device: Device
    ) throws(TorchError) {
        guard min(filters, channels) >= 1 else {
            throw TorchError(
                operation: "PixelGAN",
                message: "expected at least 1 filter and channel, found \(filters) filters "
                    + "and \(channels) channels"
            )
        }
        self.filters = filters
        self.channels = channels
        func convolution(
            _ inputs: Int,
            _ outputs: Int,
            hasBias: Bool
        ) throws(TorchError) -> Convolution {
            try Convolution(
                inputChannels: inputs,
                outputChannels: outputs,
                kernelSize: 1,
                stride: 1,
                padding: 0,
                hasBias: hasBias,
                isSpectral: isSpectral,
                device: device
            )
        }
        first = try convolution(channels, filters, hasBias: true)
        second = try convolution(filters, 2 * filters, hasBias: norm.givesBias)
        self.norm = try Normalization(norm, channels: 2 * filters, device: device)
        // Also without a bias where batches are normalised, although nothing comes after it.
        last = try convolution(2 * filters, 1, hasBias: norm.givesBias)
    }

    /// Judges each pixel of a batch of pairs.
    ///
    /// - Parameters:
    ///   - pair: `[N, channels, H, W]`: what the generator got, then a target or what it made.
    ///   - mode: Whether to train; otherwise, which statistics to use.
    /// - Returns: One judgement, with logits `[N, 1, H, W]`.
    /// - Throws: ``TorchError`` if the shapes do not fit or there is not enough memory.
    public func callAsFunction(
        _ pair: Tensor,
        mode: ForwardMode
    ) throws(TorchError) -> [Judgement] {
        try check(pair, for: "PixelGAN")
        let outer = try first(pair, mode: mode)  // [N, filters, H, W]
        try outer.formLeakyReLU(slope: PatchDiscriminator.slope)
        let inner = try norm(second(outer, mode: mode), mode: mode)  // [N, 2 filters, H, W]
        try inner.formLeakyReLU(slope: PatchDiscriminator.slope)
        return [Judgement(logits: try last(inner, mode: mode), features: [outer, inner])]
    }

    /// The layers by the reference's names.
    public var layers: [(name: String, layer: any Layer)] {
        [("net.0", first), ("net.2", second)] + norm.layers(named: "net.3") + [("net.5", last)]
    }
}

@available(*, unavailable)
extension PixelDiscriminator: Sendable {}
