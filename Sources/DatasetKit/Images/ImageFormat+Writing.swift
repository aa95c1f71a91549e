extension ImageFormat {
    /// What the names of its files end with: `jpg`, `png` or `tif`.
    package var ending: String {
        switch self {
        case .jpeg: "jpg"
        case .png: "png"
        case .tiff: "tif"
        }
    }

    /// Encodes an image: JPEG at quality 95 with full colour, PNG and TIFF without loss.
    ///
    /// - Parameters:
    ///   - image: The image.
    ///   - hasAlpha: Whether the last channel is opacity; PNG takes a second and fourth channel for it
    ///     in any case.
    /// - Returns: The bytes of a file.
    /// - Throws: ``DatasetError`` with code `unsupported` for images that it cannot hold, `io`.
    package func encoded(
        _ image: Image,
        hasAlpha: Bool = false
    ) throws(DatasetError) -> [UInt8] {
        switch self {
        case .jpeg: try ImageCodec.encodeJPEG(image)
        case .png: try ImageCodec.encodePNG(image, level: DatasetExport.pngLevel)
        case .tiff: try ImageCodec.encodeTIFF(image, hasAlpha: hasAlpha)
        }
    }

    /// Whether it holds images of a side as they are, and readers take its channels for what they are.
    package func holds(_ side: DatasetIndex.Side) -> Bool {
        let hasAlpha = side.alpha ?? false
        let colors = hasAlpha ? side.channels - 1 : side.channels
        switch self {
        case .jpeg: return side.dtype == .u8 && !hasAlpha && [1, 3].contains(side.channels)
        case .png: return side.dtype != .f32 && [1, 3].contains(colors)
        case .tiff: return true
        }
    }

    /// The first of PNG and TIFF that ``holds(_:)`` such images.
    package static func lossless(for side: DatasetIndex.Side) -> ImageFormat {
        ImageFormat.png.holds(side) ? .png : .tiff
    }
}
