/// The kinds of image files that are read.
public enum ImageFormat: String, Sendable, CaseIterable {
    /// JPEG with 8-bit samples: baseline, progressive or arithmetic; grey, RGB, YCbCr, CMYK, YCCK.
    case jpeg
    /// PNG, animated or not.
    case png
    /// TIFF and BigTIFF.
    case tiff

    /// The file name extensions of these formats, in lower case, without the dot.
    public static let knownExtensions = ["jpg", "jpeg", "png", "tif", "tiff"]

    /// The format that a file's first bytes announce; `nil` if it is none of these.
    ///
    /// Names do not count: many a `.jpg` is a PNG.
    public init?(of bytes: RawSpan) {
        let start = Self.start(of: bytes, count: 4)
        switch start {
        case [0x89, 0x50, 0x4E, 0x47]:
            self = .png
        case [0x49, 0x49, 42, 0], [0x4D, 0x4D, 0, 42], [0x49, 0x49, 43, 0], [0x4D, 0x4D, 0, 43]:
            self = .tiff
        default:
            guard start.starts(with: [0xFF, 0xD8]) else { return nil }
            self = .jpeg
        }
    }

    /// What a file of no known format starts with, for an error message.
    static func describedStart(of bytes: RawSpan) -> String {
        let start = start(of: bytes, count: 8)
        let digits = Array("0123456789abcdef")
        let hexadecimal = start.map { "\(digits[Int($0 >> 4)])\(digits[Int($0 & 15)])" }
        let readable = start.prefix { (0x20..<0x7F).contains($0) }
        let text = readable.count >= 3 ? " \"\(String(decoding: readable, as: UTF8.self))\"" : ""
        return hexadecimal.joined(separator: " ") + text
    }

    private static func start(of bytes: RawSpan, count: Int) -> [UInt8] {
        (0..<min(count, bytes.byteCount)).map { offset in
            unsafe bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
        }
    }
}
