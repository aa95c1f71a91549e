/// What `torch.save` wrote before PyTorch 1.6, and writes with `_use_new_zipfile_serialization=False`.
///
/// Five pickles: a magic number, the version 1001, facts about the machine, what was saved, and the keys
/// of the storages. Then each storage: its number of elements (I64) and their bytes, little-endian on all
/// machines. From `_legacy_save` in PyTorch's `torch/serialization.py`.
enum TorchStream {
    /// What the file starts with: the first instruction of a pickle.
    static let signature: [UInt8] = [0x80]
    /// 0x1950a86a20f9469cfc6c, as a pickle has it.
    private static let magicNumber: [UInt8] = [
        0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19,
    ]
    private static let version = 1001

    /// Reads a stream.
    ///
    /// - Throws: ``DatasetError``: `corrupt`, or `unsupported` for other pickles.
    static func read(_ file: MappedFile) throws(DatasetError) -> TorchContents {
        // More than all pickles may take; the storages behind them stay where they are.
        let head = file.copy(0..<min(file.count, PickleReader.maximumLength))
        var reader = PickleReader(head, path: file.path)
        guard case .bytes(magicNumber) = try reader.read(),
            case .integer(version) = try reader.read()
        else {
            throw DatasetError(
                .unsupported,
                "expected a file of torch.save, found another pickle; load it in Python and write "
                    + "torch.save(weights, \"weights.pth\")",
                path: file.path
            )
        }
        _ = try reader.read()
        let root = try reader.read()
        let keys = try reader.read()
        let heap = reader.heap
        let places = try places(heap.sequence(keys) ?? [], heap, from: reader.position, of: file)
        return TorchContents(
            root: root,
            heap: heap,
            places: try TorchContents.places(of: heap, path: file.path) {
                (key) throws(DatasetError) in
                guard let place = places[key] else { throw cutShort(file) }
                return place
            },
            isBigEndian: false
        )
    }

    /// Where the storages lie, which follow each other in the order of their keys.
    private static func places(
        _ keys: [PickleValue],
        _ heap: PickleHeap,
        from start: Int,
        of file: MappedFile
    ) throws(DatasetError) -> [String: Range<Int>] {
        let types = Dictionary(heap.storages.map { ($0.key, $0.type) }) { first, _ in first }
        var places: [String: Range<Int>] = [:]
        var position = start
        for key in keys {
            guard case .text(let key) = key, let type = types[key],
                position <= file.count - MemoryLayout<Int64>.size
            else { throw cutShort(file) }
            let data = position + MemoryLayout<Int64>.size
            var reader = ByteReader(file.copy(position..<data), path: file.path)
            let (length, overflows) = Int(try reader.integer(Int64.self))
                .multipliedReportingOverflow(by: type.byteCount)
            guard !overflows, length >= 0, length <= file.count - data else {
                throw cutShort(file)
            }
            position = data + length
            places[key] = data..<position
        }
        return places
    }

    private static func cutShort(_ file: MappedFile) -> DatasetError {
        DatasetError(
            .corrupt,
            "not all the numbers that its pickle speaks of are there: it is damaged or cut short; fetch "
                + "it again",
            path: file.path
        )
    }
}
