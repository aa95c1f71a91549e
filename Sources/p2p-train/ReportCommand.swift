import ArgumentParser
import CommandKit
import DatasetKit
import Pix2Pix

/// `p2p-train report`: writes the report of a run, whether it goes on or not.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write a run's report.html and samples/montage.png.",
        discussion: """
            A training writes both after each epoch. This makes them again from what lies in the run's \
            folder: for a run of an older version, or with the best epoch by another metric.
            """
    )

    @Argument(help: ArgumentHelp("The run's folder.", valueName: "run"), completion: .directory)
    var folder: String

    @Option(help: "What the best epoch is best by: val_L1 or another name in metrics.jsonl.")
    var bestBy = "val_L1"

    func run() throws {
        try reportingTrainingErrors {
            let outcome = try RunReport(of: RunFolder(shown: folder), bestBy: bestBy).write()
            if outcome.lacksMetric {
                Console.warning("no epoch of \(folder) has \(bestBy): there is no best one")
            }
            Console.message("\(folder): \(outcome.epochs) epochs")
            for file in outcome.files { Console.result(file) }
        }
    }
}
