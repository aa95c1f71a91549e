import ArgumentParser
import Augment
import CommandKit
import DatasetKit

/// `p2p-data build RECIPE`: images become a dataset.
struct BuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Turn the images of a recipe into a dataset of shards.",
        discussion: """
            Interrupted at any moment, the same command goes on where it was and ends with the same \
            bytes. Exit code 2 if pairs were lost, after all of them have been listed.
            """
    )

    @Argument(help: "The recipe, such as recipes/facades.json.")
    var recipe: String

    @Option(help: "The folder with the images, in place of the recipe's.")
    var source: String?

    @Option(help: "The folder to write the dataset to.")
    var out = "out"

    @OptionGroup var jobs: JobsOption

    @Option(help: "What to do about pairs that cannot be used: list them and stop, or skip them.")
    var onError = DatasetBuilder.ErrorPolicy.stop

    @Flag(help: "Replace another dataset in the output folder.")
    var overwrite = false

    @Option(help: "Build only the first so many pairs of each split.")
    var limit: Int?

    @Flag(help: "Look at names and headers, say what would be built, write nothing.")
    var dryRun = false

    @Flag(help: "Write the report as JSON to stdout.")
    var json = false

    func validate() throws {
        if let limit, limit < 1 {
            throw ValidationError("--limit takes a number from 1, found \(limit)")
        }
    }

    func run() throws {
        try reportingErrors {
            let recipe = try Recipe(path: self.recipe)
            try checkAugmentation(recipe)
            if source == nil, !dryRun { try downloadIfMissing(recipe) }
            let builder = DatasetBuilder(
                recipe: recipe,
                source: source,
                output: out,
                jobs: jobs.jobs,
                onError: onError,
                overwrite: overwrite,
                limit: limit
            )
            let stop = StopSignal()
            do {
                var report = try run(builder, until: stop.isReceived)
                report.notes += augmentationNotes(recipe, for: report.index)
                present(report)
            } catch let faults as DatasetFaults {
                present(faults)
                throw ExitCode.dataFoundWanting
            } catch let interrupted as BuildInterrupted {
                Console.message(
                    "interrupted: \(interrupted.finished) of \(interrupted.shards) shards are finished "
                        + "and stay in \(interrupted.folder); the same command goes on there"
                )
                throw ExitCode(128 + (stop.received ?? 0))
            }
        }
    }

    private func run(
        _ builder: DatasetBuilder,
        until shouldStop: @escaping @Sendable () -> Bool
    ) throws -> BuildReport {
        let progress = CountProgress(unit: "pairs")
        defer { progress.end() }
        if dryRun {
            return try builder.dryRun { progress.update($0.rawValue, done: $1, of: $2) }
        }
        return try builder.build(shouldStop: shouldStop) {
            progress.update($0.rawValue, done: $1, of: $2)
        }
    }

    /// Refuses operations that the built images could not take, before anything is built.
    private func checkAugmentation(_ recipe: Recipe) throws(DatasetError) {
        let any = ImageSize(width: 65_500, height: 65_500)
        let size = recipe.resize?.input.outputSize(for: any) ?? any
        _ = try Augmentation(recipe, form: PairForm(size: size))
    }

    /// What stands in the way of the recipe's operations now that the images are known.
    private func augmentationNotes(_ recipe: Recipe, for index: DatasetIndex) -> [String] {
        do throws(DatasetError) {
            _ = try Augmentation(recipe, for: index)
            return []
        } catch {
            return recipe.augment.isEmpty ? [] : ["these images cannot be augmented so: \(error)"]
        }
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

    // MARK: - Reports

    private func present(_ report: BuildReport) {
        for fault in report.faults { Console.warning("skipped \(fault)") }
        for warning in report.warnings.prefix(5) { Console.warning(warning) }
        if report.warnings.count > 5 {
            Console.warning("\(report.warnings.count - 5) more warnings of the decoders")
        }
        for note in report.notes { Console.warning(note) }
        warn(ofIgnored: report.ignored)
        for change in report.changes { Console.message("changed: \(change)") }
        if report.resumedShards > 0 {
            Console.message("went on after \(report.resumedShards) finished shards")
        }
        if json { return Console.result(PairReport(report, out: out).json) }
        let counts = PairReport(report, out: out).text
        let state =
            switch report.outcome {
            case .built: ""
            case .unchanged: " (unchanged, nothing to do)"
            case .planned: " (would be built; pixels were not looked at)"
            }
        Console.result("\(out): \(DatasetSummary(report.index).text); \(counts)\(state)")
    }

    private func present(_ faults: DatasetFaults) {
        for fault in faults.faults { Console.error(fault.description) }
        warn(ofIgnored: faults.ignored)
        let report = PairReport(faults, out: out)
        Console.message(
            "\(report.text); nothing was built. Mend them, or leave them out with --on-error skip"
        )
        if json { Console.result(report.json) }
    }

    private func warn(ofIgnored ignored: [String]) {
        guard !ignored.isEmpty else { return }
        let examples = ignored.prefix(3).joined(separator: ", ")
        Console.warning(
            "\(ignored.count) \(ignored.count == 1 ? "file is" : "files are") of no pair by name and "
                + "left out: \(examples)\(ignored.count > 3 ? ", …" : "")"
        )
    }
}
