import ArgumentParser
import CommandKit
import DatasetKit

/// `p2p-data verify`: whether every byte of a dataset is what was built.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check a dataset: lengths, SHA-256 of each shard, CRC-32 of each image.",
        discussion: "Exit code 2 if anything is missing or was changed."
    )

    @OptionGroup var dataset: ShardsOption
    @OptionGroup var jobs: JobsOption

    func run() throws {
        try reportingErrors {
            let verifier = try DatasetVerifier(folder: dataset.shards)
            let progress = CountProgress(unit: "shards")
            let report = verifier.verify(jobs: jobs.jobs) {
                progress.update("verify", done: $0, of: $1)
            }
            progress.end()
            for fault in report.faults { Console.error(fault.description) }
            let seen =
                "\(dataset.shards): \(report.pairs) pairs in \(report.shards) shards, "
                + Readable.bytes(report.bytes)
            guard report.faults.isEmpty else {
                Console.result("\(seen), \(report.faults.count) faults")
                throw ExitCode.dataFoundWanting
            }
            Console.result("\(seen), all sound")
        }
    }
}
