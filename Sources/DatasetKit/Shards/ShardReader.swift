import Synchronization

/// One shard, mapped: a sample is touched when it is asked for, its CRCs are checked once.
final class ShardReader: Sendable {
    private let file: SafetensorsFile
    private let path: String
    private let input: Images
    private let target: Images
    private let checksums: [UInt32]
    private let keyOffsets: [Int]
    private let checked: Mutex<[Bool]>

    /// The images of one side in the data section.
    private struct Images {
        var side: DatasetIndex.Side
        var start: Int
    }

    /// Maps a shard and checks that it is the one its dataset's index describes.
    ///
    /// - Throws: ``DatasetError``: `notFound`, `io` or `corrupt`.
    convenience init(
        path: String,
        entry: DatasetIndex.Shard,
        index: DatasetIndex
    ) throws(DatasetError) {
        let found = try FileSystem.size(of: path)
        guard found == entry.bytes else {
            throw Self.wrongLength(path: path, expected: entry.bytes, found: found)
        }
        try self.init(
            path: path,
            samples: entry.samples,
            sides: Sides(input: index.input, target: index.target),
            fingerprint: index.fingerprint
        )
    }

    /// Maps a shard and checks that it holds what is expected.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - samples: How many pairs it must hold.
    ///   - sides: The geometry of its images.
    ///   - fingerprint: The fingerprint of its dataset.
    /// - Throws: ``DatasetError``: `notFound`, `io` or `corrupt`.
    init(
        path: String,
        samples: Int,
        sides: Sides<DatasetIndex.Side>,
        fingerprint: String
    ) throws(DatasetError) {
        self.path = path
        file = try SafetensorsFile(path: path)
        guard file.metadata["format"] == ShardLayout.formatName,
            file.metadata["version"] == ShardLayout.version
        else {
            throw DatasetError(
                .corrupt,
                "expected a \(ShardLayout.formatName) of version \(ShardLayout.version); build the "
                    + "dataset again",
                path: path
            )
        }
        guard file.metadata["fingerprint"] == fingerprint else {
            throw DatasetError(
                .corrupt,
                "it belongs to another dataset (its fingerprint differs from \(DatasetIndex.fileName));"
                    + " build the dataset again",
                path: path
            )
        }
        input = try Images(
            side: sides.input,
            start: Self.start(of: "input", sides.input, samples, file, path)
        )
        target = try Images(
            side: sides.target,
            start: Self.start(of: "target", sides.target, samples, file, path)
        )
        checksums = try Self.numbers("crc32", .u32, [samples, 2], as: UInt32.self, file, path)
        keyOffsets = try Self.numbers(
            "key_offsets",
            .i64,
            [samples + 1],
            as: Int64.self,
            file,
            path
        )
        .map(Int.init)
        let keyBytes = file.tensors["keys"]?.range.count ?? -1
        guard keyOffsets.first == 0, keyOffsets.last == keyBytes,
            zip(keyOffsets, keyOffsets.dropFirst()).allSatisfy({ $0 <= $1 })
        else {
            throw DatasetError(
                .corrupt,
                "its names are damaged; build the dataset again",
                path: path
            )
        }
        checked = Mutex(Array(repeating: false, count: samples))
    }

    /// An error for a file that has another length than its index says.
    static func wrongLength(path: String, expected: Int, found: Int) -> DatasetError {
        let guess = found < expected ? "it was cut short" : "it was changed"
        return DatasetError(
            .corrupt,
            "expected \(expected) bytes, found \(found); \(guess), build the dataset again",
            path: path
        )
    }

