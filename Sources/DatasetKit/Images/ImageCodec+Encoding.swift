import CImageCodecs

extension ImageCodec {
    // MARK: - Writing

    /// Encodes an image as PNG, without loss.
    ///
    /// - Parameters:
    ///   - image: 8-bit grey or RGB.
    ///   - level: zlib's level, 0 (fast, large) to 9 (slow, small).
    /// - Returns: The bytes of a PNG file.
    /// - Throws: ``DatasetError`` with code `unsupported` for other images, `io` if memory runs out.
    public static func encodePNG(_ image: Image, level: Int = 6) throws(DatasetError) -> [UInt8] {
        precondition((0...9).contains(level), "zlib has the levels 0 to 9")
        return try unsafe encode(image, as: "PNG", option: level, with: cimg_encode_png)
    }

    /// Encodes an image as JPEG, with colour in full resolution (4:4:4).
    ///
    /// - Parameters:
    ///   - image: 8-bit grey or RGB, up to 65,500 pixels a side.
    ///   - quality: libjpeg's quality, 1 to 100.
    /// - Returns: The bytes of a JPEG file.
    /// - Throws: ``DatasetError`` with code `unsupported` for other images, `tooLarge`, or `io` if
    ///   memory runs out.
    public static func encodeJPEG(
        _ image: Image,
        quality: Int = 95
    ) throws(DatasetError) -> [UInt8] {
        precondition((1...100).contains(quality), "libjpeg has the qualities 1 to 100")
        return try unsafe encode(image, as: "JPEG", option: quality, with: cimg_encode_jpeg)
    }

    private typealias Encoder = (
        _ pixels: UnsafeRawPointer?, _ width: UInt32, _ height: UInt32, _ channels: UInt32,
        _ option: Int32, _ encoded: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
        _ encodedSize: UnsafeMutablePointer<Int>?, _ report: UnsafeMutablePointer<cimg_report>?
    ) -> Int32

    private static func encode(
        _ image: Image,
        as format: String,
        option: Int,
        with encoder: Encoder
    ) throws(DatasetError) -> [UInt8] {
        guard image.sampleType == .u8, image.channels == 1 || image.channels == 3 else {
            throw DatasetError(
                .unsupported,
                "\(format) is written from 8-bit images with 1 or 3 channels, not from "
                    + "\(image.sampleType.rawValue) with \(image.channels)"
            )
        }
        guard let width = UInt32(exactly: image.width), let height = UInt32(exactly: image.height)
        else {
            throw DatasetError(.tooLarge, "\(format) does not take \(image.size) pixels")
        }
        var encoded: UnsafeMutableRawPointer?
        var encodedSize = 0
        var report = cimg_report()
        let status = unsafe image.bytes.withUnsafeBytes { pixels in
            unsafe encoder(
                pixels.baseAddress,
                width,
                height,
                UInt32(image.channels),
                Int32(option),
                &encoded,
                &encodedSize,
                &report
            )
        }
        try report.check(status, path: nil)
        defer { unsafe cimg_free(encoded) }
        return unsafe Array(UnsafeRawBufferPointer(start: encoded, count: encodedSize))
    }

    // MARK: - Versions

    /// The libraries that decode and encode, by name, and their versions, such as `2.1.5`.
    public static var libraryVersions: [String: String] {
        [
            "libjpeg-turbo": unsafe version(in: cimg_jpeg_version()),
            "libpng": unsafe version(in: cimg_png_version()),
            "libtiff": unsafe version(in: cimg_tiff_version()),
        ]
    }

    /// The first number with a dot in a text: `4.5.0` of `LIBTIFF, Version 4.5.0` and more.
    private static func version(in text: UnsafePointer<CChar>?) -> String {
        guard let text = unsafe text else { return "unknown" }
        let words = unsafe String(cString: text).split(whereSeparator: \.isWhitespace)
        return words.first { $0.first?.isNumber == true && $0.contains(".") }.map(String.init)
            ?? "unknown"
    }
}

// MARK: - Reports

extension cimg_report {
    /// Throws what a call of C failed with, if it did.
    func check(_ status: Int32, path: String?) throws(DatasetError) {
        guard status != CIMG_OK.rawValue else { return }
        let code: DatasetError.Code =
            switch UInt32(status) {
            case CIMG_UNSUPPORTED.rawValue: .unsupported
            case CIMG_TOO_LARGE.rawValue: .tooLarge
            case CIMG_NO_MEMORY.rawValue: .io
            default: .corrupt
            }
        throw DatasetError(code, Self.text(message), path: path)
    }

    /// The first warning, and how many more there were.
    var warnings: [String] {
        switch warning_count {
        case 0: []
        case 1: [Self.text(warning)]
        default: [Self.text(warning), "\(warning_count - 1) more warnings"]
        }
    }

    /// The text in a C array of characters, which ends at the first zero.
    private static func text<Characters: BitwiseCopyable>(_ characters: Characters) -> String {
        unsafe withUnsafeBytes(of: characters) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
