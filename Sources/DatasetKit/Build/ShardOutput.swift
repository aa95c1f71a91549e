import Dispatch
import Synchronization

/// The shards of a build: takes decoded pairs in any order from any thread, finishes each shard with
/// its last pair, and knows what an interrupted build has finished.
///
/// A shard that is put together in memory is hashed there, and a thread of its own writes it, so that
/// nobody waits for the disk. A larger one, and any while the disk falls behind, is written by those
/// who decode, and read again for its hash.
final class ShardOutput: Sendable {
    /// Where the shards go.
    let build: UnfinishedBuild
    /// What is known of the finished ones.
    let receipts: ShardReceipts
    /// Of the pairs that were written.
    let samples: PairSamples
    private let plan: BuildPlan
    private let hasher: ShardHasher
    /// For those that wait to be hashed together, and those in work or on their way to the disk.
    private let memory = PagePool(
        size: ShardLayout.mostInMemory,
        capacity: LaneHasher.mostLanes + 8
    )
    private let disk: ShardDisk
    /// One for each shard of the plan.
    private let shards: [SharedShard]

    /// Takes over the folder for the shards of a plan; what is there of another dataset goes.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    init(_ plan: BuildPlan, in build: UnfinishedBuild) throws(DatasetError) {
        self.build = build
        self.plan = plan
        receipts = try build.begin(fingerprint: plan.fingerprint)
        disk = ShardDisk(receipts)
        samples = PairSamples(of: plan.pairs.count)
        hasher = ShardHasher(plan, in: build.path)
        shards = plan.shards.map { _ in SharedShard() }
    }

    /// Writes a pair; completes its shard if it was the last one missing.
    ///
    /// - Parameters:
    ///   - decoded: The pair.
    ///   - pair: Its place in the plan.
    ///   - shard: The place of its shard in the plan.
    /// - Throws: ``DatasetError`` with code `io` or `notFound`, of this shard or an earlier one.
    func write(
        _ decoded: PairDecoder.Decoded,
        _ pair: Int,
        to shard: Int
    ) throws(DatasetError) {
        if let failure = disk.failure { throw failure }
        let planned = plan.shards[shard]
        let writer = try shards[shard].writer { () throws(DatasetError) in
            try plan.writer(for: planned, in: build.path, memory: memory)
        }
        shards[shard].add(decoded)
        samples.take(decoded.pair, at: pair)
        guard try writer.write(decoded.pair, at: pair - planned.pairs.lowerBound) else { return }
        let receipt = shards[shard].close(named: planned.name.file)
        let pages = try writer.seal()
        if pages == nil {
            try disk.finish(shard, writer, receipt)
        } else {
            disk.finishLater(shard, writer, receipt)
        }
        try hasher.add(shard, pages)
    }

    /// Waits until everything is on the disk.
    ///
    /// - Returns: The shards that were finished, and what went wrong with another.
    func settle() -> (finished: Set<Int>, failure: DatasetError?) {
        // Giving the memory back takes a while, and nobody needs to wait for it.
        defer { DispatchQueue.global().async { [memory] in memory.release() } }
        return disk.settle(in: build.path)
    }

    /// What an interrupted build has left: shards that are whole and that pass their CRCs.
    ///
    /// - Parameter jobs: Threads to use.
    /// - Returns: Their places in the plan.
    func finished(jobs: Int) -> Set<Int> {
        let sound = Mutex<Set<Int>>([])
        parallelLoop(count: plan.shards.count, jobs: jobs) { shard in
            guard receipts[plan.shards[shard].name.file] != nil, isSound(shard) else { return }
            sound.withLock { _ = $0.insert(shard) }
        }
        return sound.withLock { $0 }
    }

    /// The shards' entries in the index, once every pair is written; the disk may be behind.
    ///
    /// - Parameter jobs: Threads to use.
    /// - Returns: One for each shard, in the order of the plan.
    /// - Throws: ``DatasetError`` with code `io` or `notFound`.
    func entries(jobs: Int) throws(DatasetError) -> [DatasetIndex.Shard] {
        try hasher.finish(jobs: jobs)
    }

    private func isSound(_ shard: Int) -> Bool {
        let planned = plan.shards[shard]
        guard
            let reader = try? ShardReader(
                path: "\(build.path)/\(planned.name.file)",
                samples: planned.pairs.count,
                sides: plan.sides,
                fingerprint: plan.fingerprint
            )
        else { return false }
        return (0..<planned.pairs.count).allSatisfy { position in
            (try? reader.check(position)) != nil
        }
    }
}

/// A shard that several threads fill: opened by the first, closed by the last.
private final class SharedShard: Sendable {
    private struct State {
        var writer: ShardWriter?
        var conversions = ConversionCounts()
        var warnings: [String] = []
    }

    private let state = Mutex(State())

    func writer(
        orOpen open: () throws(DatasetError) -> ShardWriter
    ) throws(DatasetError) -> ShardWriter {
        try state.withLock { (state) throws(DatasetError) in
            if let writer = state.writer { return writer }
            let writer = try open()
            state.writer = writer
            return writer
        }
    }

    func add(_ decoded: PairDecoder.Decoded) {
        state.withLock { state in
            state.conversions.add(decoded.counts)
            state.warnings += decoded.warnings
        }
    }

    /// Lets go of the file; what has been counted, the same whatever the order of the threads.
    func close(named name: String) -> ShardReceipts.Receipt {
        state.withLock { state in
            state.writer = nil
            return ShardReceipts.Receipt(
                shard: name,
                conversions: state.conversions.byName,
                warnings: state.warnings.sorted()
            )
        }
    }
}
