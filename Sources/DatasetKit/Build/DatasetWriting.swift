import Synchronization

/// The part of a build that decodes images and fills shards, on several threads.
///
/// Threads take pairs in order and write them to their places; whoever writes the last pair of a
/// shard completes it. Memory holds a few images per thread, whatever the size of the dataset.
struct DatasetWriting: Sendable {
    let plan: BuildPlan
    let decoder: PairDecoder
    let jobs: Int
    /// Where the shards go, and who hashes them; `nil` decodes everything and writes nothing.
    let output: (build: UnfinishedBuild, hasher: ShardHasher)?
    /// Asked before each pair: whether to stop there.
    let shouldStop: @Sendable () -> Bool

    /// What came of it.
    struct Outcome {
        /// Pairs that could not be decoded, by their place in the plan.
        var faults: [(pair: Int, fault: PairFault)] = []
        /// An error that is not about one image, such as a full disk: the build is over for now.
        var failure: DatasetError?
        /// Whether it was asked to stop before everything was done.
        var wasStopped = false
        /// What was done to the images of all finished shards.
        var conversions = ConversionCounts()
        /// What the decoders found odd, sorted.
        var warnings: [String] = []
        /// Which shards are finished.
        var finished: Set<Int> = []
        /// The finished shards that were there before.
        var resumed = 0
        fileprivate var done = 0
    }

    /// Decodes and writes what is not finished yet.
    ///
    /// - Parameter progress: Called after each pair with how many are done, and of how many.
    /// - Returns: What is finished, or what went wrong.
    func run(progress: @Sendable (Int, Int) -> Void) -> Outcome {
        let start = resumed()
        let open = plan.shards.indices.filter { !start.finished.contains($0) }
        let work = open.flatMap { shard in plan.shards[shard].pairs.map { (shard, $0) } }
        let total = plan.pairs.count
        let writers = plan.shards.map { _ in SharedShard() }
        let outcome = Mutex(start)
        parallelLoop(count: work.count, jobs: jobs) { number in
            let (shard, pair) = work[number]
            guard outcome.withLock({ $0.failure == nil && !$0.wasStopped }) else { return }
            if shouldStop() {
                outcome.withLock { $0.wasStopped = true }
                return
            }
            let decoded: PairDecoder.Decoded
            do throws(PairFault) {
                decoded = try decoder.decode(plan.pairs[pair])
            } catch {
                outcome.withLock { $0.faults.append((pair, error)) }
                return
            }
            // With a fault anywhere nothing more of this run is kept: only look for more faults.
            let isWriting = outcome.withLock { $0.faults.isEmpty }
            do throws(DatasetError) {
                if isWriting, let output {
                    let isWhole = try write(decoded, pair, shard, writers[shard], output.build)
                    if isWhole {
                        outcome.withLock { _ = $0.finished.insert(shard) }
                        try output.hasher.add(shard)
                    }
                }
            } catch {
                outcome.withLock { $0.failure = $0.failure ?? error }
                return
            }
            let done = outcome.withLock { outcome in
                outcome.done += 1
                return outcome.done
            }
            progress(done, total)
        }
        return outcome.withLock { outcome in
            outcome.faults.sort { $0.pair < $1.pair }
            for receipt in outcome.finished.sorted().compactMap(receipt(of:)) {
                outcome.conversions.add(ConversionCounts(byName: receipt.conversions))
                outcome.warnings += receipt.warnings
            }
            return outcome
        }
    }

    /// Writes a pair; completes its shard if it was the last one missing.
    ///
    /// - Returns: Whether the shard is complete.
    private func write(
        _ decoded: PairDecoder.Decoded,
        _ pair: Int,
        _ shard: Int,
        _ shared: SharedShard,
        _ build: UnfinishedBuild
    ) throws(DatasetError) -> Bool {
        let planned = plan.shards[shard]
        let writer = try shared.writer { () throws(DatasetError) in
            try plan.writer(for: planned, in: build.path)
        }
        shared.add(decoded)
        guard try writer.write(decoded.pair, at: pair - planned.pairs.lowerBound) else {
            return false
        }
        try writer.finish()
        try build.finish(planned.name.file, shared.close())
        return true
    }

    // MARK: - Going on

    /// What an interrupted build has left: shards that are whole and that pass their CRCs.
    private func resumed() -> Outcome {
        var outcome = Outcome()
        guard output != nil else { return outcome }
        let sound = Mutex<Set<Int>>([])
        parallelLoop(count: plan.shards.count, jobs: jobs) { number in
            guard receipt(of: number) != nil, isSound(number) else { return }
            sound.withLock { _ = $0.insert(number) }
        }
        outcome.finished = sound.withLock { $0 }
        outcome.resumed = outcome.finished.count
        outcome.done = outcome.finished.reduce(0) { $0 + plan.shards[$1].pairs.count }
        return outcome
    }

    private func receipt(of shard: Int) -> UnfinishedBuild.Receipt? {
        output?.build.receipt(of: plan.shards[shard].name.file)
    }

    private func isSound(_ shard: Int) -> Bool {
        guard let build = output?.build else { return false }
        let planned = plan.shards[shard]
        let path = "\(build.path)/\(planned.name.file)"
        guard
            let reader = try? ShardReader(
                path: path,
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
    func close() -> UnfinishedBuild.Receipt {
        state.withLock { state in
            state.writer = nil
            return UnfinishedBuild.Receipt(
                conversions: state.conversions.byName,
                warnings: state.warnings.sorted()
            )
        }
    }
}
