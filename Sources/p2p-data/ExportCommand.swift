import ArgumentParser
import CommandKit
import DatasetKit

/// `p2p-data export`: shards become image files again, or WebDataset's tar files.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a dataset as image files, or as the tar files of WebDataset.",
        discussion: """
            PNG holds the pixels without loss: what is built from the files has the same ones. In tar \
            files a pair is KEY.input.png, KEY.json and KEY.target.png; a dot in a pair's own name \
            becomes _ there, as readers end the name at the first dot.
            """
    )

    @OptionGroup var dataset: ShardsOption

    @Option(help: "The folder to write; it must not exist or be empty.")
    var out: String

    @Option(help: "The only split to write.")
    var split: DatasetSplit?

    @Option(help: "What to write.")
    var format = DatasetExport.Format.png

    @Option(
        help: """
            Image files: SPLIT/input/KEY and SPLIT/target/KEY, or both images side by side in \
            SPLIT/KEY, as they were in the recipe's source. (default: folders)
            """
    )
    var layout: DatasetExport.Layout?

    @Option(parsing: .upToNextOption, help: "The only pairs to write, by name.")
    var keys: [String] = []

    @Option(
        help: """
            The most bytes of a tar file; it holds at least one pair. \
            (default: \(DatasetExport.defaultMaxBytes))
            """
    )
    var maxBytes: Int?

    @OptionGroup var jobs: JobsOption

    func validate() throws {
        guard format != .webdataset || layout == nil else {
            throw ValidationError("--layout goes with image files, not with --format webdataset")
        }
        guard format == .webdataset || maxBytes == nil else {
            throw ValidationError("--max-bytes goes with --format webdataset only")
        }
        guard maxBytes ?? 1 >= 1 else {
            throw ValidationError("--max-bytes takes a number from 1, found \(maxBytes ?? 0)")
        }
    }

    func run() throws {
        try reportingErrors {
            let export = DatasetExport(
                of: try Dataset(folder: dataset.shards),
                to: out,
                format: format,
                layout: layout ?? .folders,
                split: split,
                keys: keys,
                maxBytes: maxBytes ?? DatasetExport.defaultMaxBytes,
                jobs: jobs.jobs
            )
            let progress = CountProgress(unit: "pairs")
            defer { progress.end() }
            let report = try export.run { progress.update("export", done: $0, of: $1) }
            progress.end()
            Console.result(
                "\(out): \(report.pairs) pairs in \(report.files) files, "
                    + Readable.bytes(report.bytes)
            )
        }
    }
}
