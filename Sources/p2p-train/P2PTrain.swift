import ArgumentParser
import DatasetKit

/// `p2p-train`: from shards to a trained model.
@main
struct P2PTrain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "p2p-train",
        abstract: "Train image-to-image models on datasets of p2p-data.",
        discussion: """
            Exit codes: 0 done; 1 failed; 2 the data was found wanting; 64 wrong usage; 130 or 143 \
            stopped by Ctrl-C or SIGTERM, after a checkpoint was written.
            """,
        version: Version.current,
        subcommands: [
            TrainCommand.self, SweepCommand.self, ReportCommand.self, TranslateCommand.self,
            EvaluateCommand.self, ExportCommand.self, ImportCommand.self, DoctorCommand.self,
        ],
        defaultSubcommand: TrainCommand.self
    )
}
