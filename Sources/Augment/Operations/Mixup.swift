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
