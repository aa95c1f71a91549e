import CImageCodecs

/// What the header of an image file says.
public struct ImageInfo: Equatable, Sendable {
    /// The format of the file, whatever its name.
    public var format: ImageFormat
    /// Width and height after the orientation is applied.
    public var size: ImageSize
    /// Channels as decoded: 1 is grey, 3 is RGB.
    public var channels: Int
    /// Bits per sample in the file: 1, 2, 4 or 8.
    ///
    /// Decoded samples have 8, and the largest value of the file becomes 255.
    public var sourceBits: Int
    /// Whether the file holds indices into a palette, which are decoded to RGB.
    public var isPalette: Bool
    /// The EXIF or TIFF orientation in the file, 1…8; 1 where it has none.
    public var orientation: Int

    /// Creates what a header would say.
    public init(
        format: ImageFormat,
        size: ImageSize,
        channels: Int,
        sourceBits: Int = 8,
        isPalette: Bool = false,
        orientation: Int = 1
    ) {
        self.format = format
        self.size = size
        self.channels = channels
        self.sourceBits = sourceBits
        self.isPalette = isPalette
        self.orientation = orientation
    }
}

/// An image read from a file.
public struct DecodedImage: Equatable, Sendable {
    /// The pixels, upright: the orientation in the file is already applied.
    public var image: Image
    /// What the file's header says.
    public var info: ImageInfo
    /// What the decoder found odd without losing pixels; empty for a clean file.
    public var warnings: [String]
}

/// Reads and writes image files.
///
/// Reading gives the samples of the file as Pillow gives them: no gamma, no colour profile. A file
/// that is damaged or cut short is an error and never a picture with a grey rest; a kind of image
/// that would have to lose something (16 bits, transparency, CMYK, pages) is refused by name.
///
/// All functions can be called from any thread.
public enum ImageCodec {
    /// The largest number of pixels an image may claim by default: 178,956,970.
    ///
    /// The size at which Pillow raises its decompression bomb error.
    public static let defaultPixelLimit = 178_956_970

    // MARK: - Reading the header

    /// Reads the header of an image file without decoding its pixels.
    ///
    /// A file that is cut short or damaged behind its header passes.
    ///
    /// - Parameters:
    ///   - bytes: The whole file.
    ///   - path: Its path, for errors.
    ///   - pixelLimit: The most pixels it may claim.
    /// - Returns: What the header says.
    /// - Throws: ``DatasetError`` with code `corrupt`, `unsupported` or `tooLarge`.
    public static func probe(
        _ bytes: RawSpan,
        path: String,
        pixelLimit: Int = defaultPixelLimit
    ) throws(DatasetError) -> ImageInfo {
        let format = try format(of: bytes, path: path)
        let header = try header(of: bytes, format: format, path: path, pixelLimit: pixelLimit)
        return ImageInfo(header, format: format)
    }

    /// Reads the header of an image file without decoding its pixels.
    ///
    /// - Throws: ``DatasetError`` with code `corrupt`, `unsupported` or `tooLarge`.
    public static func probe(
        _ bytes: [UInt8],
        path: String,
        pixelLimit: Int = defaultPixelLimit
    ) throws(DatasetError) -> ImageInfo {
        try unsafe probe(bytes.span.bytes, path: path, pixelLimit: pixelLimit)
    }

    // MARK: - Reading the pixels

    /// Decodes an image file and turns the image upright.
    ///
    /// - Parameters:
    ///   - bytes: The whole file.
    ///   - path: Its path, for errors.
    ///   - pixelLimit: The most pixels it may claim. Nothing is allocated for an image beyond it.
    /// - Returns: The image as 8-bit grey or RGB.
    /// - Throws: ``DatasetError`` with code `corrupt`, `unsupported`, `tooLarge`, or `io` if memory
    ///   runs out.
    public static func decode(
        _ bytes: RawSpan,
        path: String,
        pixelLimit: Int = defaultPixelLimit
    ) throws(DatasetError) -> DecodedImage {
        let format = try format(of: bytes, path: path)
        let header = try header(of: bytes, format: format, path: path, pixelLimit: pixelLimit)
        let (pixels, warnings) = try pixels(of: bytes, header: header, format: format, path: path)
        let stored = Image(
            size: ImageSize(width: Int(header.width), height: Int(header.height)),
            channels: Int(header.channels),
            bytes: pixels
        )
        let info = ImageInfo(header, format: format)
        return DecodedImage(
            image: stored.upright(orientation: info.orientation),
            info: info,
            warnings: warnings
        )
    }

