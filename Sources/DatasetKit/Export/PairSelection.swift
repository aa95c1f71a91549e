import Synchronization

/// The pairs to be exported, in the order of the dataset.
struct PairSelection: Sendable {
    /// One pair: its split, and its number in it.
    struct Pair: Sendable {
        var split: DatasetSplit
        var number: Int
    }

    /// The pairs.
    let pairs: [Pair]
    private let readers: [DatasetSplit: SplitReader]
    private let folder: String

    /// Picks pairs.
    ///
    /// - Parameters:
    ///   - dataset: The dataset.
    ///   - split: The only split; `nil` takes all.
    ///   - keys: The only names; none takes all.
    /// - Throws: ``DatasetError``: `notFound` if the split has no pairs or a name does not occur,
    ///   `corrupt`.
    init(of dataset: Dataset, split: DatasetSplit?, keys: [String]) throws(DatasetError) {
        folder = dataset.folder
        var readers: [DatasetSplit: SplitReader] = [:]
        for name in split.map({ [$0] }) ?? dataset.splits {
            readers[name] = try dataset.pairs(of: name)
        }
        self.readers = readers
        let wanted = Set(keys)
        var missing = wanted
        var pairs: [Pair] = []
        for name in DatasetSplit.allCases {
            guard let reader = readers[name] else { continue }
            for number in 0..<reader.count {
                if !wanted.isEmpty {
                    let key = try reader.key(at: number)
                    guard wanted.contains(key) else { continue }
                    missing.remove(key)
                }
                pairs.append(Pair(split: name, number: number))
            }
        }
        guard missing.isEmpty else {
            throw DatasetError(
                .notFound,
                "it has no pairs named \(missing.sorted().joined(separator: ", "))"
                    + (split.map { " in the split \($0.rawValue)" } ?? ""),
                path: dataset.folder
            )
        }
        self.pairs = pairs
    }

    /// A pair's name.
    ///
    /// - Throws: ``DatasetError`` naming the shard.
    func key(of pair: Pair) throws(DatasetError) -> String {
        try reader(of: pair).key(at: pair.number)
    }

    /// A pair's images.
    ///
    /// - Throws: ``DatasetError`` naming the shard.
    func images(of pair: Pair) throws(DatasetError) -> ImagePair {
        try reader(of: pair).pair(at: pair.number)
    }

    /// Does the same for many pairs on several threads, until one fails.
    ///
    /// - Throws: The first error.
    func forEach(
        in range: Range<Int>,
        jobs: Int,
        _ body: @Sendable (_ place: Int, Pair) throws(DatasetError) -> Void
    ) throws(DatasetError) {
        let failure = Mutex<DatasetError?>(nil)
        parallelLoop(count: range.count, jobs: jobs) { offset in
            guard failure.withLock({ $0 == nil }) else { return }
            do throws(DatasetError) {
                try body(offset, pairs[range.lowerBound + offset])
            } catch {
                failure.withLock { $0 = $0 ?? error }
            }
        }
        if let failure = failure.withLock({ $0 }) { throw failure }
    }

    private func reader(of pair: Pair) throws(DatasetError) -> SplitReader {
        guard let reader = readers[pair.split] else {
            throw DatasetError(.notFound, "it has no \(pair.split.rawValue) pairs", path: folder)
        }
        return reader
    }
}
