public import DatasetKit

/// Mirrors the pair left to right.
public struct FlipHorizontal: GeometricOperation {
    public static let name = "flip-horizontal"
    public static let defaultProbability: Double? = 0.5

    /// Creates a flip.
    public init() {}

    public func outputSize(for size: ImageSize) throws(ImpossibleOperation) -> ImageSize { size }

    public func draw(
        for size: ImageSize,
        using generator: inout Philox
    ) -> any GeometricTransform {
        Mirroring()
    }

    public func evaluation(for size: ImageSize) -> (any GeometricTransform)? { nil }

    public func scaled(by scale: ImageScale) -> FlipHorizontal { self }
}

/// A mirroring left to right.
public struct Mirroring: GeometricTransform, Equatable {
    /// Creates a mirroring.
    public init() {}

    public var summary: String { "flip" }

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
