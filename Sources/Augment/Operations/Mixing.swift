public import DatasetKit

/// Blends the pair with another one: mixup (Zhang et al., 2018).
///
/// Partner and weight are the same for both sides. The partner is drawn from the whole split, so that it
/// works at batch size 1, and comes as it would be at this place of its own list.
public struct Mixup: Operation {
    /// Its name in a recipe.
    public static let name = "mixup"
    /// Always, as in torchvision.
    public static let defaultProbability: Double? = 1

    private let alpha: Double

    /// Reads `alpha`.
    public init(_ reader: inout OperationReader) throws(DatasetError) {
        alpha = try reader.number("alpha", in: 0.001...1000) ?? 1
    }

    /// The size stays; label numbers have no means.
    public mutating func prepare(for form: PairForm) throws(ImpossibleOperation) -> ImageSize {
        for side in PairSide.allCases where form.sides?[side].colors == .indices {
            throw ImpossibleOperation(
                key: "op",
                message:
                    "the \(side.rawValue) has label numbers, which cannot be blended; use \"cutmix\""
            )
        }
        return form.size
    }

    /// A partner and a weight.
    public func draw(
        for size: ImageSize,
        from draws: inout Draws,
        into drawn: inout [DrawnOperation]
    ) {
        let partner = draws.partner()
        drawn.append(
            .mixup(MixedPair(partner: partner, weight: draws.beta("weight", alpha: alpha)))
        )
    }
}

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

/// A blend with another pair.
public struct MixedPair: DrawnParameters {
    /// The other pair's number in its split.
    public var partner: Int
    /// The share of this pair; the partner has the rest.
    public var weight: Double
    /// How many of the operations that follow are done to the partner, before it is blended in.
    public var partnerOperations = 0

    /// With which pair, and how much is left of this one.
    public var summary: String { "mix \(rounded(weight)) with #\(partner)" }
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
