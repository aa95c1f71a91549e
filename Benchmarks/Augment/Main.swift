import Augment
import DatasetKit
import Dispatch
import Foundation

/// Augments the pairs of a dataset again and again, and prints how long one took: what `augment.py`
/// compares with its peers.
///
///     augment-bench SHARDS RECIPE PAIRS THREADS
///
/// Each thread does PAIRS pairs. From mapped 8-bit samples to float planes, in batches of one whose memory is used again,
/// as in training. The first 64 pairs of each thread are not measured.
@main enum AugmentBench {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 5, let pairs = Int(arguments[3]), let threads = Int(arguments[4])
        else {
            print("usage: augment-bench SHARDS RECIPE PAIRS THREADS")
            exit(64)
        }
        let dataset = try Dataset(folder: arguments[1])
        let recipe = try Recipe(path: arguments[2])
        let augmentation = try Augmentation(recipe, for: dataset.index)
        guard let split = dataset.splits.first, let reader = dataset.split(split) else { exit(1) }
        let workers = (0..<threads).map { _ in Worker(augmentation, reader) }
        for worker in workers { try worker.run(0..<64) }

        let clock = ContinuousClock()
        let start = clock.now
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
            do {
                try workers[thread].run(thread * pairs..<(thread + 1) * pairs)
            } catch {
                print(error)
                exit(1)
            }
        }
        let seconds = (clock.now - start) / .seconds(1)
        print("{\"ms\": \(seconds * 1000 / Double(pairs * threads))}")
    }
}

/// What one thread works with; no two threads use the same.
private final class Worker: @unchecked Sendable {
    private let augmentation: Augmentation
    private let count: Int
    private let renderer: PairRenderer
    private var batch: PairBatch
    private var transform = PairTransform()

    init(_ augmentation: Augmentation, _ reader: SplitReader) {
        self.augmentation = augmentation
        count = reader.count
        renderer = PairRenderer(augmentation, of: reader)
        batch = renderer.batch(of: 1)
    }

    func run(_ numbers: Range<Int>) throws {
        for number in numbers {
            let epoch = 1 + number / count
            let sample = number % count
            augmentation.draw(seed: 0, epoch: epoch, sample: sample, of: count, into: &transform)
            try renderer.render(transform, of: sample, into: &batch, at: 0)
        }
    }
}
