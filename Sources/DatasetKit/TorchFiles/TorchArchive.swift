/// The zip archive that `torch.save` writes since PyTorch 1.6.
///
/// `NAME/data.pkl` is the pickle, `NAME/data/KEY` the bytes of each storage, `NAME/byteorder` their
/// order (little-endian where there is none). Entries are stored, not compressed. From PyTorch's
/// `torch/serialization.py` and `caffe2/serialize/inline_container.cc`.
enum TorchArchive {
    /// What the file starts with: the header of its first entry.
    static let signature: [UInt8] = [0x50, 0x4B, 0x03, 0x04]

    /// Reads an archive.
    ///
    /// - Throws: ``DatasetError``: `corrupt`, or `unsupported` for archives of something else.
    static func read(_ file: MappedFile) throws(DatasetError) -> TorchContents {
        let directory = try ZipDirectory(of: file)
        let folder = try folder(of: directory, path: file.path)
        func bytes(of name: String) throws(DatasetError) -> Range<Int> {
            guard let entry = directory.entries["\(folder)/\(name)"] else {
                throw DatasetError(
                    .corrupt,
                    "it has no entry \("\(folder)/\(name)".forMessages): it is damaged; fetch it again",
                    path: file.path
                )
            }
            let range = try directory.range(of: entry)
            try check(entry, range, of: file)
            return range
        }
        let place = try bytes(of: "data.pkl")
        guard place.count <= PickleReader.maximumLength else {
            throw DatasetError(
                .tooLarge,
                "its pickle has \(place.count) bytes; that of a state dict has at most "
                    + "\(PickleReader.maximumLength)",
                path: file.path
            )
        }
        var reader = PickleReader(file.copy(place), path: file.path)
        let root = try reader.read()
        var isBigEndian = false
        if directory.entries["\(folder)/byteorder"] != nil {
            let order = try bytes(of: "byteorder")
            isBigEndian = order.count == 3 && file.copy(order) == Array("big".utf8)
        }
        return TorchContents(
            root: root,
            heap: reader.heap,
            places: try TorchContents.places(of: reader.heap, path: file.path) {
                (key) throws(DatasetError) in try bytes(of: "data/\(key)")
            },
            isBigEndian: isBigEndian
        )
    }

    /// The folder that everything lies in: named after the file that was written.
    private static func folder(
        of directory: ZipDirectory,
        path: String
    ) throws(DatasetError) -> String {
        let folders = directory.entries.keys.compactMap { name -> String? in
            let parts = name.split(separator: "/", omittingEmptySubsequences: false)
            return parts.count == 2 && parts[1] == "data.pkl" ? String(parts[0]) : nil
        }
        guard let folder = folders.first, folders.count == 1 else {
            throw DatasetError(
                .unsupported,
                "expected the zip archive of torch.save, with one data.pkl, found "
                    + (folders.isEmpty ? "another one" : "\(folders.count) of them"),
                path: path
            )
        }
        guard directory.entries["\(folder)/constants.pkl"] == nil,
            !directory.entries.keys.contains(where: { $0.hasPrefix("\(folder)/code/") })
        else {
            throw DatasetError(
                .unsupported,
                "it is a TorchScript archive (of torch.jit.save): a program with its weights, and p2p "
                    + "runs no program of a file; write its weights alone in PyTorch: "
                    + "torch.save(torch.jit.load(\"in.pt\").state_dict(), \"weights.pth\")",
                path: path
            )
        }
        return folder
    }

    /// Compares an entry's bytes with their CRC-32; torch may be told to write 0 for none.
    private static func check(
        _ entry: ZipDirectory.Entry,
        _ range: Range<Int>,
        of file: MappedFile
    ) throws(DatasetError) {
        let crc32 = unsafe file.withBytes { bytes in
            unsafe Checksum.crc32(UnsafeRawBufferPointer(rebasing: bytes[range]))
        }
        guard entry.crc32 == 0 || entry.crc32 == crc32 else {
            throw DatasetError(
                .corrupt,
                "the bytes of its entry \(entry.name.forMessages) do not match their CRC-32: it is "
                    + "damaged; fetch it again",
                path: file.path
            )
        }
    }
}
