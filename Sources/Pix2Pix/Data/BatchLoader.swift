public import Augment
public import DatasetKit
import Dispatch
import Synchronization

/// Prepares the batches of a training on threads of its own, a few ahead of the one in use.
///
/// What a batch holds depends on the seed and on its place in the training only: not on the number
/// of threads, nor on where the loader starts. Memory holds at most two batches more
/// than there are threads.
public final class BatchLoader: Sendable {
    /// Which batches there are.
    public struct Plan: Sendable {
        /// The pairs.
        public var reader: SplitReader
        /// What happens to them.
        public var augmentation: Augmentation
        /// Pairs per batch; the last batch of an epoch may have fewer.
        public var batchSize: Int
        /// The seed of order and augmentation.
        public var seed: UInt64
        /// What of floats becomes −1…1.
        let ranges: FloatRanges

        /// Creates a plan.
        ///
        /// - Parameters:
        ///   - reader: The pairs.
        ///   - augmentation: What happens to them.
        ///   - options: The seed, how many pairs there are in a step, and what of floats becomes −1…1.
        ///   - index: What the pairs are.
        public init(
            reader: SplitReader,
            augmentation: Augmentation,
            options: TrainOptions,
            of index: DatasetIndex
        ) {
            self.reader = reader
            self.augmentation = augmentation
            batchSize = options.batchSize * options.accumulate
            seed = UInt64(bitPattern: Int64(options.seed))
            ranges = FloatRanges(options, for: index)
        }

        /// Batches in an epoch.
        public var stepsPerEpoch: Int { (reader.count + batchSize - 1) / batchSize }

        /// The numbers of the pairs of one batch.
        ///
        /// - Parameters:
        ///   - order: The order of the epoch.
        ///   - step: The batch in the epoch, from 0.
        /// - Returns: As many as a batch has, or the epoch's rest.
        func numbers(_ order: [Int], step: Int) -> ArraySlice<Int> {
            order[step * batchSize..<min((step + 1) * batchSize, order.count)]
        }
    }

    /// What one thread works with.
    private struct Worker {
        var renderer: PairRenderer
        var transform = PairTransform()
    }

    private let plan: Plan
    private let end: Int
    private let state: Mutex<State>
    /// Counts the places for batches that are neither prepared nor in use.
    private let places: DispatchSemaphore
    /// Signalled once for each batch prepared.
    private let prepared = DispatchSemaphore(value: 0)

    private struct State {
        /// The next batch to be prepared.
        var next: Int
        /// The next batch to be handed out.
        var wanted: Int
        var batches: [Int: Result<PairBatch, DatasetError>] = [:]
        /// Batches that are no longer in use: memory for new ones.
        var spare: [PairBatch] = []
        /// The order of the epochs that batches are being prepared for.
        var orders: [Int: [Int]] = [:]
        var isStopped = false
    }

    /// Starts the threads.
    ///
    /// - Parameters:
    ///   - plan: Which batches there are.
    ///   - range: The batches to prepare, counted over all epochs from 0.
    ///   - threads: How many threads prepare batches.
    public init(_ plan: Plan, range: Range<Int>, threads: Int) {
        self.plan = plan
        end = range.upperBound
        state = Mutex(State(next: range.lowerBound, wanted: range.lowerBound))
        // Created at 0 and raised: a semaphore must not be freed below its initial value.
        places = DispatchSemaphore(value: 0)
        for _ in 0..<threads + 2 { places.signal() }
        for number in 0..<threads {
            DispatchQueue(label: "p2p.reader-\(number)").async { self.prepare() }
        }
    }

    /// The next batch, waiting for it if need be; `nil` after the last.
    ///
    /// - Throws: ``DatasetError`` where a pair cannot be read.
    public func next() throws(DatasetError) -> PairBatch? {
        let wanted = state.withLock { state in
            defer { state.wanted += 1 }
            return state.wanted
        }
        guard wanted < end else { return nil }
        while true {
            if let result = state.withLock({ $0.batches.removeValue(forKey: wanted) }) {
                places.signal()
                return try result.get()
            }
            prepared.wait()
        }
    }

    /// Takes a batch back that is no longer needed, so that its memory serves the next one.
    public func reuse(_ batch: PairBatch) {
        state.withLock { state in
            if state.spare.count < 2 { state.spare.append(batch) }
        }
    }

    /// Ends the threads: to be called when no more batches are wanted.
    public func stop() {
        state.withLock { $0.isStopped = true }
        // Whoever waits for a place finds out; each passes it on.
        places.signal()
    }

    /// One thread's work: claim the next batch, prepare it, leave it to be fetched.
    private func prepare() {
        var worker = Worker(renderer: PairRenderer(plan.augmentation, of: plan.reader))
        while true {
            // A place is taken before a batch is claimed, so that the batch wanted next always has
            // one: no deadlock.
            places.wait()
            let claim = state.withLock { state -> Int? in
                guard !state.isStopped, state.next < end else { return nil }
                defer { state.next += 1 }
                return state.next
            }
            guard let claim else {
                places.signal()
                return
            }
            let result = Result { () throws(DatasetError) in
                try batch(claim, by: &worker)
            }
            state.withLock { $0.batches[claim] = result }
            prepared.signal()
        }
    }

    private func batch(_ number: Int, by worker: inout Worker) throws(DatasetError) -> PairBatch {
        let epoch = 1 + number / plan.stepsPerEpoch
        let numbers = plan.numbers(order(of: epoch), step: number % plan.stepsPerEpoch)
        var batch = spareBatch(of: numbers.count) ?? worker.renderer.batch(of: numbers.count)
        for (place, number) in numbers.enumerated() {
            plan.augmentation.draw(
                seed: plan.seed,
                epoch: epoch,
                sample: number,
                of: plan.reader.count,
                into: &worker.transform
            )
            try worker.renderer.render(worker.transform, of: number, into: &batch, at: place)
        }
        try plan.ranges.apply(to: &batch) { (place) throws(DatasetError) in
            try plan.reader.key(at: numbers[numbers.startIndex + place])
        }
        return batch
    }

    /// A batch of that many pairs that is no longer in use.
    private func spareBatch(of count: Int) -> PairBatch? {
        state.withLock { state in
            state.spare.firstIndex { $0.count == count }.map { state.spare.remove(at: $0) }
        }
    }

    private func order(of epoch: Int) -> [Int] {
        state.withLock { state in
            if let order = state.orders[epoch] { return order }
            let order = EpochOrder.shuffled(count: plan.reader.count, seed: plan.seed, epoch: epoch)
            // Other threads may still be at the end of the epoch before.
            state.orders = state.orders.filter { $0.key == epoch - 1 }
            state.orders[epoch] = order
            return order
        }
    }
}
