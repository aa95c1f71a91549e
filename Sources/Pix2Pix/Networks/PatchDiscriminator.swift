public import DatasetKit

/// The discriminator: judges each patch of a pair, as the reference's `NLayerDiscriminator`.
///
/// From Isola et al. 2017, section 6.1.2, in the layout of the reference PyTorch implementation:
/// 3 layers judge patches of 70x70 pixels. 4x4 convolutions with padding 1: one of stride 2 per
/// layer, then two of stride 1.
public final class PatchDiscriminator: Discriminator {
    /// The numbers of layers that can be built.
    public static let supportedLayers = 1...6
    /// The slope of negative values (paper, section 6.1).
    static let slope = 0.2

    /// Convolutions that halve the image.
    public let layerCount: Int
    /// Channels after the first convolution.
    public let filters: Int
    /// Channels of the input and the target image together.
    public let channels: Int

    /// A convolution and, inside the network, its normalisation.
    private struct Block {
        /// The place of the convolution in the reference's `Sequential`.
        var index: Int
        var convolution: Convolution
        var norm: Normalization
    }

    private let stack: [Block]

    /// Creates a discriminator with convolution weights of 0: `initialize` or `load` must follow.
    ///
    /// - Parameters:
    ///   - layerCount: Convolutions that halve the image, 1...6; 3 in the paper.
    ///   - filters: Channels after the first convolution, at least 1; 64 in the paper.
    ///   - channels: Channels of the input and the target image together, at least 1.
    ///   - norm: What normalises the features.
    ///   - isSpectral: Whether the weights are normalised by their largest singular value.
    ///   - device: Where the weights lie.
    /// - Throws: ``TorchError`` if a number is impossible or there is not enough memory.
    public init(
        layerCount: Int = 3,
        filters: Int = 64,
        channels: Int = 6,
        norm: TrainOptions.Norm = .batch,
        isSpectral: Bool = false,
        device: Device
    ) throws(TorchError) {
        guard Self.supportedLayers.contains(layerCount) else {
            throw TorchError(
                operation: "PatchGAN",
                message: "expected 1 to 6 layers, found \(layerCount)"
            )
        }
        guard min(filters, channels) >= 1 else {
            throw TorchError(
                operation: "PatchGAN",
                message: "expected at least 1 filter and channel, found \(filters) filters "
                    + "and \(channels) channels"
            )
        }
        self.layerCount = layerCount
        self.filters = filters
        self.channels = channels

        var stack: [Block] = []
        var width = channels
        for number in 0...layerCount + 1 {
            let isFirst = number == 0
            let isLast = number == layerCount + 1
            let next = isLast ? 1 : filters * min(1 << number, 8)
            stack.append(
                Block(
                    // Convolution and activation, then convolution, norm and activation.
                    index: isFirst ? 0 : 3 * number - 1,
                    convolution: try Convolution(
                        inputChannels: width,
                        outputChannels: next,
                        kernelSize: 4,
                        stride: number < layerCount ? 2 : 1,
                        padding: 1,
                        hasBias: isFirst || isLast || norm.givesBias,
                        isSpectral: isSpectral,
                        device: device
                    ),
                    norm: try Normalization(
                        isFirst || isLast ? .none : norm,
                        channels: next,
                        device: device
                    )
                )
            )
            width = next
        }
        self.stack = stack
    }

    /// The side of the patch that one judgement sees: 16, 34, 70, 142, 286, 574 for 1...6 layers.
    public var receptiveField: Int {
        stack.reversed().reduce(1) { ($0 - 1) * $1.convolution.stride + 4 }
    }

    /// The smallest side of an image that leaves one judgement.
    public var minimumSide: Int { 3 << layerCount }

    /// Judges each patch of a batch of pairs.
    ///
    /// - Parameters:
    ///   - pair: `[N, channels, H, W]`: what the generator got, then a target or what it made.
    ///   - mode: Whether to train; otherwise, which statistics to use.
    /// - Returns: One judgement; 30x30 logits for 256x256 pixels and 3 layers.
    /// - Throws: ``TorchError`` if the shapes do not fit or there is not enough memory.
    public func callAsFunction(
        _ pair: Tensor,
        mode: ForwardMode
    ) throws(TorchError) -> [Judgement] {
        try check(pair, for: "PatchGAN")
        var kept: [Tensor] = []
        var features = pair
        for (index, block) in stack.enumerated() {
            if index > 0 {
                try features.formLeakyReLU(slope: Self.slope)
                kept.append(features)
            }
            features = try block.norm(block.convolution(features, mode: mode), mode: mode)
        }
        return [Judgement(logits: features, features: kept)]
    }

    /// The layers by the reference's names.
    public var layers: [(name: String, layer: any Layer)] {
        stack.flatMap { block in
            [("model.\(block.index)", block.convolution as any Layer)]
                + block.norm.layers(named: "model.\(block.index + 1)")
        }
    }
}

@available(*, unavailable)
extension PatchDiscriminator: Sendable {}
