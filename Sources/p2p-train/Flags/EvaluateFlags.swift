import ArgumentParser
import DatasetKit
import Pix2Pix

/// Which pairs a model is measured on.
struct PairFlags: ParsableArguments {
    @Option(help: ArgumentHelp("The dataset's folder.", valueName: "folder"))
    var shards = "out"

    @Option(help: "The split.")
    var split = DatasetSplit.test

    @Option(help: "The most pairs, evenly spread. (default: all)")
    var limit: Int?

    @Option(help: "Images in the networks at once. (default: 1, as in validation)")
    var batchSize = 1

    @Option(help: "What the targets are, if label maps. (default: found out)")
    var labels: LabelPalette.Kind?

    @Option(
        help: ArgumentHelp(
            "A class that does not count, such as void: its colour or its number. May be repeated.",
            valueName: "class"
        )
    )
    var ignore: [String] = []

    func validate() throws {
        if let limit, limit < 1 {
            throw ValidationError("--limit takes a number from 1, found \(limit)")
        }
        guard batchSize >= 1 else {
            throw ValidationError("--batch-size takes a number from 1, found \(batchSize)")
        }
    }

    /// The same for the evaluator.
    var options: Evaluator.Options {
        var options = Evaluator.Options()
        (options.split, options.limit, options.batchSize) = (split, limit, batchSize)
        (options.labels, options.ignored) = (labels, ignore)
        return options
    }
}

/// Weights that the user has downloaded.
struct NetworkFiles: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A classifier for LPIPS: see docs/trained-models.md.",
            valueName: "file"
        ),
        completion: .file()
    )
    var lpips: String?

    @Option(
        help: ArgumentHelp("Its heads, unless they are in the same file.", valueName: "file"),
        completion: .file()
    )
    var lpipsHeads: String?

    @Option(
        help: ArgumentHelp("The Inception of pytorch-fid, for FID.", valueName: "file"),
        completion: .file()
    )
    var inception: String?

    func validate() throws {
        if lpipsHeads != nil, lpips == nil {
            throw ValidationError("--lpips-heads belongs to --lpips")
        }
    }

    /// Reads them.
    func judges(on device: Device) throws -> PretrainedJudges {
        PretrainedJudges(
            lpips: try lpips.map {
                try LPIPS(path: $0, headsPath: lpipsHeads, device: device)
            },
            inception: try inception.map { try InceptionFeatures(path: $0, device: device) }
        )
    }
}

/// Where an evaluation's result goes.
struct OutputFlags: ParsableArguments {
    @Flag(help: "Print JSON: everything that was found.")
    var json = false

    @Option(
        help: ArgumentHelp("Write a table with a row for each pair.", valueName: "file"),
        completion: .file()
    )
    var csv: String?

    @Option(
        help: ArgumentHelp(
            "Write a page with diagrams, the best and the worst pairs.",
            valueName: "file"
        ),
        completion: .file()
    )
    var html: String?

    @Option(
        help: """
            What the page's pairs are best by. (default: mean_IoU of label maps, else LPIPS if it is \
            measured, else L1)
            """
    )
    var sortBy: Measure?

    func validate() throws {
        if sortBy != nil, html == nil { throw ValidationError("--sort-by belongs to --html") }
    }

    /// Looks that files can be written, before the work is done.
    ///
    /// - Throws: ``DatasetError`` with code `notFound`.
    func check() throws(DatasetError) {
        for file in [csv, html].compactMap(\.self) {
            let folder = FileSystem.folder(of: file)
            guard FileSystem.kind(of: folder) == .folder else {
                throw DatasetError(
                    .notFound,
                    "there is no folder \(folder) to write it in; make it, or give another path",
                    path: file
                )
            }
        }
    }

    /// What pairs are ranked by.
    ///
    /// - Throws: `ValidationError` for what is not measured.
    func measure(of evaluator: Evaluator) throws -> Measure {
        let measures = evaluator.measures
        guard let sortBy else {
            return [.meanIoU, .lpips].first(where: measures.contains) ?? .l1
        }
        guard measures.contains(sortBy) else {
            let names = measures.map(\.rawValue).joined(separator: ", ")
            throw ValidationError(
                "--sort-by: expected one of \(names), which are measured here, found \(sortBy.rawValue)"
            )
        }
        return sortBy
    }
}
