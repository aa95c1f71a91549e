import DatasetKit

/// The first bytes of a file, which tell its kind.
struct WeightsFileStart {
    /// What other files begin with, and what they are.
    private static let others: [(start: [UInt8], kind: String)] = [
        (Array("<".utf8), "a web page: the download failed"),
        (Array("version https://git-lfs".utf8), "a pointer of Git LFS: fetch it with git lfs pull"),
        (
            [0x89] + Array("HDF".utf8),
            "HDF5, as Keras writes it: p2p reads PyTorch's files and safetensors"
        ),
        ([0x1F, 0x8B], "a gzip archive: unpack it first"),
        (Array("7z".utf8), "a 7z archive: unpack it first"),
        (Array("Rar!".utf8), "a RAR archive: unpack it first"),
    ]

    private let path: String
    private let bytes: [UInt8]

    /// Reads them.
    ///
    /// - Throws: ``DatasetError`` with code `notFound` or `io`.
    init(of path: String) throws(DatasetError) {
        self.path = path
        let file = try MappedFile(path: path)
        bytes = unsafe file.withBytes { unsafe Array($0.prefix(64)) }
    }

    /// Which of PyTorch's formats it is; `nil` for another.
    var torchFormat: TorchFile.Format? { TorchFile.format(of: bytes) }

    /// Checks that it may be safetensors: 8 bytes of length, then JSON.
    ///
    /// - Throws: ``DatasetError`` with code `unsupported`, saying what it seems to be.
    func requireSafetensors() throws(DatasetError) {
        guard bytes.count > 8, bytes[8] == UInt8(ascii: "{") else {
            let kind = Self.others.first { bytes.starts(with: $0.start) }?.kind
            throw DatasetError(
                .unsupported,
                "expected weights, as a file of torch.save (zip, or as before PyTorch 1.6) or "
                    + "safetensors, found "
                    + (kind ?? (bytes.isEmpty ? "an empty file" : "something else")),
                path: path
            )
        }
    }
}
