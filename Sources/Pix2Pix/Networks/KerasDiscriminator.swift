/// The discriminator of the usual Keras tutorial of pix2pix: 16x16 judgements of a 256x256 pair.
///
/// Four halvings as in ``KerasGenerator``, then a 4x4 convolution of stride 1 to one channel. The
/// tutorial's sigmoid is part of the loss.
public final class KerasDiscriminator: Discriminator {
    /// Channels of the input and the target image together.
    public let channels: Int
    /// The smallest side of an image whose innermost normalisation has more than one value.
    public let minimumSide = 32

    private let halvings: [KerasStep]
    private let last: KerasStep

    /// Creates a discriminator with convolution weights of 0: `initialize` or `load` must follow.
    ///
    /// - Parameters:
    ///   - filters: Channels after the first convolution, at least 1; 64 in the tutorial.
    ///   - channels: Channels of the input and the target image together, at least 1.
    ///   - isSpectral: Whether the weights are normalised by their largest singular value.
    ///   - device: Where the weights lie.
    /// - Throws: ``TorchError`` if there is not enough memory.
    public init(
        filters: Int = 64,
        channels: Int = 6,
        isSpectral: Bool = false,
        device: Device
    ) throws(TorchError) {
        self.channels = channels
        var variant = GeneratorVariant()
        variant.isSpectral = isSpectral
        var halvings: [KerasStep] = []
        var width = channels
        for number in 0..<4 {
            let next = filters << number
            halvings.append(
                try KerasStep(
                    "down.\(number)",
                    inputChannels: width,
                    outputChannels: next,
                    stride: 2,
                    isNormalized: number > 0,
                    variant: variant,
                    device: device
                )
            )
            width = next
        }
        self.halvings = halvings
        last = try KerasStep(
            "last",
            inputChannels: width,
            outputChannels: 1,
            stride: 1,
            isNormalized: false,
            variant: variant,
            device: device
        )
    }

    /// Judges each place of a batch of pairs.
    ///
    /// - Parameters:
    ///   - pair: `[N, channels, H, W]`: what the generator got, then a target or what it made.
    ///   - mode: Whether to train; otherwise, which statistics to use.
    /// - Returns: One judgement.
    /// - Throws: ``TorchError`` if the shapes do not fit or there is not enough memory.
    public func callAsFunction(
        _ pair: Tensor,
        mode: ForwardMode
    ) throws(TorchError) -> [Judgement] {
        try check(pair, for: "Keras discriminator")
        var kept: [Tensor] = []
        var features = pair
        for halving in halvings {
            features = try halving(features, mode: mode) { (features) throws(TorchError) in
                try features.formLeakyReLU(slope: KerasGenerator.slope)
            }
            kept.append(features)
        }
        return [Judgement(logits: try last(features, mode: mode), features: kept)]
    }

    /// The layers, in the order of the pair's way through them.
    public var layers: [(name: String, layer: any Layer)] {
        (halvings + [last]).flatMap(\.layers)
    }
}

@available(*, unavailable)
extension KerasDiscriminator: Sendable {}
