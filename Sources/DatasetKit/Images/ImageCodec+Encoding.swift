import CImageCodecs

extension ImageCodec {
    // MARK: - Writing

    /// Encodes an image as PNG, without loss.
    ///
    /// - Parameters:
    ///   - image: 8 or 16 bits; 1 channel is grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha.
    ///   - level: zlib's level, 0 (fast, large) to 9 (slow, small).
    /// - Returns: The bytes of a PNG file.
    /// - Throws: ``DatasetError`` with code `unsupported` for other images, `io` if memory runs out.
    public static func encodePNG(_ image: Image, level: Int = 6) throws(DatasetError) -> [UInt8] {
        precondition((0...9).contains(level), "zlib has the levels 0 to 9")
        let rule = Rule(format: "PNG", sampleTypes: [.u8, .u16], channels: Array(1...4))
        return try unsafe encode(image, rule, option: level, with: cimg_encode_png)
    }

    /// The resolution that JPEG keeps of colour.
    public enum JPEGColor: Sendable {
        /// That of brightness (4:4:4).
        case full
        /// Half of it along both axes (4:2:0), as most JPEG files have it.
        case half
    }

    /// Encodes an image as JPEG.
    ///
    /// - Parameters:
    ///   - image: 8-bit grey or RGB, up to 65,500 pixels a side.
    ///   - quality: libjpeg's quality, 1 to 100.
    ///   - color: The resolution of colour.
    /// - Returns: The bytes of a JPEG file.
    /// - Throws: ``DatasetError`` with code `unsupported` for other images, `tooLarge`, or `io` if
    ///   memory runs out.
    public static func encodeJPEG(
        _ image: Image,
        quality: Int = 95,
        color: JPEGColor = .full
    ) throws(DatasetError) -> [UInt8] {
        precondition((1...100).contains(quality), "libjpeg has the qualities 1 to 100")
        let rule = Rule(format: "JPEG", sampleTypes: [.u8], channels: [1, 3])
        switch color {
        case .full: return try unsafe encode(image, rule, option: quality, with: cimg_encode_jpeg)
        case .half:
            return try unsafe encode(image, rule, option: quality, with: cimg_encode_jpeg_420)
        }
    }

    /// Encodes an image as TIFF, deflated, without loss; as BigTIFF from 2 GiB on.
    ///
    /// Three channels beside alpha are RGB. Of any other number the first is grey, and the others
    /// have no meaning.
    ///
    /// - Parameters:
    ///   - image: Any sample type, 1 to 64 channels.
    ///   - hasAlpha: Whether the last channel is straight alpha.
    ///   - level: zlib's level, 1 (fast, large) to 9 (slow, small).
    /// - Returns: The bytes of a TIFF file.
    /// - Throws: ``DatasetError`` with code `unsupported` for other images, `io` if memory runs out.
    public static func encodeTIFF(
        _ image: Image,
        hasAlpha: Bool = false,
        level: Int = 6
    ) throws(DatasetError) -> [UInt8] {
        precondition((1...9).contains(level), "libtiff has zlib's levels 1 to 9")
        precondition(!hasAlpha || image.channels > 1, "alpha is not the only channel")
        let rule = Rule(
            format: "TIFF",
            sampleTypes: SampleType.allCases,
            channels: Array(1...CIMG_CHANNEL_LIMIT),
            hasAlpha: hasAlpha
        )
        return try unsafe encode(image, rule, option: level, with: cimg_encode_tiff)
    }

    private typealias Encoder = (
        _ picture: UnsafePointer<cimg_picture>?, _ option: Int32,
        _ encoded: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
        _ encodedSize: UnsafeMutablePointer<Int>?, _ report: UnsafeMutablePointer<cimg_report>?
    ) -> Int32

    /// What a format can hold.
    private struct Rule {
        var format: String
        var sampleTypes: [SampleType]
        var channels: [Int]
        var hasAlpha = false

        /// Throws if it cannot hold an image.
        func check(_ image: Image) throws(DatasetError) {
            guard sampleTypes.contains(image.sampleType), channels.contains(image.channels) else {
                let types = sampleTypes.map(\.rawValue).joined(separator: " or ")
                let counts = channels.map(String.init).joined(separator: ", ")
                throw DatasetError(
                    .unsupported,
                    "\(format) holds \(counts) channels of \(types), not \(image.channels) of "
                        + "\(image.sampleType.rawValue)"
                )
            }
        }
    }

    private static func encode(
        _ image: Image,
        _ rule: Rule,
        option: Int,
        with encoder: Encoder
    ) throws(DatasetError) -> [UInt8] {
        try rule.check(image)
        guard let width = UInt32(exactly: image.width), let height = UInt32(exactly: image.height)
        else {
            throw DatasetError(.tooLarge, "\(rule.format) does not take \(image.size) pixels")
        }
        let sampleType =
            switch image.sampleType {
            case .u8: CIMG_U8
            case .u16: CIMG_U16
            case .f32: CIMG_F32
            }
        var encoded: UnsafeMutableRawPointer?
        var encodedSize = 0
        var report = unsafe cimg_report()
        defer { unsafe cimg_report_end(&report) }
        let status = unsafe image.bytes.withUnsafeBytes { pixels in
            var picture = unsafe cimg_picture(
                pixels: pixels.baseAddress,
                width: width,
                height: height,
                channels: UInt32(image.channels),
                sample_type: sampleType.rawValue,
                has_alpha: rule.hasAlpha ? 1 : 0
            )
            return unsafe encoder(&picture, Int32(option), &encoded, &encodedSize, &report)
        }
        try unsafe report.check(status, path: nil)
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
        let text = unsafe withUnsafeBytes(of: message) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        throw DatasetError(code, text, path: path)
    }

    /// The different warnings, and how many more there were.
    var texts: [String] {
        guard unsafe warning_count > 0 else { return [] }
        let bytes = unsafe UnsafeRawBufferPointer(start: warnings, count: warnings_size)
        var texts = unsafe bytes.split(separator: 0).map { text in
            unsafe String(decoding: text, as: UTF8.self)
        }
        let more = unsafe Int(warning_count) - texts.count
        if more > 0 { texts.append(more == 1 ? "1 more warning" : "\(more) more warnings") }
        return texts
    }
}
