public import DatasetKit

/// Takes the colour out: torchvision's `RandomGrayscale`.
///
/// Images of one channel stay as they are.
public struct Grayscale: Operation {
    /// Its name in a recipe.
    public static let name = "grayscale"
    /// Every tenth pair, as in torchvision.
    public static let defaultProbability: Double? = 0.1

    private var sides: ChosenSides

    /// Reads `sides`.
    public init(_ reader: inout OperationReader) throws(DatasetError) {
        sides = try ChosenSides(&reader)
    }

    /// The size and the number of channels stay.
    public mutating func prepare(for form: PairForm) throws(ImpossibleOperation) -> ImageSize {
        try sides.prepare(for: form, ChosenSides.colors)
        return form.size
    }

    /// There is nothing to draw but whether it happens.
    public func draw(
        for size: ImageSize,
        from draws: inout Draws,
        into drawn: inout [DrawnOperation]
    ) {
        drawn.append(.grayscale(GrayscaleChange(sides: sides.choice)))
    }
}

/// Every colour becomes its grey.
public struct GrayscaleChange: DrawnParameters {
    /// Which sides.
    public var sides: SideChoice

    /// The word for it.
    public var summary: String { "gray" }
}
