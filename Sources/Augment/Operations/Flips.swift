public import DatasetKit

/// Mirrors the pair left to right.
public struct FlipHorizontal: Operation {
    /// Its name in a recipe.
    public static let name = "flip-horizontal"
    /// Every second pair, as in the reference implementation.
    public static let defaultProbability: Double? = 0.5

    /// There is nothing to read but `p`.
    public init(_ reader: inout OperationReader) throws(DatasetError) {}

    /// The size stays.
    public mutating func prepare(for form: PairForm) throws(ImpossibleOperation) -> ImageSize {
        form.size
    }

    /// There is nothing to draw but whether it happens.
    public func draw(
        for size: ImageSize,
        from draws: inout Draws,
        into drawn: inout [DrawnOperation]
    ) {
        drawn.append(.flipHorizontal)
    }
}

/// Mirrors the pair top to bottom.
public struct FlipVertical: Operation {
    /// Its name in a recipe.
    public static let name = "flip-vertical"
    /// Every second pair.
    public static let defaultProbability: Double? = 0.5

    /// There is nothing to read but `p`.
    public init(_ reader: inout OperationReader) throws(DatasetError) {}

    /// The size stays.
    public mutating func prepare(for form: PairForm) throws(ImpossibleOperation) -> ImageSize {
        form.size
    }

    /// There is nothing to draw but whether it happens.
    public func draw(
        for size: ImageSize,
        from draws: inout Draws,
        into drawn: inout [DrawnOperation]
    ) {
        drawn.append(.flipVertical)
    }
}
