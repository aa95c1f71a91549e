import Synchronization

/// Computes the SHA-256 of a build's shards, several at a time on each thread: of those that are
/// still in memory there, of others soon after they were written, so that large datasets are not
/// read from the disk again.
final class ShardHasher: Sendable {
    private struct State {
        /// Finished shards that wait for company.
        var waiting: [(shard: Int, pages: Pages?)] = []
        var entries: [Int: DatasetIndex.Shard] = [:]

        mutating func takeWaiting() -> [(shard: Int, pages: Pages?)] {
            defer { waiting = [] }
            return waiting
        }
    }

    private let plan: BuildPlan
    private let folder: String
    private let state = Mutex(State())

    /// Creates a hasher for the shards of a plan.
    init(_ plan: BuildPlan, in folder: String) {
        self.plan = plan
        self.folder = folder
    }

    /// Takes a finished shard; hashes it with others once there are enough.
    ///
    /// - Parameters:
    ///   - shard: Its place in the plan.
    ///   - pages: Its bytes, where they are in memory.
    /// - Throws: ``DatasetError`` with code `io` or `notFound`.
    func add(_ shard: Int, _ pages: Pages?) throws(DatasetError) {
        let batch = state.withLock { state in
            state.waiting.append((shard, pages))
            return state.waiting.count == LaneHasher.mostLanes ? state.takeWaiting() : []
        }
        try hash(batch[...])
    }

    /// Hashes the rest.
    ///
    /// - Parameter jobs: Threads to use.
    /// - Returns: The entries of the index, in the order of the plan.
    /// - Throws: ``DatasetError`` with code `io` or `notFound`.
    func finish(jobs: Int) throws(DatasetError) -> [DatasetIndex.Shard] {
        let rest = state.withLock { state in
            // Those of an interrupted build were never added.
            let waiting = state.takeWaiting()
            let known = Set(state.entries.keys).union(waiting.map(\.shard))
            let resumed = plan.shards.indices.filter { !known.contains($0) }
            return waiting + resumed.map { ($0, nil) }
        }
        // As many as a thread has lanes take no longer than one: a second thread would not help.
        let share = min(
            LaneHasher.mostLanes,
            max(LaneHasher.bestLanes, (rest.count + jobs - 1) / jobs)
        )
        let failure = Mutex<DatasetError?>(nil)
        parallelLoop(count: (rest.count + share - 1) / share, jobs: jobs) { number in
            do throws(DatasetError) {
                try hash(rest[number * share..<min(rest.count, (number + 1) * share)])
            } catch {
                failure.withLock { $0 = $0 ?? error }
            }
        }
        if let failure = failure.withLock({ $0 }) { throw failure }
        let entries = state.withLock(\.entries)
        return plan.shards.indices.compactMap { entries[$0] }
    }

    private func hash(_ batch: ArraySlice<(shard: Int, pages: Pages?)>) throws(DatasetError) {
        let batch = Array(batch)
        let paths = batch.map { "\(folder)/\(plan.shards[$0.shard].name.file)" }
        var sizes: [Int] = []
        for ((_, pages), path) in zip(batch, paths) {
            let size = if let pages { pages.count } else { try FileSystem.size(of: path) }
            sizes.append(size)
        }
        let hashes = try Checksum.sha256(ofSizes: sizes) { index throws(DatasetError) in
            if let pages = batch[index].pages { return HashedShard.pages(HashedPages(pages)) }
            return .file(try HashedFile(path: paths[index]))
        }
        for (index, (shard, _)) in batch.enumerated() {
            let entry = DatasetIndex.Shard(
                file: plan.shards[shard].name.file,
                samples: plan.shards[shard].pairs.count,
                bytes: sizes[index],
                sha256: hashes[index]
            )
            state.withLock { $0.entries[shard] = entry }
        }
    }
}

/// A shard where its bytes are.
private enum HashedShard: HashedSource {
    case pages(HashedPages)
    case file(HashedFile)

    mutating func read(
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(DatasetError) -> UnsafeRawBufferPointer {
        switch self {
        case .file(let file): return try unsafe file.read(into: buffer)
        case .pages(var pages):
            defer { self = .pages(pages) }
            return unsafe pages.read(into: buffer)
        }
    }
}
