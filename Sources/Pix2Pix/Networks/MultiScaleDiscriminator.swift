/// Several discriminators of one kind, each of which looks at the pair at half the size of the one before.
///
/// From Wang et al. 2018 (pix2pixHD), section 3.2. Images are halved by the mean of each 2x2 pixels,
/// which is bilinear interpolation. In PyTorch: a `ModuleList` named `scales`.
public final class MultiScaleDiscriminator: Discriminator {
    /// The numbers of scales that can be built.
    public static let supportedScales = 1...3

    private let scales: [any Discriminator]

    /// Joins discriminators.
    ///
    /// - Parameter scales: At least one, full size first.
    init(_ scales: [any Discriminator]) {
        self.scales = scales
    }

    /// Channels of the input and the target image together.
    public var channels: Int { scales[0].channels }

    /// The smallest side of an image that leaves one judgement at the smallest scale.
    public var minimumSide: Int { scales[0].minimumSide << (scales.count - 1) }

    /// Judges each place of a batch of pairs.
    ///
    /// - Parameters:
    ///   - pair: `[N, channels, H, W]`: what the generator got, then a target or what it made.
    ///   - mode: Whether to train; otherwise, which statistics to use.
    /// - Returns: A judgement for each scale, full size first.
    /// - Throws: ``TorchError`` if the shapes do not fit or there is not enough memory.
    public func callAsFunction(
        _ pair: Tensor,
        mode: ForwardMode
    ) throws(TorchError) -> [Judgement] {
        var pair = pair
        var judgements: [Judgement] = []
        for (number, discriminator) in scales.enumerated() {
            if number > 0 { pair = try pair.halved() }
            judgements += try discriminator(pair, mode: mode)
        }
        return judgements
    }

    /// The layers, each scale's after the ones of larger images.
    public var layers: [(name: String, layer: any Layer)] {
        scales.enumerated().flatMap { number, discriminator in
            discriminator.layers.map { (name: "scales.\(number).\($0.name)", layer: $0.layer) }
        }
    }
}

@available(*, unavailable)
extension MultiScaleDiscriminator: Sendable {}