    /// A pair's name.
    func key(at position: Int) -> String {
        let start = file.tensors["keys"]?.range.lowerBound ?? 0
        let range = start + keyOffsets[position]..<start + keyOffsets[position + 1]
        return unsafe file.withBytes(in: range) { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// Copies a pair out of the mapping.
    ///
    /// - Throws: ``DatasetError`` with code `corrupt` where the bytes do not match their CRC.
    func pair(at position: Int) throws(DatasetError) -> ImagePair {
        try checkOnce(position)
        return ImagePair(input: image(input, at: position), target: image(target, at: position))
    }

    /// Lends a pair's samples where they are mapped.
    ///
    /// - Throws: ``DatasetError`` with code `corrupt` where the bytes do not match their CRC, and what
    ///   `body` throws.
    func withSamples<Result>(
        at position: Int,
        _ body: (_ input: RawSpan, _ target: RawSpan) throws(DatasetError) -> Result
    ) throws(DatasetError) -> Result {
        try checkOnce(position)
        let inputRange = range(of: input, at: position)
        let targetRange = range(of: target, at: position)
        return try unsafe file.withBytes(in: inputRange) { input throws(DatasetError) in
            try unsafe file.withBytes(in: targetRange) { target throws(DatasetError) in
                try body(unsafe input.bytes, unsafe target.bytes)
            }
        }
    }

    /// Compares a sample's bytes with its CRCs.
    ///
    /// - Throws: ``DatasetError`` with code `corrupt`, naming the pair.
    func check(_ position: Int) throws(DatasetError) {
        for (offset, (side, images)) in [("input", input), ("target", target)].enumerated() {
            let expected = checksums[2 * position + offset]
            let found = unsafe file.withBytes(in: range(of: images, at: position)) {
                unsafe Checksum.crc32($0)
            }
            guard found == expected else {
                throw DatasetError(
                    .corrupt,
                    "the \(side) of pair \(key(at: position)) has CRC-32 \(hex(found)), expected "
                        + "\(hex(expected)); bytes were changed, build the dataset again",
                    path: path
                )
            }
        }
    }

    private func checkOnce(_ position: Int) throws(DatasetError) {
        if checked.withLock({ $0[position] }) { return }
        try check(position)
        checked.withLock { $0[position] = true }
    }

    private func range(of images: Images, at position: Int) -> Range<Int> {
        let start = images.start + position * images.side.byteCount
        return start..<start + images.side.byteCount
    }

    private func image(_ images: Images, at position: Int) -> Image {
        Image(
            size: images.side.size,
            channels: images.side.channels,
            sampleType: images.side.dtype,
            bytes: unsafe file.withBytes(in: range(of: images, at: position)) { unsafe Array($0) }
        )
    }

    private func hex(_ value: UInt32) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    private static func start(
        of name: String,
        _ side: DatasetIndex.Side,
        _ samples: Int,
        _ file: SafetensorsFile,
        _ path: String
    ) throws(DatasetError) -> Int {
        let shape = [samples, side.height, side.width, side.channels]
        guard let entry = file.tensors[name], entry.dtype.rawValue == side.dtype.rawValue,
            entry.shape == shape
        else {
            throw DatasetError(
                .corrupt,
                "expected \(name) of type \(side.dtype.rawValue) and shape \(shape); build the "
                    + "dataset again",
                path: path
            )
        }
        return entry.range.lowerBound
    }

    private static func numbers<Number: FixedWidthInteger & BitwiseCopyable>(
        _ name: String,
        _ dtype: SafetensorsType,
        _ shape: [Int],
        as type: Number.Type,
        _ file: SafetensorsFile,
        _ path: String
    ) throws(DatasetError) -> [Number] {
        guard let entry = file.tensors[name], entry.dtype == dtype, entry.shape == shape else {
            throw DatasetError(
                .corrupt,
                "expected \(name) of type \(dtype.rawValue) and shape \(shape); build the dataset again",
                path: path
            )
        }
        return unsafe file.withBytes(in: entry.range) { bytes in
            stride(from: 0, to: bytes.count, by: MemoryLayout<Number>.size).map {
                unsafe Number(
                    littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: Number.self)
                )
            }
        }
    }
}
