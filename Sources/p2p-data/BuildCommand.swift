import ArgumentParser
import Augment
import CommandKit
import DatasetKit

/// `p2p-data build RECIPE`: images become a dataset.
struct BuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Turn the images of a recipe into a dataset of shards."
    )

    @Argument(help: "The recipe, such as recipes/facades.json.")
    var recipe: String

    @Option(help: "The folder with the images, in place of the recipe's.")
    var source: String?

    @Option(help: "The folder to write the dataset to.")
    var out = "out"

    @OptionGroup var jobs: JobsOption

    @Option(help: "What to do about images that cannot be used: list them and stop, or skip them.")
    var onError = DatasetBuilder.ErrorPolicy.stop

    @Flag(help: "Replace another dataset in the output folder.")
    var overwrite = false

    func run() throws {
        try reportingErrors {
            let recipe = try Recipe(path: self.recipe)
            try checkAugmentation(recipe)
            if source == nil { try downloadIfMissing(recipe) }
            let progress = CountProgress(unit: "images")
            defer { progress.end() }
            let report = try DatasetBuilder(
                recipe: recipe,
                source: source,
                output: out,
                jobs: jobs.jobs,
                onError: onError,
                overwrite: overwrite
            ).build { progress.update($0.rawValue, done: $1, of: $2) }
            progress.end()
            present(report)
        }
    }

    /// Refuses operations that the built images could not take, before anything is built.
    private func checkAugmentation(_ recipe: Recipe) throws(DatasetError) {
        let size = recipe.resize?.size ?? ImageSize(width: 65_500, height: 65_500)
        _ = try Augmentation(recipe, imageSize: size)
    }

    private func downloadIfMissing(_ recipe: Recipe) throws(DatasetError) {
        guard let download = ArchiveDownload(recipe) else { return }
        Console.message("\(download.folder) is missing: fetching \(download.url)")
        let line = ProgressLine()
        defer { line.end() }
        try download.run { step in
            line.update {
                switch step {
                case .downloading(let received, let total):
                    "download \(Readable.bytes(received))"
                        + (total.map { " of \(Readable.bytes($0))" } ?? "")
                case .unpacking(let read, let total):
                    "unpack \(Readable.bytes(read)) of \(Readable.bytes(total))"
                }
            }
        }
    }

    private func present(_ report: DatasetBuilder.Report) {
        for fault in report.skipped { Console.warning("skipped \(fault)") }
        if !report.ignored.isEmpty {
            let examples = report.ignored.prefix(3).joined(separator: ", ")
            Console.warning(
                "\(report.ignored.count) files are no images by their names and were left out: "
                    + examples + (report.ignored.count > 3 ? ", …" : "")
            )
        }
        let state = report.outcome == .unchanged ? " (unchanged, nothing to do)" : ""
        Console.result("\(out): \(DatasetSummary(report.index).text)\(state)")
    }
}

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
