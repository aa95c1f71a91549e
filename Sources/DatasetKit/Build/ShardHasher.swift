import Synchronization

/// Computes the SHA-256 of a build's shards, several at a time on each thread, soon after they were
/// written: large datasets are not read from the disk again.
final class ShardHasher: Sendable {
    /// Shards hashed side by side: as many as the widest vectors take.
    private static let lanes = 16

    private struct State {
        /// Finished shards that wait for company.
        var waiting: [Int] = []
        var entries: [Int: DatasetIndex.Shard] = [:]
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
    /// - Throws: ``DatasetError`` with code `io` or `notFound`.
    func add(_ shard: Int) throws(DatasetError) {
        let batch = state.withLock { state in
            state.waiting.append(shard)
            guard state.waiting.count == Self.lanes else { return [Int]() }
            defer { state.waiting = [] }
            return state.waiting
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
            plan.shards.indices.filter { state.entries[$0] == nil }
        }
        // As many as a thread has lanes take no longer than one: a second thread would not help.
        let share = min(Self.lanes, max(LaneHasher.bestLanes, (rest.count + jobs - 1) / jobs))
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

    private func hash(_ shards: ArraySlice<Int>) throws(DatasetError) {
        guard !shards.isEmpty else { return }
        let paths = shards.map { "\(folder)/\(plan.shards[$0].name.file)" }
        for ((shard, path), sha256) in zip(zip(shards, paths), try Checksum.sha256(ofFiles: paths))
        {
            let entry = DatasetIndex.Shard(
                file: plan.shards[shard].name.file,
                samples: plan.shards[shard].pairs.count,
                bytes: try FileSystem.size(of: path),
                sha256: sha256
            )
            state.withLock { $0.entries[shard] = entry }
        }
    }
}
