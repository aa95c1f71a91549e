import ArgumentParser
import Augment
import CommandKit
import DatasetKit

/// `p2p-data preview`: what augmentation will do to the pairs.
struct PreviewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview",
        abstract: "Draw a contact sheet: each pair as it is and as training will see it.",
        discussion: """
            Each draw is that of one epoch: the first of those shown is --epoch, and with the same \
            --seed p2p-train sees exactly these.
            """
    )

    @Argument(help: "The recipe with the operations to show; by default the dataset's own.")
    var recipe: String?

    @OptionGroup var dataset: ShardsOption

    @Option(help: "The PNG file to write.")
    var out = "preview.png"

    @Option(help: "The split the pairs are from.")
    var split = DatasetSplit.train

    @Option(help: "How many pairs to show, evenly spread over the split.")
    var pairs = 4

    @Option(help: "How many draws to show of each pair.")
    var draws = 5

    @Option(help: "The run's seed.")
    var seed: UInt64 = 0

    @Option(help: "The epoch of the first draw.")
    var epoch = 1

    func validate() throws {
        guard (1...64).contains(pairs) else {
            throw ValidationError("--pairs takes a number from 1 to 64, found \(pairs)")
        }
        guard (1...32).contains(draws) else {
            throw ValidationError("--draws takes a number from 1 to 32, found \(draws)")
        }
        guard epoch >= 1 else {
            throw ValidationError("--epoch takes a number from 1, found \(epoch)")
        }
    }

    func run() throws {
        try reportingErrors {
            let dataset = try Dataset(folder: dataset.shards)
            guard let reader = dataset.split(split) else {
                let found = dataset.splits.map(\.rawValue).joined(separator: ", ")
                throw DatasetError(
                    .notFound,
                    "it has no pairs in the split \(split.rawValue), only in \(found)",
                    path: dataset.folder
                )
            }
            let recipe = try recipe.map { (path) throws(DatasetError) in try Recipe(path: path) }
            let augmentation = try Augmentation(
                try recipe ?? dataset.recipe(),
                for: dataset.index
            )
            let sheet = try contactSheet(of: reader, in: dataset.index, with: augmentation)
            try FileSystem.writeAtomically(try ImageCodec.encodePNG(sheet.drawn()), to: out)
            Console.result(out)
        }
    }

    /// Two rows a pair: inputs above targets, the original first.
    private func contactSheet(
        of reader: SplitReader,
        in index: DatasetIndex,
        with augmentation: Augmentation
    ) throws(DatasetError) -> ImageGrid {
        let count = min(pairs, reader.count)
        let epochs = epoch..<epoch + draws
        let renderer = PairRenderer(augmentation, of: reader)
        var rows: [ImageGrid.Row] = []
        for place in 0..<count {
            let number = place * reader.count / count
            let transforms = epochs.map {
                augmentation.draw(seed: seed, epoch: $0, sample: number, of: reader.count)
            }
            var drawn = [try reader.pair(at: number)]
            for transform in transforms {
                var batch = renderer.batch(of: 1)
                try renderer.render(transform, of: number, into: &batch, at: 0)
                drawn.append(batch.pair(at: 0))
            }
            rows.append(
                ImageGrid.Row(
                    title: "\(split.rawValue)/\(try reader.key(at: number))",
                    images: drawn.map { index.input.displayed($0.input) }
                )
            )
            rows.append(
                ImageGrid.Row(
                    images: drawn.map { index.target.displayed($0.target) },
                    captions: ["as built"] + transforms.map(\.summary)
                )
            )
        }
        return ImageGrid(columnTitles: ["original"] + epochs.map { "epoch \($0)" }, rows: rows)
    }
}
