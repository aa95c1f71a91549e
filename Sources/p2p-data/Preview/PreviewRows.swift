import Augment
import DatasetKit

/// What a preview shows: for one pair, or one operation, the original and what becomes of it.
struct PreviewRows {
    /// Stands above: the pair, or the operation.
    var title: String
    /// The pair's number in its split.
    var sample: Int
    /// The original first.
    var pictures: [Picture]

    /// One pair as people look at it.
    struct Picture {
        /// Stands above it, such as the epoch.
        var title: String
        /// What was done, in few words.
        var caption: String
        /// What was done; `nil` for the original.
        var transform: PairTransform?
        /// 8-bit grey or RGB.
        var pair: ImagePair
    }
}

/// Draws and applies: what makes the pictures of a preview.
struct PreviewSource {
    let reader: SplitReader
    let index: DatasetIndex
    let augmentation: Augmentation
    let split: DatasetSplit
    /// The run's seed.
    let seed: UInt64
    private let renderer: PairRenderer

    init(
        _ reader: SplitReader,
        _ split: DatasetSplit,
        in index: DatasetIndex,
        by augmentation: Augmentation,
        seed: UInt64
    ) {
        self.seed = seed
        self.reader = reader
        self.split = split
        self.index = index
        self.augmentation = augmentation
        renderer = PairRenderer(augmentation, of: reader)
    }

    /// A pair in the draws of some epochs: exactly what training with this seed sees.
    func draws(
        of number: Int,
        epochs: Range<Int>
    ) throws(DatasetError) -> PreviewRows {
        var rows = try rows(of: number)
        for epoch in epochs {
            let transform = augmentation.draw(
                seed: seed,
                epoch: epoch,
                sample: number,
                of: reader.count
            )
            rows.pictures.append(try picture("epoch \(epoch)", transform, of: number))
        }
        return rows
    }

    /// A pair in the draws of a record.
    func replayed(_ draws: [PreviewRecord.Draw]) throws(DatasetError) -> PreviewRows {
        var rows = try rows(of: draws[0].sample)
        for draw in draws {
            rows.pictures.append(
                try picture("epoch \(draw.epoch)", draw.operations, of: draw.sample)
            )
        }
        return rows
    }

    /// A pair in every range of every operation, from end to end.
    func sweeps(of number: Int, places: Int) throws(DatasetError) -> [PreviewRows] {
        var all: [PreviewRows] = []
        for sweep in augmentation.sweeps(sample: number, of: reader.count, places: places) {
            var rows = try rows(of: number)
            rows.title =
                sweep.parameter.isEmpty ? sweep.operation : "\(sweep.operation): \(sweep.parameter)"
            for (place, transform) in sweep.transforms.enumerated() {
                let last = sweep.transforms.count - 1
                let title = last == 0 ? "done" : "\(100 * place / last) %"
                rows.pictures.append(try picture(title, transform, of: number))
            }
            all.append(rows)
        }
        return all
    }

    private func rows(of number: Int) throws(DatasetError) -> PreviewRows {
        let pair = try reader.pair(at: number)
        return PreviewRows(
            title: "\(split.rawValue)/\(try reader.key(at: number))",
            sample: number,
            pictures: [
                PreviewRows.Picture(title: "original", caption: "as built", pair: displayed(pair))
            ]
        )
    }

    private func picture(
        _ title: String,
        _ transform: PairTransform,
        of number: Int
    ) throws(DatasetError) -> PreviewRows.Picture {
        var batch = renderer.batch(of: 1)
        try renderer.render(transform, of: number, into: &batch, at: 0)
        return PreviewRows.Picture(
            title: title,
            caption: transform.operations.isEmpty ? "nothing" : transform.summary,
            transform: transform,
            pair: displayed(batch.pair(at: 0))
        )
    }

    private func displayed(_ pair: ImagePair) -> ImagePair {
        ImagePair(
            input: index.input.displayed(pair.input),
            target: index.target.displayed(pair.target)
        )
    }
}
