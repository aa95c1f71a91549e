/// What a file of `torch.save` holds, before anything is made of it.
struct TorchContents {
    /// What was saved.
    var root: PickleValue
    /// What the values point to.
    var heap: PickleHeap
    /// Where the bytes of each storage of the heap lie in the file.
    var places: [Range<Int>]
    /// Whether the most significant byte of a number comes first.
    var isBigEndian: Bool

    /// Finds where the storages lie, each key once.
    ///
    /// - Parameters:
    ///   - heap: The storages.
    ///   - path: The file, for errors.
    ///   - place: Where the bytes of a key lie.
    /// - Returns: A range of the file for each storage, in the heap's order.
    /// - Throws: ``DatasetError`` with code `corrupt` where they are not as long as the pickle says, and
    ///   what `place` throws.
    static func places(
        of heap: PickleHeap,
        path: String,
        _ place: (String) throws(DatasetError) -> Range<Int>
    ) throws(DatasetError) -> [Range<Int>] {
        var known: [String: Range<Int>] = [:]
        var places: [Range<Int>] = []
        for storage in heap.storages {
            let whole: Range<Int>
            if let found = known[storage.key] {
                whole = found
            } else {
                whole = try place(storage.key)
                known[storage.key] = whole
            }
            let size = storage.type.byteCount
            guard whole.count == storage.total * size else {
                throw DatasetError(
                    .corrupt,
                    "expected \(storage.total) \(storage.type.rawValue) in the storage "
                        + "\(storage.key.forMessages), found \(whole.count) bytes: the file is damaged; "
                        + "fetch it again",
                    path: path
                )
            }
            let start = whole.lowerBound
            places.append(
                start + storage.part.lowerBound * size..<start + storage.part.upperBound * size
            )
        }
        return places
    }
}
