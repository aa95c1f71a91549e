import DatasetKit
import Glibc

/// What adaptive augmentation does to one pair: each operation with the same probability.
///
/// The operations of Karras et al. 2020 ("Training Generative Adversarial Networks with Limited Data",
/// appendix B) that move whole pixels or change colours, in their order; not those that interpolate, and
/// not the hue, which only colours have.
package struct AdaptiveDraw: Codable, Equatable, Sendable {
    /// Whether left and right are exchanged.
    package var isFlipped = false
    /// Quarter turns, to the left; of images that are not square, half turns only.
    package var quarterTurns = 0
    /// Columns by which the image moves to the right, mirrored at the edge.
    package var x = 0
    /// Rows by which it moves down.
    package var y = 0
    /// Added to each value, in units of −1…1: N(0, 0.2).
    package var brightness = 0.0
    /// What each value is multiplied by: 2^N(0, 0.5).
    package var contrast = 1.0
    /// Whether the mean over the channels changes its sign.
    package var isLumaFlipped = false
    /// What the distance of a channel from that mean is multiplied by: 2^N(0, 1).
    package var saturation = 1.0

    /// Does nothing.
    package init() {}

    /// Draws.
    init(probability: Double, size: ImageSize, _ generator: inout Philox) {
        // Every number is drawn, so that one operation's chance does not move the others' draws.
        func happens() -> Bool { generator.nextBool(p: probability) }
        func shift(_ length: Int) -> Int {
            Int((generator.nextDouble(in: -0.125...0.125) * Double(length)).rounded())
        }
        let flip = (happens(), generator.nextBool(p: 0.5))
        isFlipped = flip.0 && flip.1
        let turn = (happens(), generator.nextInt(below: 4))
        if turn.0 { quarterTurns = size.width == size.height ? turn.1 : turn.1 & 2 }
        let move = (happens(), shift(size.width), shift(size.height))
        if move.0 { (x, y) = (move.1, move.2) }
        let light = (happens(), generator.nextNormal())
        if light.0 { brightness = 0.2 * light.1 }
        let stretch = (happens(), generator.nextNormal())
        if stretch.0 { contrast = exp2(0.5 * stretch.1) }
        let luma = (happens(), generator.nextBool(p: 0.5))
        isLumaFlipped = luma.0 && luma.1
        let color = (happens(), generator.nextNormal())
        if color.0 { saturation = exp2(color.1) }
    }
}

/// The operations of adaptive augmentation, with gradients.
package enum AdaptivePipe {
    /// Augments a batch.
    ///
    /// - Parameters:
    ///   - images: `[N, C, H, W]`, values in −1…1; what comes out may lie beyond.
    ///   - draws: One for each image.
    /// - Returns: The same shape.
    /// - Throws: ``TorchError`` if there is not enough memory.
    package static func applied(
        to images: Tensor,
        _ draws: [AdaptiveDraw]
    ) throws(TorchError) -> Tensor {
        var moved: [Tensor] = []
        for (number, draw) in draws.enumerated() {
            moved.append(
                try Self.moved(images.narrowed(dimension: 0, start: number, length: 1), draw)
            )
        }
        func factors(_ value: (AdaptiveDraw) -> Double) throws(TorchError) -> Tensor {
            try .perImage(draws.map(value), device: images.device)
        }
        let toned = try Tensor.concatenated(moved, dimension: 0).adding(factors(\.brightness))
            .multiplied(by: factors(\.contrast))
        let luma = try toned.mean(over: [1])
        let flipped = try toned.subtracting(
            luma.multiplied(by: factors { $0.isLumaFlipped ? 2 : 0 })
        )
        return try flipped.spread(by: factors(\.saturation), around: [1])
    }

    private static func moved(_ image: Tensor, _ draw: AdaptiveDraw) throws(TorchError) -> Tensor {
        var image = image
        if draw.isFlipped { image = try image.flipped(dimension: 3) }
        switch draw.quarterTurns {
        case 1: image = try image.transposed(2, 3).flipped(dimension: 2)
        case 2: image = try image.flipped(dimension: 2).flipped(dimension: 3)
        case 3: image = try image.flipped(dimension: 2).transposed(2, 3)
        default: break
        }
        let margin = max(abs(draw.x), abs(draw.y))
        guard margin > 0 else { return image }
        let (height, width) = (image.shape[2], image.shape[3])
        return try image.reflectionPadded(by: margin)
            .narrowed(dimension: 2, start: margin - draw.y, length: height)
            .narrowed(dimension: 3, start: margin - draw.x, length: width)
    }
}

extension Philox {
    /// A number from N(0, 1), by the method of Box and Muller.
    fileprivate mutating func nextNormal() -> Double {
        let radius = (-2 * log(1 - nextUnit())).squareRoot()
        return radius * cos(2 * .pi * nextUnit())
    }
}
