public import DatasetKit

/// Pastes a rectangle of another pair: CutMix (Yun et al., 2019), with torchvision's rectangle.
public struct CutMix: Operation {
    /// Its name in a recipe.
    public static let name = "cutmix"
    /// Always, as in torchvision.
    public static let defaultProbability: Double? = 1

    private let alpha: Double

    /// Reads `alpha`.
    public init(_ reader: inout OperationReader) throws(DatasetError) {
        alpha = try reader.number("alpha", in: 0.001...1000) ?? 1
    }

    /// The size stays.
    public mutating func prepare(for form: PairForm) throws(ImpossibleOperation) -> ImageSize {
        form.size
    }

    /// A partner, a share, and the middle of a rectangle of that share, which an edge may cut off.
    public func draw(
        for size: ImageSize,
        from draws: inout Draws,
        into drawn: inout [DrawnOperation]
    ) {
        let partner = draws.partner()
        let weight = draws.beta("weight", alpha: alpha)
        let middle = (
            x: draws.integer("x", below: size.width), y: draws.integer("y", below: size.height)
        )
        let half = 0.5 * (1 - weight).squareRoot()
        let (halfWidth, halfHeight) = (
            Int(half * Double(size.width)), Int(half * Double(size.height))
        )
        let (x, y) = (max(0, middle.x - halfWidth), max(0, middle.y - halfHeight))
        drawn.append(
            .cutmix(
                PastedBox(
                    partner: partner,
                    x: x,
                    y: y,
                    width: min(size.width, middle.x + halfWidth) - x,
                    height: min(size.height, middle.y + halfHeight) - y
                )
            )
        )
    }
}

/// A rectangle from another pair.
public struct PastedBox: DrawnParameters {
    /// The other pair's number in its split.
    public var partner: Int
    /// Pixels left of the rectangle.
    public var x: Int
    /// Rows above it.
    public var y: Int
    /// Its width in pixels; 0 for none.
    public var width: Int
    /// Its height in pixels.
    public var height: Int
    /// How many of the operations that follow are done to the partner, before it is pasted.
    public var partnerOperations = 0

    /// From which pair, and where.
    public var summary: String { "paste #\(partner) \(width)x\(height) at \(x),\(y)" }
}
