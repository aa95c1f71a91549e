import CommandKit
import DatasetKit

/// A dataset in one line.
struct DatasetSummary {
    private let index: DatasetIndex

    init(_ index: DatasetIndex) {
        self.index = index
    }

    /// Such as `facades, train 400 + val 100 pairs, input 286x286x3 U8, …`.
    var text: String {
        let splits = DatasetSplit.allCases.compactMap { split in
            index.splits[split].map { "\(split.rawValue) \($0.samples)" }
        }
        let shards = index.splits.values.flatMap(\.shards)
        let conversions = index.counts.conversions.sorted { $0.key < $1.key }
            .map { ", \($0.key) \($0.value)" }
        return
            "\(index.name), \(splits.joined(separator: " + ")) pairs, input \(text(index.input)), "
            + "target \(text(index.target)), \(shards.count) shards, "
            + Readable.bytes(shards.reduce(0) { $0 + $1.bytes }) + conversions.joined()
    }

    private func text(_ side: DatasetIndex.Side) -> String {
        "\(side.size)x\(side.channels) \(side.dtype.rawValue)"
    }
}
