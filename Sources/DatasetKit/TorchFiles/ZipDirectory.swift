/// The directory of a zip archive whose entries are looked at where they lie.
///
/// For archives that store and do not compress, as PyTorch's: their entries can stay in the mapped
/// file. Reads zip64. From PKWARE's APPNOTE.TXT 6.3.10, sections 4.3 and 4.5.3.
struct ZipDirectory {
    /// One entry, as the directory has it.
    struct Entry {
        /// Its name, with `/` between folders.
        var name: String
        /// How it is compressed: 0 for not at all.
        var method: UInt16
        /// Bit 0 is set where it is encrypted.
        var flags: UInt16
        /// zlib's CRC-32 of its bytes.
        var crc32: UInt32
        /// Its bytes in the archive.
        var storedLength: Int
        /// Its bytes when unpacked.
        var length: Int
        /// Where its own header starts.
        var headerOffset: Int
    }

    /// The largest directory that is read: 64 MiB, half a million entries of PyTorch's.
    private static let maximumLength = 64 << 20
    /// The longest comment that an archive may end with.
    private static let maximumComment = 0xFFFF
    /// Signatures, with the length of what follows them in any case.
    private static let endSignature: UInt32 = 0x0605_4B50
    private static let endLength = 22
    private static let locatorSignature: UInt32 = 0x0706_4B50
    private static let locatorLength = 20
    private static let end64Signature: UInt32 = 0x0606_4B50
    private static let end64Length = 56
    private static let entrySignature: UInt32 = 0x0201_4B50
    private static let headerSignature: UInt32 = 0x0403_4B50
    private static let headerLength = 30

    /// The entries by name.
    let entries: [String: Entry]
    private let file: MappedFile

    /// Reads the directory.
    ///
    /// - Throws: ``DatasetError`` with code `corrupt`.
    init(of file: MappedFile) throws(DatasetError) {
        self.file = file
        let place = try Self.place(in: file)
        var reader = ByteReader(file.copy(place), path: file.path)
        var entries: [String: Entry] = [:]
        while !reader.isAtEnd {
            let entry = try Self.entry(&reader, of: file)
            guard entries.updateValue(entry, forKey: entry.name) == nil else {
                throw Self.damaged(file, "it has two entries \(entry.name.forMessages)")
            }
        }
        self.entries = entries
    }

    /// Where an entry's bytes lie in the file.
    ///
    /// - Throws: ``DatasetError``: `corrupt`, or `unsupported` for one that is compressed or encrypted.
    func range(of entry: Entry) throws(DatasetError) -> Range<Int> {
        guard entry.method == 0, entry.flags & 1 == 0, entry.storedLength == entry.length else {
            throw DatasetError(
                .unsupported,
                "its entry \(entry.name.forMessages) is compressed or encrypted, which torch.save does "
                    + "not do: somebody packed the archive again; take the original file",
                path: file.path
            )
        }
        let start = entry.headerOffset
        guard start >= 0, start <= file.count - Self.headerLength else { throw Self.damaged(file) }
        var reader = ByteReader(file.copy(start..<start + Self.headerLength), path: file.path)
        guard try reader.integer() == Self.headerSignature else { throw Self.damaged(file) }
        try reader.skip(22)
        let more = Int(try reader.integer(UInt16.self)) + Int(try reader.integer(UInt16.self))
        let data = start + Self.headerLength + more
        guard data <= file.count, entry.length <= file.count - data else {
            throw Self.damaged(file)
        }
        return data..<data + entry.length
    }

    // MARK: - The end of the archive

    /// Where the directory lies.
    private static func place(in file: MappedFile) throws(DatasetError) -> Range<Int> {
        let length = min(file.count, endLength + maximumComment)
        let tailStart = file.count - length
        let tail = file.copy(tailStart..<file.count)
        guard let end = endRecord(in: tail) else {
            throw damaged(file, "its directory, at the end, is missing")
        }
        var reader = ByteReader(tail, path: file.path)
        try reader.skip(end + 12)
        var size = Int(try reader.integer(UInt32.self))
        var start = Int(try reader.integer(UInt32.self))
        let locator = tailStart + end - locatorLength
        if locator >= 0, let end64 = try end64Record(at: locator, of: file) {
            (size, start) = end64
        }
        guard start >= 0, size >= 0, size <= maximumLength, start <= tailStart + end,
            size <= tailStart + end - start
        else { throw damaged(file) }
        return start..<start + size
    }

