import Synchronization

/// The part of a build that decodes images and fills shards, on several threads.
///
/// Threads take pairs in order and write them to their places. Memory holds a few images per thread
/// and a few small shards, whatever the size of the dataset.
struct DatasetWriting: Sendable {
    let plan: BuildPlan
    let decoder: PairDecoder
    let jobs: Int
    /// Where the shards go; `nil` decodes everything and writes nothing.
    let output: ShardOutput?
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
        /// What the index says of the shards, if all are finished, in the order of the plan.
        var entries: [DatasetIndex.Shard] = []
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
                if isWriting { try output?.write(decoded, pair, to: shard) }
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
        let isComplete = outcome.withLock {
            $0.faults.isEmpty && $0.failure == nil && !$0.wasStopped
        }
        do throws(DatasetError) {
            // Hashes the last shards while the disk still writes some.
            let entries = try isComplete ? output?.entries(jobs: jobs) : nil
            outcome.withLock { $0.entries = entries ?? [] }
        } catch {
            outcome.withLock { $0.failure = error }
        }
        let settled = output?.settle()
        return outcome.withLock { outcome in
            outcome.finished.formUnion(settled?.finished ?? [])
            outcome.failure = outcome.failure ?? settled?.failure
            outcome.faults.sort { $0.pair < $1.pair }
            for shard in outcome.finished.sorted() {
                guard let receipt = output?.receipts[plan.shards[shard].name.file] else { continue }
                outcome.conversions.add(ConversionCounts(byName: receipt.conversions))
                outcome.warnings += receipt.warnings
            }
            return outcome
        }
    }

    /// Nothing yet but what an interrupted build has finished.
    private func resumed() -> Outcome {
        var outcome = Outcome()
        outcome.finished = output?.finished(jobs: jobs) ?? []
        outcome.resumed = outcome.finished.count
        outcome.done = outcome.finished.reduce(0) { $0 + plan.shards[$1].pairs.count }
        return outcome
    }
}
