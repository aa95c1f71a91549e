import DatasetKit
import FoundationEssentials
import Pix2Pix
import Synchronization

/// The pictures of those epochs that the page shows, ready to stand in it.
///
/// Encoded once: a report that is written after each epoch has one or two new ones to make.
final class ShownEpochs {
    /// The pictures of an epoch as `data:` addresses, one a row.
    struct Epoch {
        let number: Int
        let generated: [String]
    }

    /// What is the same in all epochs.
    struct Pair {
        let input: String
        let target: String
        let size: ImageSize
    }

    /// About so many epochs at most.
    private static let limit = 40
    /// The longer side of a picture in pixels.
    private static let side = 256

    private(set) var pairs: [Pair] = []
    private(set) var epochs: [Epoch] = []
    private var made: [Int: Epoch] = [:]

    /// Brings the pictures up to date.
    ///
    /// - Parameters:
    ///   - samples: The pictures of the run.
    ///   - best: The epoch that counts as the best one.
    ///   - jobs: Threads.
    /// - Throws: ``DatasetError`` where a picture cannot be encoded.
    func update(_ samples: RunSamples, best: Int?, jobs: Int) throws(DatasetError) {
        // The last epoch's grid is cut anew: a run that went on after a stop has drawn it again.
        if let last = samples.epochs.last { made[last] = nil }
        let chosen = Self.chosen(of: samples.epochs, best: best)
        let missing = chosen.filter { made[$0] == nil }
        let results = Mutex<[Int: Epoch]>([:])
        parallelLoop(count: missing.count, jobs: jobs) { number in
            // What is no grid of this run is left out, as if it were not there.
            guard let rows = try? samples.rows(epoch: missing[number]),
                let pictures = try? rows.map({ try Self.address($0.generated) })
            else { return }
            let epoch = Epoch(number: missing[number], generated: pictures)
            results.withLock { $0[epoch.number] = epoch }
        }
        made.merge(results.withLock { $0 }) { $1 }
        let found = chosen.compactMap { made[$0] }
        guard let last = found.last, let rows = try? samples.rows(epoch: last.number) else {
            return (pairs, epochs) = ([], [])
        }
        epochs = found.filter { $0.generated.count == rows.count }
        var pairs: [Pair] = []
        for row in rows {
            pairs.append(
                Pair(
                    input: try Self.address(row.input),
                    target: try Self.address(row.target),
                    size: row.input.size
                )
            )
        }
        self.pairs = pairs
    }

    /// The first, the best and the last epoch, and those with round numbers between them, so that
    /// most stay when the run goes on.
    static func chosen(of epochs: [Int], best: Int?) -> [Int] {
        guard let first = epochs.first, let last = epochs.last else { return [] }
        let steps = (0...).lazy.flatMap { power in
            [1, 2, 5].map { $0 * (0..<power).reduce(1) { product, _ in product * 10 } }
        }
        let step = steps.first { step in epochs.count { $0.isMultiple(of: step) } <= limit } ?? 1
        return epochs.filter {
            $0.isMultiple(of: step) || $0 == first || $0 == last || $0 == best
        }
    }

    private static func address(_ image: Image) throws(DatasetError) -> String {
        let small = RunSamples.shrunk(image, toSide: side)
        let bytes = try ImageCodec.encodeJPEG(small, quality: 85)
        return "data:image/jpeg;base64,\(Data(bytes).base64EncodedString())"
    }
}
