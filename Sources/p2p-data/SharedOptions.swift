import ArgumentParser
import CommandKit
import FoundationEssentials

/// How many threads a command uses.
struct JobsOption: ParsableArguments {
    @Option(name: .shortAndLong, help: "Threads to use.")
    var jobs = ProcessInfo.processInfo.activeProcessorCount

    func validate() throws {
        guard jobs >= 1 else {
            throw ValidationError("--jobs takes a number from 1, found \(jobs)")
        }
    }
}

/// The dataset a command looks at.
struct ShardsOption: ParsableArguments {
    @Option(help: "The dataset's folder, as p2p-data build wrote it.")
    var shards = "out"
}
