public import DatasetKit

/// Mirrors the pair left to right.
public struct FlipHorizontal: GeometricOperation {
    /// Its name in a recipe.
    public static let name = "flip-horizontal"
    /// Every second pair, as in the reference implementation.
    public static let defaultProbability: Double? = 0.5

    /// Creates a flip.
    public init() {}

    /// The size stays.
    public func outputSize(for size: ImageSize) throws(ImpossibleOperation) -> ImageSize { size }

    /// There is nothing to draw but whether it happens.
    public func draw(
        for size: ImageSize,
        using generator: inout Philox
    ) -> any GeometricTransform {
        Mirroring()
    }

    /// Nothing happens.
    public func evaluation(for size: ImageSize) -> (any GeometricTransform)? { nil }

    /// The same flip.
    public func scaled(by scale: ImageScale) -> FlipHorizontal { self }
}

/// A mirroring left to right.
public struct Mirroring: GeometricTransform, Equatable {
    /// Creates a mirroring.
    public init() {}

    /// The word for it on a contact sheet.
    public var summary: String { "flip" }

    /// The image mirrored.
    public func applied(to image: Image) -> Image {
        let source = image.bytes.span
        let pixel = image.bytesPerPixel
        let row = image.bytesPerRow
        var result = [UInt8](repeating: 0, count: image.bytes.count)
        var output = result.mutableSpan
        for start in stride(from: 0, to: source.count, by: row) {
            for column in 0..<image.width {
                let from = start + column * pixel
                let to = start + (image.width - 1 - column) * pixel
                for byte in 0..<pixel { output[to + byte] = source[from + byte] }
            }
        }
        return Image(
            size: image.size,
            channels: image.channels,
            sampleType: image.sampleType,
            bytes: result
        )
    }
}
