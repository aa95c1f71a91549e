public import DatasetKit

/// Encodes as JPEG and decodes again: torchvision's `JPEG`.
///
/// Colour has half the resolution (4:2:0), as cameras and the web have it. Levels are rounded to 8 bits
/// first.
public struct JPEGCompression: Operation {
    /// Its name in a recipe.
    public static let name = "jpeg"
    /// Every second pair.
    public static let defaultProbability: Double? = 0.5

    private let quality: ClosedRange<Double>
    private var sides: ChosenSides

    /// Reads `quality` and `sides`.
    public init(_ reader: inout OperationReader) throws(DatasetError) {
        quality = try reader.range("quality", in: 1...100) ?? 50...95
        guard quality.lowerBound.rounded() == quality.lowerBound,
            quality.upperBound.rounded() == quality.upperBound
        else {
            throw reader.error("quality", "expected whole numbers from 1 to 100")
        }
        sides = try ChosenSides(&reader)
    }

    /// The size stays; JPEG has 8 bits.
    public mutating func prepare(for form: PairForm) throws(ImpossibleOperation) -> ImageSize {
        try sides.prepare(for: form, ChosenSides.bytes)
        return form.size
    }

    /// A quality, each equally likely.
    public func draw(
        for size: ImageSize,
        from draws: inout Draws,
        into drawn: inout [DrawnOperation]
    ) {
        let lowest = Int(quality.lowerBound)
        let count = Int(quality.upperBound) - lowest + 1
        drawn.append(
            .jpeg(
                JPEGArtefacts(
                    quality: lowest + draws.integer("quality", below: count),
                    sides: sides.choice
                )
            )
        )
    }
}

/// What JPEG leaves of an image.
public struct JPEGArtefacts: DrawnParameters {
    /// libjpeg's quality, 1 to 100.
    public var quality: Int
    /// Which sides.
    public var sides: SideChoice

    /// The quality.
    public var summary: String { "jpeg \(quality)" }
}
