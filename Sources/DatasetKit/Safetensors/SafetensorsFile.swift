/// A safetensors file mapped into memory: the header is checked, tensors are read when touched.
public final class SafetensorsFile: Sendable {
    /// The header.
    public let header: SafetensorsHeader
    private let file: MappedFile
    private let dataStart: Int

    /// Free texts by name.
    public var metadata: [String: String] { header.metadata }
    /// The tensors by name.
    public var tensors: [String: SafetensorsHeader.Entry] { header.tensors }
    /// Bytes of the whole file.
    public var fileLength: Int { file.count }

    /// Maps a file and checks its header.
    ///
    /// - Throws: ``DatasetError``: `notFound`, `io`, or `corrupt` where the header does not fit
    ///   the file's length (cut short, trailing bytes, gaps).
    public init(path: String) throws(DatasetError) {
        let file = try MappedFile(path: path)
        self.file = file
        header = try unsafe file.withBytes { (bytes) throws(DatasetError) in
            try unsafe SafetensorsHeader(prefix: bytes, fileLength: bytes.count, path: path)
        }
        dataStart = file.count - header.dataLength
    }

    /// Gives the bytes of one tensor for the time of the call: little-endian, C order.
    ///
    /// - Throws: ``DatasetError`` with code `corrupt` if there is no such tensor, and what `body`
    ///   throws.
    public func withBytes<Result>(
        of name: String,
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        guard let entry = tensors[name] else {
            throw DatasetError(.corrupt, "it has no tensor \(name)", path: file.path)
        }
        return try unsafe withBytes(in: entry.range, body)
    }

    /// Gives a part of the data section for the time of the call.
    ///
    /// - Precondition: The range lies inside the data section.
    package func withBytes<Result, Failure: Error>(
        in range: Range<Int>,
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        precondition(range.upperBound <= header.dataLength)
        return try unsafe file.withBytes { (bytes) throws(Failure) in
            let start = dataStart + range.lowerBound
            return try unsafe body(
                UnsafeRawBufferPointer(rebasing: bytes[start..<start + range.count])
            )
        }
    }
}