    /// Decodes an image file and turns the image upright.
    ///
    /// - Throws: ``DatasetError`` with code `corrupt`, `unsupported`, `tooLarge`, or `io` if memory
    ///   runs out.
    public static func decode(
        _ bytes: [UInt8],
        path: String,
        pixelLimit: Int = defaultPixelLimit
    ) throws(DatasetError) -> DecodedImage {
        try unsafe decode(bytes.span.bytes, path: path, pixelLimit: pixelLimit)
    }

    /// Reads a file, decodes it and turns the image upright.
    ///
    /// - Throws: ``DatasetError`` with code `notFound`, `io`, `corrupt`, `unsupported` or
    ///   `tooLarge`.
    public static func decode(
        path: String,
        pixelLimit: Int = defaultPixelLimit
    ) throws(DatasetError) -> DecodedImage {
        try decode(FileSystem.contents(of: path), path: path, pixelLimit: pixelLimit)
    }

    // MARK: - Calls into C

    private static func format(
        of bytes: RawSpan,
        path: String
    ) throws(DatasetError) -> ImageFormat {
        guard !bytes.isEmpty else { throw DatasetError(.corrupt, "the file is empty", path: path) }
        guard let format = ImageFormat(of: bytes) else {
            throw DatasetError(
                .unsupported,
                "not a JPEG, PNG or TIFF image "
                    + "(it starts with \(ImageFormat.describedStart(of: bytes)))",
                path: path
            )
        }
        return format
    }

    private static func header(
        of bytes: RawSpan,
        format: ImageFormat,
        path: String,
        pixelLimit: Int
    ) throws(DatasetError) -> cimg_info {
        let probe =
            switch format {
            case .jpeg: unsafe cimg_probe_jpeg
            case .png: unsafe cimg_probe_png
            case .tiff: unsafe cimg_probe_tiff
            }
        var header = cimg_info()
        var report = cimg_report()
        let limit = UInt64(max(0, pixelLimit))
        let status = unsafe bytes.withUnsafeBytes { bytes in
            unsafe probe(bytes.baseAddress, bytes.count, limit, &header, &report)
        }
        try report.check(status, path: path)
        return header
    }

    private static func pixels(
        of bytes: RawSpan,
        header: cimg_info,
        format: ImageFormat,
        path: String
    ) throws(DatasetError) -> (pixels: [UInt8], warnings: [String]) {
        let decode =
            switch format {
            case .jpeg: unsafe cimg_decode_jpeg
            case .png: unsafe cimg_decode_png
            case .tiff: unsafe cimg_decode_tiff
            }
        // The pixel limit keeps width * height in range; an enormous limit may not.
        let (count, overflow) = (Int(header.width) * Int(header.height))
            .multipliedReportingOverflow(by: Int(header.channels))
        guard !overflow else {
            throw DatasetError(.tooLarge, "the image does not fit into memory", path: path)
        }
        var report = cimg_report()
        var status: Int32 = 0
        let pixels = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            status = unsafe bytes.withUnsafeBytes { bytes in
                unsafe decode(bytes.baseAddress, bytes.count, buffer.baseAddress, count, &report)
            }
            filled = status == 0 ? count : 0
        }
        try report.check(status, path: path)
        return (pixels, report.warnings)
    }
}

extension ImageInfo {
    fileprivate init(_ header: cimg_info, format: ImageFormat) {
        let isTurned = header.orientation >= 5
        self.init(
            format: format,
            size: ImageSize(
                width: Int(isTurned ? header.height : header.width),
                height: Int(isTurned ? header.width : header.height)
            ),
            channels: Int(header.channels),
            sourceBits: Int(header.source_bits),
            isPalette: header.is_palette != 0,
            orientation: Int(header.orientation)
        )
    }
}
