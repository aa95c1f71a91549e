import ArgumentParser
import CommandKit
import DatasetKit
import FoundationEssentials
import Pix2Pix

/// `p2p-train sweep`: trains with several settings, each with several seeds, and compares them.
struct SweepCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep",
        abstract: "Train with several settings, and compare them.",
        discussion: """
            A sweep file (recipes/sweep.schema.json) names a grid, a random search or cases, and seeds. \
            Each run has a folder RUNS/NAME/CASE-seedN, as p2p-train makes one; RUNS/NAME/sweep.html and \
            sweep.json compare them. The same command goes on after an interruption. Exits with 1 where a \
            run diverged.
            """
    )

    @Argument(help: ArgumentHelp("The sweep file.", valueName: "sweep.json"), completion: .file())
    var file: String

    @Option(help: ArgumentHelp("The dataset's folder.", valueName: "folder"))
    var shards = "out"

    @Option(help: ArgumentHelp("Where the sweep's folder is made.", valueName: "folder"))
    var runs = "runs"

    @Option(
        help: ArgumentHelp(
            "Lay the sweep's options over this recipe's, not those of the dataset's.",
            valueName: "file"
        )
    )
    var recipe: String?

    @OptionGroup var machine: MachineFlags

    @Flag(help: "Check everything and list the runs, and make none.")
    var dryRun = false

    @Flag(help: "Print JSON, as in sweep.json.")
    var json = false

    @Option(help: ArgumentHelp("Write the cases as tables in Markdown.", valueName: "file"))
    var markdown: String?

    func run() throws {
        try reportingTrainingErrors {
            let sweep = try Sweep(path: file)
            let dataset = try Dataset(folder: shards)
            let planned = try PlannedSweep(
                sweep,
                on: dataset,
                recipe: recipe.map { try Recipe(path: $0) } ?? dataset.recipe(),
                in: runs,
                by: machine
            )
            if dryRun { return try list(planned) }
            let stop = StopSignal()
            let runner = try SweepRunner(planned, until: stop)
            try runner.run()
            try show(runner.results, of: planned)
            if let signal = stop.received {
                Console.message("stopped; the same command goes on from here")
                throw ExitCode(128 + signal)
            }
            guard runner.results.allSatisfy({ $0.status == .finished }) else {
                throw ExitCode.failure
            }
        }
    }

    /// The runs as they are planned.
    private func list(_ planned: PlannedSweep) throws {
        let results = try planned.results()
        if json { return try show(results, of: planned) }
        for result in results {
            let differences = result.run.sweepCase.differences(from: planned.operations)
            let text = differences.isEmpty ? "" : "  \(differences.joined(separator: ", "))"
            Console.result("\(result.run.name)  \(result.status.rawValue)\(text)")
        }
        let left = results.count { $0.status == .waiting || $0.status == .stopped }
        Console.message("\(Readable.count(results.count, "run")), \(left) to do; none was made")
    }

    private func show(_ results: [SweepResult], of planned: PlannedSweep) throws {
        let table = SweepTable(results, of: planned)
        if let markdown { try FileSystem.writeAtomically(table.markdown.utf8, to: markdown) }
        if json {
            let record = SweepRecord(planned.sweep, on: planned.dataset, results)
            return Console.result(String(decoding: try JSONText.pretty(record), as: UTF8.self))
        }
        for line in table.lines { Console.result(line) }
        if !dryRun { Console.result("sweep: \(planned.pagePath)") }
    }
}
