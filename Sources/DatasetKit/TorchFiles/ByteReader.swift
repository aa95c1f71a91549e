/// Reads little-endian numbers and runs of bytes, one after the other, and never beyond the end.
struct ByteReader {
    private let bytes: [UInt8]
    private let path: String
    /// Where the next byte is read.
    private(set) var position = 0

    /// Reads from the start of some bytes.
    ///
    /// - Parameters:
    ///   - bytes: What to read.
    ///   - path: The file that they are of, for errors.
    init(_ bytes: [UInt8], path: String) {
        self.bytes = bytes
        self.path = path
    }

    /// Whether everything is read.
    var isAtEnd: Bool { position == bytes.count }

    /// Reads a number.
    ///
    /// - Throws: ``DatasetError`` with code `corrupt` at the end.
    mutating func integer<Number: FixedWidthInteger>(
        _ type: Number.Type = Number.self
    ) throws(DatasetError) -> Number {
        let start = position
        let count = Number.bitWidth / 8
        try skip(count)
        var value: Number = 0
        for index in 0..<count {
            value |= Number(truncatingIfNeeded: bytes[start + index]) << (8 * index)
        }
        return value
    }

    /// Reads a length of so many bytes.
    ///
    /// - Throws: ``DatasetError`` with code `corrupt` at the end, or for more than is left.
    mutating func length<Number: FixedWidthInteger>(
        _ type: Number.Type
    ) throws(DatasetError) -> Int {
        guard let length = Int(exactly: try integer(type)), length >= 0 else { throw cutShort }
        guard length <= bytes.count - position else { throw cutShort }
        return length
    }

    /// Reads a run of bytes.
    ///
    /// - Throws: ``DatasetError`` with code `corrupt` if there are not so many.
    mutating func run(_ count: Int) throws(DatasetError) -> ArraySlice<UInt8> {
        let start = position
        try skip(count)
        return bytes[start..<position]
    }

    /// Reads a text of UTF-8.
    ///
    /// - Throws: ``DatasetError`` with code `corrupt` if there are not so many bytes.
    mutating func text(_ count: Int) throws(DatasetError) -> String {
        String(decoding: try run(count), as: UTF8.self)
    }

    /// Reads a line, and its end.
    ///
    /// - Throws: ``DatasetError`` with code `corrupt` if it does not end.
    mutating func line() throws(DatasetError) -> String {
        guard let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) else {
            throw cutShort
        }
        let line = try text(end - position)
        try skip(1)
        return line
    }

    /// Leaves bytes out.
    ///
    /// - Throws: ``DatasetError`` with code `corrupt` if there are not so many.
    mutating func skip(_ count: Int) throws(DatasetError) {
        guard count >= 0, count <= bytes.count - position else { throw cutShort }
        position += count
    }

    private var cutShort: DatasetError {
        DatasetError(
            .corrupt,
            "it ends in the middle of something, or claims more than it has: it is damaged or cut "
                + "short; fetch it again",
            path: path
        )
    }
}

extension MappedFile {
    /// A copy of a part.
    ///
    /// - Precondition: The range lies inside the file.
    func copy(_ range: Range<Int>) -> [UInt8] {
        unsafe withBytes { unsafe Array($0[range]) }
    }
}
