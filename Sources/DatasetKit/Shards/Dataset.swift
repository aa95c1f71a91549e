import Glibc
import Synchronization

/// A built dataset, opened for reading: nothing but the index is read until a pair is asked for.
public final class Dataset: Sendable {
    /// The dataset's folder.
    public let folder: String
    /// What the dataset holds.
    public let index: DatasetIndex
    private let readers: [DatasetSplit: SplitReader]

    /// Opens a dataset: reads the index, and looks that every shard is there at its full length.
    ///
    /// - Throws: ``DatasetError``: `notFound` if the folder is no dataset, `corrupt` if a shard is
    ///   missing or has another length, `unsupported` for another version.
    public convenience init(folder: String) throws(DatasetError) {
        let index = try DatasetIndex(folder: folder)
        try Self.checkLengths(of: index, in: folder)
        self.init(folder: folder, index: index)
    }

    /// A dataset that was just written.
    init(folder: String, index: DatasetIndex) {
        self.folder = folder
        self.index = index
        readers = index.splits.mapValues { SplitReader($0, folder: folder, index: index) }
    }

    /// Looks that every shard is there at its full length: one call each, from the open folder.
    private static func checkLengths(
        of index: DatasetIndex,
        in folder: String
    ) throws(DatasetError) {
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("cannot open", path: folder) }
        defer { close(descriptor) }
        for split in DatasetSplit.allCases {
            for shard in index.splits[split]?.shards ?? [] {
                var information = stat()
                guard unsafe fstatat(descriptor, shard.file, &information, 0) == 0,
                    information.st_mode & S_IFMT == S_IFREG
                else {
                    throw DatasetError(
                        .corrupt,
                        "expected this shard of the dataset, found none; build the dataset again",
                        path: "\(folder)/\(shard.file)"
                    )
                }
                let found = Int(information.st_size)
                guard found == shard.bytes else {
                    throw ShardReader.wrongLength(
                        path: "\(folder)/\(shard.file)",
                        expected: shard.bytes,
                        found: found
                    )
                }
            }
        }
    }

    /// The splits that have pairs.
    public var splits: [DatasetSplit] {
        DatasetSplit.allCases.filter { (readers[$0]?.count ?? 0) > 0 }
    }

    /// The pairs of one split; `nil` if it has none.
    public func split(_ split: DatasetSplit) -> SplitReader? {
        guard let reader = readers[split], reader.count > 0 else { return nil }
        return reader
    }

    /// The pairs of one split, for somebody who needs some.
    ///
    /// - Throws: ``DatasetError`` with code `notFound` naming the splits that have pairs.
    public func pairs(of split: DatasetSplit) throws(DatasetError) -> SplitReader {
        guard let reader = self.split(split) else {
            let found = splits.map(\.rawValue).joined(separator: ", ")
            throw DatasetError(
                .notFound,
                "it has no pairs in the split \(split.rawValue), only in \(found); name one with --split",
                path: folder
            )
        }
        return reader
    }

    /// The recipe that the dataset was built from.
    ///
    /// - Throws: ``DatasetError`` with code `invalidRecipe`.
    public func recipe() throws(DatasetError) -> Recipe {
        try Recipe(index.recipe, file: "\(folder)/\(DatasetIndex.fileName)")
    }
}

/// The pairs of one split, by number.
///
/// Safe to use from many threads.
public final class SplitReader: PairSource {
    /// How many pairs there are.
    public let count: Int
    private let folder: String
    private let index: DatasetIndex
    private let shards: [DatasetIndex.Shard]
    /// The number of the first pair of each shard.
    private let starts: [Int]
    private let opened: Mutex<[Int: ShardReader]>

    init(_ split: DatasetIndex.Split, folder: String, index: DatasetIndex) {
        count = split.samples
        shards = split.shards
        self.folder = folder
        self.index = index
        var starts: [Int] = []
        var next = 0
        for shard in split.shards {
            starts.append(next)
            next += shard.samples
        }
        self.starts = starts
        opened = Mutex([:])
    }

    /// Reads one pair; its CRCs are checked when it is read for the first time.
    ///
    /// - Parameter number: The pair's number in its split, from 0.
    /// - Returns: Copies of the two images.
    /// - Throws: ``DatasetError`` naming the shard.
    public func pair(at number: Int) throws(DatasetError) -> ImagePair {
        let shard = shardNumber(of: number)
        return try reader(of: shard).pair(at: number - starts[shard])
    }

    /// Lends the samples of one pair where they lie, without copying them; the CRCs are checked when it is
    /// read for the first time.
    ///
    /// - Parameters:
    ///   - number: The pair's number in its split, from 0.
    ///   - body: Is given the input's and the target's samples: rows from the top, channels interleaved.
    /// - Returns: What `body` returns.
    /// - Throws: ``DatasetError`` naming the shard, and what `body` throws.
    public func withSamples<Result>(
        at number: Int,
        _ body: (_ input: RawSpan, _ target: RawSpan) throws(DatasetError) -> Result
    ) throws(DatasetError) -> Result {
        let shard = shardNumber(of: number)
        return try reader(of: shard).withSamples(at: number - starts[shard], body)
    }

    /// The name of one pair.
    ///
    /// - Parameter number: The pair's number in its split, from 0.
    /// - Returns: The pair's key.
    /// - Throws: ``DatasetError`` naming the shard.
    public func key(at number: Int) throws(DatasetError) -> String {
        let shard = shardNumber(of: number)
        return try reader(of: shard).key(at: number - starts[shard])
    }

    private func shardNumber(of number: Int) -> Int {
        precondition((0..<count).contains(number), "pair \(number) of \(count)")
        var low = 0
        var high = starts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= number { low = middle } else { high = middle }
        }
        return low
    }

    private func reader(of shard: Int) throws(DatasetError) -> ShardReader {
        try opened.withLock { (opened) throws(DatasetError) in
            if let reader = opened[shard] { return reader }
            let entry = shards[shard]
            let reader = try ShardReader(
                path: "\(folder)/\(entry.file)",
                entry: entry,
                index: index
            )
            opened[shard] = reader
            return reader
        }
    }
}
