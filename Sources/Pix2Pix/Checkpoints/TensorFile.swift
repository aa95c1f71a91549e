import DatasetKit
import FoundationEssentials

/// Named tensors in a safetensors file, with texts, and a CRC-32 of each in the metadata `crc32`.
enum TensorFile {
    /// A tensor that no file shall keep: it holds a value that is infinite or not a number.
    struct NotFinite: Error {
        var tensor: String
    }

    /// Writes a file: at any moment either the old or the whole new one is there.
    ///
    /// - Throws: ``DatasetError`` with code `io`, ``TorchError``, or ``NotFinite``.
    static func write(
        _ tensors: [NamedTensor],
        metadata: [String: String],
        to path: String
    ) throws {
        // Integers first: 8-byte types stay aligned whatever the shapes of the others.
        let ordered =
            tensors.filter { $0.tensor.elementType == .int64 }
            + tensors.filter { $0.tensor.elementType != .int64 }
        var checksums: [String: UInt32] = [:]
        for entry in ordered {
            checksums[entry.name] = try entry.tensor.withBytes { bytes in
                if entry.tensor.elementType == .float32, !isFinite(bytes) {
                    throw NotFinite(tensor: entry.name)
                }
                return unsafe bytes.withUnsafeBytes { unsafe Checksum.crc32($0) }
            }
        }
        var metadata = metadata
        metadata["crc32"] = try text(checksums)
        let header = SafetensorsHeader(
            ordered.map { ($0.name, $0.tensor.elementType.safetensorsType, $0.tensor.shape) },
            metadata: metadata
        )
        let encoded = header.encoded()
        let file = try OutputFile(path: path)
        try unsafe file.write(encoded.span.bytes, at: 0)
        for entry in ordered {
            guard let range = header.tensors[entry.name]?.range else { continue }
            try entry.tensor.withBytes { try file.write($0, at: encoded.count + range.lowerBound) }
        }
        try file.commit()
    }

    /// Reads the tensors of a file that ``write(_:metadata:to:)`` made, copied to the CPU.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - path: For errors.
    ///   - isWanted: Which tensors, by name.
    /// - Returns: The tensors by name.
    /// - Throws: ``DatasetError`` naming the first tensor whose bytes do not match their CRC-32.
    static func tensors(
        of file: SafetensorsFile,
        path: String,
        where isWanted: (String) -> Bool = { _ in true }
    ) throws -> [String: Tensor] {
        let checksums = try TensorChecksums(of: file, path: path)
        var tensors: [String: Tensor] = [:]
        for (name, entry) in file.tensors where isWanted(name) {
            guard let type = ElementType(rawValue: entry.dtype.rawValue) else {
                throw DatasetError(
                    .corrupt,
                    "it holds a tensor \(name) of the type \(entry.dtype.rawValue), which p2p does not "
                        + "write",
                    path: path
                )
            }
            tensors[name] = try unsafe file.withBytes(of: name) { bytes in
                try unsafe checksums.check(bytes, of: name)
                return try unsafe Tensor.copying(bytes, shape: entry.shape, elementType: type)
            }
        }
        return tensors
    }

    /// A value of the metadata, as JSON.
    static func text(_ value: some Encodable) throws -> String {
        String(decoding: try JSONText.canonical(value), as: UTF8.self)
    }

    /// What wrote a file.
    static func software() throws -> String {
        try text(["p2p": Version.current, "libtorch": Torch.version])
    }

    /// Whether no float is infinite or not a number.
    private static func isFinite(_ bytes: RawSpan) -> Bool {
        // As integers, which the compiler compares many at a time: infinity and not-a-number are the
        // largest, without the sign.
        var largest: UInt32 = 0
        for offset in stride(from: 0, to: bytes.byteCount, by: 4) {
            let bits = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self)
            largest = max(largest, bits & 0x7FFF_FFFF)
        }
        return largest < Float.infinity.bitPattern
    }
}

extension SafetensorsFile {
    /// A value of the metadata that was written as JSON.
    ///
    /// - Throws: ``DatasetError`` with code `corrupt` where it is missing or damaged.
    func decodedMetadata<Value: Decodable>(
        _ key: String,
        path: String
    ) throws(DatasetError) -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: Data((metadata[key] ?? "").utf8))
        } catch {
            throw DatasetError(.corrupt, "its metadata \(key) is damaged", path: path)
        }
    }
}

extension ElementType {
    /// Its name in a safetensors file.
    fileprivate var safetensorsType: SafetensorsType {
        switch self {
        case .float32: .f32
        case .int64: .i64
        case .uint8: .u8
        }
    }
}
