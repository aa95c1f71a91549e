import CImageCodecs

/// Reads and writes image files.
///
/// Reading gives the samples of the file as Pillow gives them: no gamma, no colour profile. Nothing
/// is lost on the way:
///
/// * Integers of 1 to 8 bits become ``SampleType/u8`` and those of 9 to 16 bits ``SampleType/u16``,
///   scaled so that the largest value of so many bits becomes 255 or 65535.
/// * Unsigned integers of more bits, signed integers and floats become ``SampleType/f32`` with the
///   values in the file. Integers beyond ±2²⁴ and finite 64-bit floats beyond the range are refused;
///   other 64-bit floats are rounded.
/// * Palette images become RGB, with alpha if the palette has transparency.
/// * Grey where white is 0 is inverted, unless it is signed or float; CMYK has no ink at 0, as in
///   Pillow, which takes all CMYK JPEGs as inverted.
///
/// A file that is damaged or cut short is an error and never a picture with a grey rest. What the
/// libraries do not read (12-bit and lossless JPEG, L\*a\*b\* and camera raw TIFF, ...) is refused
/// by name.
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
    ///   - options: How it would be decoded.
    /// - Returns: What the header says.
    /// - Throws: ``DatasetError`` with code `corrupt`, `unsupported` or `tooLarge`.
    public static func probe(
        _ bytes: RawSpan,
        path: String,
        options: DecodingOptions = DecodingOptions()
    ) throws(DatasetError) -> ImageInfo {
        let format = try format(of: bytes, path: path)
        var report = unsafe cimg_report()
        defer { unsafe cimg_report_end(&report) }
        return try unsafe bytes.withUnsafeBytes { bytes throws(DatasetError) in
            let (decoder, header) = try unsafe open(bytes, format, options, &report, path)
            unsafe cimg_close(decoder)
            return ImageInfo(header, format: format)
        }
    }

    /// Reads the header of an image file without decoding its pixels.
    ///
    /// - Throws: ``DatasetError`` with code `corrupt`, `unsupported` or `tooLarge`.
    public static func probe(
        _ bytes: [UInt8],
        path: String,
        options: DecodingOptions = DecodingOptions()
    ) throws(DatasetError) -> ImageInfo {
        try unsafe probe(bytes.span.bytes, path: path, options: options)
    }

    // MARK: - Reading the pixels

    /// Decodes an image file, the first page of several, and turns the image upright.
    ///
    /// - Parameters:
    ///   - bytes: The whole file.
    ///   - path: Its path, for errors.
    ///   - options: What to limit and what to keep.
    /// - Returns: The image with what its header says.
    /// - Throws: ``DatasetError`` with code `corrupt`, `unsupported`, `tooLarge`, or `io` if memory
    ///   runs out.
    public static func decode(
        _ bytes: RawSpan,
        path: String,
        options: DecodingOptions = DecodingOptions()
    ) throws(DatasetError) -> DecodedImage {
        let format = try format(of: bytes, path: path)
        var report = unsafe cimg_report()
        defer { unsafe cimg_report_end(&report) }
        let (header, pixels) = try unsafe bytes.withUnsafeBytes { bytes throws(DatasetError) in
            let (decoder, header) = try unsafe open(bytes, format, options, &report, path)
            defer { unsafe cimg_close(decoder) }
            return (header, try unsafe read(decoder, header, &report, path))
        }
        let info = ImageInfo(header, format: format)
        let stored = Image(
            size: ImageSize(width: Int(header.width), height: Int(header.height)),
            channels: info.channels,
            sampleType: info.sampleType,
            bytes: pixels
        )
        return DecodedImage(
            image: stored.upright(orientation: info.orientation),
            info: info,
            warnings: unsafe report.texts
        )
    }

    /// Decodes an image file, the first page of several, and turns the image upright.
    ///
    /// - Throws: ``DatasetError`` with code `corrupt`, `unsupported`, `tooLarge`, or `io` if memory
    ///   runs out.
    public static func decode(
        _ bytes: [UInt8],
        path: String,
        options: DecodingOptions = DecodingOptions()
    ) throws(DatasetError) -> DecodedImage {
        try unsafe decode(bytes.span.bytes, path: path, options: options)
    }

    /// Reads a file, decodes it and turns the image upright.
    ///
    /// - Throws: ``DatasetError`` with code `notFound`, `io`, `corrupt`, `unsupported` or
    ///   `tooLarge`.
    public static func decode(
        path: String,
        options: DecodingOptions = DecodingOptions()
    ) throws(DatasetError) -> DecodedImage {
        try decode(FileSystem.contents(of: path), path: path, options: options)
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

    /// A decoder that has read its header, which goes back to `cimg_close`.
    private static func open(
        _ bytes: UnsafeRawBufferPointer,
        _ format: ImageFormat,
        _ options: DecodingOptions,
        _ report: inout cimg_report,
        _ path: String
    ) throws(DatasetError) -> (OpaquePointer?, cimg_info) {
        let library =
            switch format {
            case .jpeg: CIMG_JPEG
            case .png: CIMG_PNG
            case .tiff: CIMG_TIFF
            }
        var choices = cimg_options(
            max_pixels: UInt64(max(0, options.pixelLimit)),
            keeps_indices: options.keepsIndices ? 1 : 0
        )
        var header = cimg_info()
        var decoder: OpaquePointer?
        let status = unsafe cimg_open(
            library,
            bytes.baseAddress,
            bytes.count,
            &choices,
            &header,
            &report,
            &decoder
        )
        try unsafe report.check(status, path: path)
        return unsafe (decoder, header)
    }

    private static func read(
        _ decoder: OpaquePointer?,
        _ header: cimg_info,
        _ report: inout cimg_report,
        _ path: String
    ) throws(DatasetError) -> [UInt8] {
        // In range: cimg_open has looked at it.
        let count =
            Int(header.width) * Int(header.height) * Int(header.channels)
            * SampleType(header.sample_type).byteCount
        var status: Int32 = 0
        let pixels = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            status = unsafe cimg_read(decoder, buffer.baseAddress, count)
            filled = status == 0 ? count : 0
        }
        try unsafe report.check(status, path: path)
        return pixels
    }
}

// MARK: - From C

extension SampleType {
    fileprivate init(_ type: UInt32) {
        switch type {
        case CIMG_U8.rawValue: self = .u8
        case CIMG_U16.rawValue: self = .u16
        default: self = .f32
        }
    }
}

extension ColorModel {
    fileprivate init(_ model: UInt32) {
        switch model {
        case CIMG_GRAY.rawValue: self = .gray
        case CIMG_RGB.rawValue: self = .rgb
        case CIMG_CMYK.rawValue: self = .cmyk
        default: self = .multichannel
        }
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
            colorModel: ColorModel(header.color_model),
            channels: Int(header.channels),
            hasAlpha: header.has_alpha != 0,
            sampleType: SampleType(header.sample_type),
            sourceBits: Int(header.source_bits),
            isPalette: header.is_palette != 0,
            orientation: Int(header.orientation),
            pages: Int(header.pages),
            hasColorProfile: header.has_profile != 0
        )
    }
}