    /// The last record that ends the archive with its comment.
    private static func endRecord(in tail: [UInt8]) -> Int? {
        guard tail.count >= endLength else { return nil }
        return (0...tail.count - endLength).reversed().first { start in
            let comment = Int(tail[start + 20]) | Int(tail[start + 21]) << 8
            let signature = tail[start..<start + 4].reversed().reduce(UInt32(0)) {
                $0 << 8 | UInt32($1)
            }
            return signature == endSignature && start + endLength + comment == tail.count
        }
    }

    /// Size and start of the directory by the zip64 records, where there are any.
    private static func end64Record(
        at locator: Int,
        of file: MappedFile
    ) throws(DatasetError) -> (size: Int, start: Int)? {
        var reader = ByteReader(file.copy(locator..<locator + locatorLength), path: file.path)
        guard try reader.integer() == locatorSignature else { return nil }
        try reader.skip(4)
        guard let start = Int(exactly: try reader.integer(UInt64.self)),
            locator >= end64Length, start <= locator - end64Length
        else { throw damaged(file) }
        reader = ByteReader(file.copy(start..<start + end64Length), path: file.path)
        guard try reader.integer() == end64Signature else { throw damaged(file) }
        try reader.skip(36)
        guard let size = Int(exactly: try reader.integer(UInt64.self)),
            let offset = Int(exactly: try reader.integer(UInt64.self))
        else { throw damaged(file) }
        return (size, offset)
    }

    // MARK: - Entries

    private static func entry(
        _ reader: inout ByteReader,
        of file: MappedFile
    ) throws(DatasetError) -> Entry {
        guard try reader.integer() == entrySignature else { throw damaged(file) }
        try reader.skip(4)
        let flags = try reader.integer(UInt16.self)
        let method = try reader.integer(UInt16.self)
        try reader.skip(4)
        let crc32 = try reader.integer(UInt32.self)
        // As zip64 has them where they are full: length, stored length, place.
        let stored = try reader.integer(UInt32.self)
        let length = try reader.integer(UInt32.self)
        let nameLength = Int(try reader.integer(UInt16.self))
        let extraLength = Int(try reader.integer(UInt16.self))
        let commentLength = Int(try reader.integer(UInt16.self))
        try reader.skip(8)
        let offset = try reader.integer(UInt32.self)
        let name = try reader.text(nameLength)
        let extra = Array(try reader.run(extraLength))
        try reader.skip(commentLength)
        let numbers = try wide([length, stored, offset], extra: extra, of: file)
        return Entry(
            name: name,
            method: method,
            flags: flags,
            crc32: crc32,
            storedLength: numbers[1],
            length: numbers[0],
            headerOffset: numbers[2]
        )
    }

    /// Replaces the numbers that are full by those of the zip64 field.
    private static func wide(
        _ numbers: [UInt32],
        extra: [UInt8],
        of file: MappedFile
    ) throws(DatasetError) -> [Int] {
        var wide = numbers.map(Int.init)
        guard numbers.contains(.max) else { return wide }
        var reader = ByteReader(extra, path: file.path)
        while !reader.isAtEnd {
            let kind = try reader.integer(UInt16.self)
            let length = try reader.length(UInt16.self)
            guard kind == 1 else {
                try reader.skip(length)
                continue
            }
            for index in numbers.indices where numbers[index] == .max {
                guard let number = Int(exactly: try reader.integer(UInt64.self)) else {
                    throw damaged(file)
                }
                wide[index] = number
            }
            return wide
        }
        throw damaged(file)
    }

    private static func damaged(
        _ file: MappedFile,
        _ reason: String = "its directory is wrong"
    ) -> DatasetError {
        DatasetError(
            .corrupt,
            "\(reason): the zip archive is damaged or cut short; fetch it again",
            path: file.path
        )
    }
}

extension String {
    /// The text as an error may show it: without what moves a terminal's cursor, and short.
    package var forMessages: String {
        let shown = unicodeScalars.prefix(120).map { scalar in
            scalar.properties.generalCategory == .control || scalar.properties.isBidiControl
                ? "?" : Character(scalar)
        }
        return String(shown) + (unicodeScalars.count > 120 ? "…" : "")
    }
}
