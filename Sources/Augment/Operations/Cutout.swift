public import DatasetKit

/// Fills squares: cutout (DeVries and Taylor, 2017).
///
/// The middle of each is anywhere in the image, so that some are cut off by an edge.
public struct Cutout: Operation {
    /// Its name in a recipe.
    public static let name = "cutout"
    /// Every second pair.
    public static let defaultProbability: Double? = 0.5

    private let size: ClosedRange<Double>
    private let holes: Int
    private let value: HiddenValue
    private var sides: ChosenSides

    /// Reads `size` (a share of the shorter side), `holes`, `value` and `sides`.
    public init(_ reader: inout OperationReader) throws(DatasetError) {
        size = try reader.range("size", in: 0.001...1) ?? 0.25...0.25
        holes = try reader.integer("holes", in: 1...100) ?? 1
        value = try HiddenValue(&reader)
        sides = try ChosenSides(&reader)
    }

    /// The size stays.
    public mutating func prepare(for form: PairForm) throws(ImpossibleOperation) -> ImageSize {
        try value.prepare(for: form, &sides)
        return form.size
    }

    /// A size and a middle for each square.
    public func draw(
        for size: ImageSize,
        from draws: inout Draws,
        into drawn: inout [DrawnOperation]
    ) {
        for _ in 0..<holes {
            let share = draws.number("size", in: self.size)
            let side = max(1, Int((share * Double(min(size.width, size.height))).rounded()))
            let left = draws.integer("x", below: size.width) - side / 2
            let top = draws.integer("y", below: size.height) - side / 2
            let (x, y) = (max(0, left), max(0, top))
            let box = FilledBox(
                x: x,
                y: y,
                width: min(size.width, left + side) - x,
                height: min(size.height, top + side) - y,
                value: value.drawn(draws),
                sides: sides.choice
            )
            drawn.append(.cutout(box))
        }
    }
}
