public import DatasetKit

/// Raises every level, from 0 to 1, to a power: torchvision's `adjust_gamma`.
public struct Gamma: Operation {
    /// Its name in a recipe.
    public static let name = "gamma"
    /// Always.
    public static let defaultProbability: Double? = 1

    private let gamma: ClosedRange<Double>
    private var sides: ChosenSides

    /// Reads `gamma` and `sides`.
    public init(_ reader: inout OperationReader) throws(DatasetError) {
        gamma = try reader.range("gamma", in: 0.01...100) ?? 0.8...1.25
        sides = try ChosenSides(&reader)
    }

    /// The size stays.
    public mutating func prepare(for form: PairForm) throws(ImpossibleOperation) -> ImageSize {
        try sides.prepare(for: form, ChosenSides.colors)
        return form.size
    }

    /// An exponent.
    public func draw(
        for size: ImageSize,
        from draws: inout Draws,
        into drawn: inout [DrawnOperation]
    ) {
        drawn.append(
            .gamma(GammaChange(gamma: draws.number("gamma", in: gamma), sides: sides.choice))
        )
    }
}

/// A power of every level.
public struct GammaChange: DrawnParameters {
    /// The exponent: below 1 dark parts become lighter.
    public var gamma: Double
    /// Which sides.
    public var sides: SideChoice

    /// The exponent.
    public var summary: String { "gamma \(rounded(gamma))" }
}
