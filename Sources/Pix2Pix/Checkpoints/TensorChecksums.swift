import DatasetKit
import FoundationEssentials

/// The CRC-32 of each tensor of a checkpoint, as its metadata `crc32` has them.
struct TensorChecksums {
    private let values: [String: UInt32]
    private let path: String

    /// Reads them from a checkpoint.
    ///
    /// - Throws: ``DatasetError`` with code `corrupt` where they are damaged.
    init(of file: SafetensorsFile, path: String) throws(DatasetError) {
        self.path = path
        let text = Data((file.metadata["crc32"] ?? "").utf8)
        guard let values = try? JSONDecoder().decode([String: UInt32].self, from: text) else {
            throw DatasetError(.corrupt, "its metadata crc32 is damaged", path: path)
        }
        self.values = values
    }

    /// Compares a tensor's bytes with what was written.
    ///
    /// - Throws: ``DatasetError`` with code `corrupt`, naming the tensor.
    func check(_ bytes: UnsafeRawBufferPointer, of name: String) throws(DatasetError) {
        guard unsafe Checksum.crc32(bytes) == values[name] else {
            throw DatasetError(
                .corrupt,
                "the bytes of \(name) do not match their CRC-32: they were changed; take an "
                    + "earlier copy of the file",
                path: path
            )
        }
    }
}
