import Synchronization

/// Writes one shard: samples in any order, from any thread.
///
/// One that is small enough is put together in memory and written at once; a larger one, and one
/// for which no memory is left, is written sample by sample.
final class ShardWriter: Sendable {
    private let layout: ShardLayout
    private let file: OutputFile
    private let pages: Pages?
    private let state: Mutex<State>

    private struct State {
        /// CRC-32 of input and target of each sample.
        var checksums: [UInt32]
        var missing: Int
    }

    /// Begins a shard with everything but the images.
    ///
    /// - Parameters:
    ///   - path: Where the shard will be.
    ///   - keys: The pairs' names.
    ///   - firstIndex: The number of the first pair in its split.
    ///   - input: The geometry of the input images.
    ///   - target: The geometry of the target images.
    ///   - metadata: The texts of the header.
    ///   - memory: Where it is put together, if it has room there.
    /// - Throws: ``DatasetError`` with code `io`.
    init(
        path: String,
        keys: [String],
        firstIndex: Int,
        input: DatasetIndex.Side,
        target: DatasetIndex.Side,
        metadata: [String: String],
        memory: PagePool
    ) throws(DatasetError) {
        let names = keys.flatMap { Array($0.utf8) }
        layout = ShardLayout(
            samples: keys.count,
            keyBytes: names.count,
            input: input,
            target: target,
            metadata: metadata
        )
        file = try OutputFile(path: path)
        pages = memory.pages(count: layout.fileLength)
        state = Mutex(
            State(checksums: Array(repeating: 0, count: 2 * keys.count), missing: keys.count)
        )

        var offsets: [Int64] = [0]
        for key in keys { offsets.append((offsets.last ?? 0) + Int64(key.utf8.count)) }
        try write(layout.encodedHeader, at: 0)
        try write((0..<keys.count).map { Int64(firstIndex + $0) }, at: layout.offset(of: "index"))
        try write(offsets, at: layout.offset(of: "key_offsets"))
        try write(names, at: layout.offset(of: "keys"))
    }

    /// Writes one pair.
    ///
    /// - Returns: Whether it was the last one missing.
    /// - Throws: ``DatasetError`` with code `io`.
    /// - Precondition: The images have the shard's geometry.
    func write(_ pair: ImagePair, at position: Int) throws(DatasetError) -> Bool {
        let input = try write(pair.input, layout.input, "input", at: position)
        let target = try write(pair.target, layout.target, "target", at: position)
        return state.withLock { state in
            state.checksums[2 * position] = input
            state.checksums[2 * position + 1] = target
            state.missing -= 1
            return state.missing == 0
        }
    }

    /// Completes the shard's bytes.
    ///
    /// - Returns: All of them, if they are in memory.
    /// - Throws: ``DatasetError`` with code `io`.
    /// - Precondition: Every pair has been written.
    func seal() throws(DatasetError) -> Pages? {
        let (checksums, missing) = state.withLock { ($0.checksums, $0.missing) }
        precondition(missing == 0, "\(missing) pairs of \(file.path) were not written")
        try write(checksums, at: layout.offset(of: "crc32"))
        return pages
    }

    /// Writes what is in memory.
    ///
    /// - Returns: The whole file, to be committed.
    /// - Throws: ``DatasetError`` with code `io`, such as for a full disk.
    /// - Precondition: It is sealed.
    func written() throws(DatasetError) -> OutputFile {
        if let pages { try file.write(pages) }
        return file
    }

    private func write(
        _ image: Image,
        _ side: DatasetIndex.Side,
        _ tensor: String,
        at position: Int
    ) throws(DatasetError) -> UInt32 {
        precondition(side.fits(image), "all images of a side are alike")
        let crc32 = unsafe image.bytes.withUnsafeBytes { unsafe Checksum.crc32($0) }
        try write(image.bytes, at: layout.offset(of: tensor) + position * side.byteCount)
        return crc32
    }

    /// Writes numbers as they lie in memory: little-endian, as on every machine this runs on.
    private func write<Element: BitwiseCopyable>(
        _ elements: [Element],
        at offset: Int
    ) throws(DatasetError) {
        let bytes = unsafe elements.span.bytes
        if let pages { pages.write(bytes, at: offset) } else { try file.write(bytes, at: offset) }
    }
}
