import FoundationEssentials

/// The header of a safetensors file: the only place that knows its byte layout.
///
/// A file is the header's length (8 bytes, little-endian), the header (JSON, may end in spaces)
/// and the tensors' bytes (little-endian, C order, without gaps). See
/// https://github.com/huggingface/safetensors, "Format".
public struct SafetensorsHeader: Equatable, Sendable {
    /// One tensor: its type, shape and place in the data section.
    public struct Entry: Equatable, Sendable {
        /// The type of its elements.
        public var dtype: SafetensorsType
        /// Its dimensions, outermost first; empty for a scalar.
        public var shape: [Int]
        /// Its bytes, counted from the start of the data section.
        public var range: Range<Int>
    }

    /// A tensor to be laid out: its name, type and shape.
    public typealias Layout = (name: String, dtype: SafetensorsType, shape: [Int])

    /// The largest header that any reader of the format accepts, in bytes.
    static let maximumLength = 100_000_000

    /// Free texts by name (`__metadata__`).
    public var metadata: [String: String]
    /// The tensors by name.
    public var tensors: [String: Entry]
    /// The tensors' names in the order of their bytes.
    public var order: [String]
    /// Bytes of the data section.
    public var dataLength: Int

    /// Lays tensors out one after the other in the given order.
    ///
    /// - Precondition: Names differ, and the sizes do not overflow.
    public init(_ layout: [Layout], metadata: [String: String]) {
        self.metadata = metadata
        tensors = [:]
        order = layout.map(\.name)
        dataLength = 0
        for tensor in layout {
            let length = tensor.shape.reduce(tensor.dtype.byteCount, *)
            let range = dataLength..<dataLength + length
            let entry = Entry(dtype: tensor.dtype, shape: tensor.shape, range: range)
            precondition(
                tensors.updateValue(entry, forKey: tensor.name) == nil,
                "two tensors are named \(tensor.name)"
            )
            dataLength = range.upperBound
        }
    }

    /// The length prefix and the header, padded with spaces.
    ///
    /// - Parameter alignment: The data section starts at a multiple of so many bytes.
    /// - Returns: What stands before the data section.
    package func encoded(alignment: Int = 8) -> [UInt8] {
        var members: [String] = []
        if !metadata.isEmpty {
            let texts = metadata.sorted { $0.key < $1.key }
                .map { "\(JSONText.quoted($0.key)):\(JSONText.quoted($0.value))" }
            members.append("\"__metadata__\":{\(texts.joined(separator: ","))}")
        }
        for name in order {
            guard let entry = tensors[name] else { continue }
            let shape = entry.shape.map(String.init).joined(separator: ",")
            members.append(
                JSONText.quoted(name)
                    + ":{\"dtype\":\"\(entry.dtype.rawValue)\",\"shape\":[\(shape)],"
                    + "\"data_offsets\":[\(entry.range.lowerBound),\(entry.range.upperBound)]}"
            )
        }
        var json = Array("{\(members.joined(separator: ","))}".utf8)
        let padding = (alignment - (8 + json.count) % alignment) % alignment
        json.append(contentsOf: repeatElement(UInt8(ascii: " "), count: padding))
        let length = UInt64(json.count)
        return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + json
    }

    /// Reads and checks the header at the start of a file.
    ///
    /// - Parameters:
    ///   - prefix: The first bytes of the file, at least the whole header.
    ///   - fileLength: The length of the whole file, which the tensors must fill exactly.
    ///   - path: For messages.
    /// - Throws: ``DatasetError`` with code `corrupt`: cut short, gaps, overlaps, odd JSON.
    package init(
        prefix: UnsafeRawBufferPointer,
        fileLength: Int,
        path: String
    ) throws(DatasetError) {
        func corrupt(_ message: String) -> DatasetError {
            DatasetError(.corrupt, "\(message); the file is damaged, make it again", path: path)
        }
        let headerLength = try unsafe Self.headerLength(
            of: prefix,
            fileLength: fileLength,
            path: path
        )
        let json = unsafe Data(prefix[8..<8 + headerLength])
        guard json.first == UInt8(ascii: "{") else {
            throw corrupt("a safetensors header starts with {")
        }
        let root = try JSONValue.parse(json, path: path, code: .corrupt)
        guard case .object(let members) = root else { throw corrupt("the header is no object") }

        metadata = [:]
        tensors = [:]
        for (name, value) in members {
            guard case .object(let fields) = value else {
                throw corrupt("the header's entry \(name) is no object")
            }
            if name == "__metadata__" {
                for (key, value) in fields {
                    guard case .string(let text) = value else {
                        throw corrupt("the metadata \(key) is \(value.summary), not a text")
                    }
                    metadata[key] = text
                }
            } else if let entry = Entry(fields) {
                tensors[name] = entry
            } else {
                throw corrupt("the header's entry \(name) is not a tensor this version knows")
            }
        }
        order = tensors.sorted {
            ($0.value.range.lowerBound, $0.value.range.upperBound, $0.key)
                < ($1.value.range.lowerBound, $1.value.range.upperBound, $1.key)
        }.map(\.key)
        dataLength = fileLength - 8 - headerLength
        var end = 0
        for name in order {
            guard let range = tensors[name]?.range, range.lowerBound == end else {
                throw corrupt("tensor \(name) does not start where the one before it ends")
            }
            end = range.upperBound
        }
        guard end == dataLength else {
            throw corrupt("expected \(end) bytes of tensors, found \(dataLength)")
        }
    }

    /// Where the data section starts: the length prefix and the header.
    ///
    /// - Throws: ``DatasetError`` with code `corrupt` if the file is too short or claims too much.
    static func headerLength(
        of prefix: UnsafeRawBufferPointer,
        fileLength: Int,
        path: String
    ) throws(DatasetError) -> Int {
        guard prefix.count >= 8 else {
            throw DatasetError(
                .corrupt,
                "expected a safetensors file, found \(prefix.count) bytes; the file is cut short",
                path: path
            )
        }
        var length: UInt64 = 0
        for index in 0..<8 { length |= UInt64(unsafe prefix[index]) << (8 * UInt64(index)) }
        guard length <= UInt64(maximumLength), Int(length) + 8 <= fileLength, length >= 2 else {
            throw DatasetError(
                .corrupt,
                "the header claims \(length) bytes in a file of \(fileLength); it is cut short "
                    + "or no safetensors file",
                path: path
            )
        }
        return Int(length)
    }
}

extension SafetensorsHeader.Entry {
    /// Reads one entry; `nil` where anything about it is wrong.
    fileprivate init?(_ fields: [String: JSONValue]) {
        guard fields.count == 3,
            case .string(let name) = fields["dtype"], let dtype = SafetensorsType(rawValue: name),
            case .array(let shapeValues) = fields["shape"],
            case .array(let offsets) = fields["data_offsets"], offsets.count == 2,
            case .integer(let begin) = offsets[0], case .integer(let end) = offsets[1],
            begin >= 0, end >= begin
        else { return nil }
        var shape: [Int] = []
        var length = dtype.byteCount
        for value in shapeValues {
            guard case .integer(let dimension) = value, dimension >= 0 else { return nil }
            let (product, overflow) = length.multipliedReportingOverflow(by: dimension)
            guard !overflow else { return nil }
            length = product
            shape.append(dimension)
        }
        guard length == end - begin else { return nil }
        self.init(dtype: dtype, shape: shape, range: begin..<end)
    }
}
