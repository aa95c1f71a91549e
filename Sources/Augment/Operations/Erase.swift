public import DatasetKit

/// Fills a random rectangle, the same on both sides: torchvision's `RandomErasing`.
public struct Erase: Operation {
    /// Its name in a recipe.
    public static let name = "erase"
    /// Every second pair, as in torchvision.
    public static let defaultProbability: Double? = 0.5

    private let scale: ClosedRange<Double>
    private let ratio: ClosedRange<Double>
    private let value: HiddenValue
    private var sides: ChosenSides

    /// Reads `scale` (shares of the area), `ratio` (height over width), `value` and `sides`.
    public init(_ reader: inout OperationReader) throws(DatasetError) {
        scale = try reader.range("scale", in: 0...1) ?? 0.02...0.33
        ratio = try reader.range("ratio", in: 0.001...1000) ?? 0.3...3.3
        value = try HiddenValue(&reader)
        sides = try ChosenSides(&reader)
    }

    /// The size stays.
    public mutating func prepare(for form: PairForm) throws(ImpossibleOperation) -> ImageSize {
        try value.prepare(for: form, &sides)
        return form.size
    }

    /// As torchvision draws: ten attempts to find a rectangle that fits, then none.
    public func draw(
        for size: ImageSize,
        from draws: inout Draws,
        into drawn: inout [DrawnOperation]
    ) {
        for _ in 0..<10 {
            let area = draws.number("scale", in: scale) * Double(size.width * size.height)
            let ratio = draws.logarithmic("ratio", in: ratio)
            let height = Int((area * ratio).squareRoot().rounded(.toNearestOrEven))
            let width = Int((area / ratio).squareRoot().rounded(.toNearestOrEven))
            guard height < size.height, width < size.width else { continue }
            if width == 0 || height == 0 { return }
            let box = FilledBox(
                x: draws.integer("x", below: size.width - width + 1),
                y: draws.integer("y", below: size.height - height + 1),
                width: width,
                height: height,
                value: value.drawn(draws),
                sides: sides.choice
            )
            drawn.append(.erase(box))
            return
        }
    }
}
