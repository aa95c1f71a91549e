import Dispatch
import Synchronization

/// Brings whole shards to the disk, those in memory on a thread of its own, and knows which are
/// finished: whose bytes and names will last.
///
/// Up to sixteen files are synchronised at a time, which takes a third less than one by one, as many
/// files' places lie in one block of the file system (measured on ext4 without a journal). One that
/// comes more than a second after the last is synchronised at once: a build that is killed loses
/// little of its work.
final class ShardDisk: Sendable {
    /// A shard whose bytes are written.
    private struct Written {
        var shard: Int
        var file: OutputFile
        var receipt: ShardReceipts.Receipt
    }

    private struct State {
        /// Those that are not synchronised yet.
        var written: [Written] = []
        /// When some were last taken to be synchronised.
        var lastTaken = ContinuousClock.now
        var finished: Set<Int> = []
        var failure: DatasetError?

        var isDue: Bool {
            written.count == ShardDisk.mostAtOnce || lastTaken.duration(to: .now) > .seconds(1)
        }

        mutating func takeWritten() -> [Written] {
            defer { (written, lastTaken) = ([], .now) }
            return written
        }
    }

    private static let mostAtOnce = 16

    private let receipts: ShardReceipts
    private let queue = DispatchQueue(label: "disk")
    private let state = Mutex(State())

    /// - Parameter receipts: Where finished shards are noted.
    init(_ receipts: ShardReceipts) {
        self.receipts = receipts
    }

    /// What went wrong on the way to the disk.
    var failure: DatasetError? { state.withLock(\.failure) }

    /// Finishes a shard.
    ///
    /// - Parameters:
    ///   - shard: Its place in the plan.
    ///   - writer: What wrote it; it is sealed.
    ///   - receipt: What to note of it.
    /// - Throws: ``DatasetError`` with code `io`.
    func finish(
        _ shard: Int,
        _ writer: ShardWriter,
        _ receipt: ShardReceipts.Receipt
    ) throws(DatasetError) {
        try finish([Written(shard: shard, file: writer.written(), receipt: receipt)])
    }

    /// The same soon, for one in memory: nobody waits.
    ///
    /// With a full disk nothing more is tried.
    func finishLater(_ shard: Int, _ writer: ShardWriter, _ receipt: ShardReceipts.Receipt) {
        queue.async { [self] in
            guard failure == nil else { return }
            noting { () throws(DatasetError) in
                let one = Written(shard: shard, file: try writer.written(), receipt: receipt)
                let some = state.withLock { state in
                    state.written.append(one)
                    return state.isDue ? state.takeWritten() : []
                }
                try finish(some)
            }
        }
    }

    /// Waits until everything is on the disk, in a folder whose names last, too.
    ///
    /// - Parameter folder: The path of the folder.
    /// - Returns: The shards that were finished, and what went wrong with another.
    func settle(in folder: String) -> (finished: Set<Int>, failure: DatasetError?) {
        queue.sync {
            noting { () throws(DatasetError) in
                try finish(state.withLock { $0.takeWritten() })
                try FileSystem.synchronizeFolder(of: "\(folder)/\(DatasetIndex.fileName)")
            }
        }
        return state.withLock { ($0.finished, $0.failure) }
    }

    private func finish(_ written: [Written]) throws(DatasetError) {
        try OutputFile.commit(written.map(\.file))
        for one in written {
            try receipts.add(one.receipt)
            state.withLock { _ = $0.finished.insert(one.shard) }
        }
    }

    /// Keeps the first error for those who wait.
    private func noting(_ body: () throws(DatasetError) -> Void) {
        do throws(DatasetError) {
            try body()
        } catch {
            state.withLock { $0.failure = $0.failure ?? error }
        }
    }
}
