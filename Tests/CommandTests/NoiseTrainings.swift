import DatasetKit
import Foundation
import TestSupport
import Testing

/// Tests of tiny trainings on a dataset of noise.
protocol NoiseTrainings {
    /// Holds the dataset, in `out`, and the runs.
    var temporary: TemporaryFolder { get }
}

extension NoiseTrainings {
    var train: Command { Command("p2p-train") }

    /// A network that takes a moment a step.
    var tiny: [String] { ["--ngf", "2", "--ndf", "2", "--threads", "1"] }

    /// Builds pairs of 40x40 pixels.
    ///
    /// - Parameter operations: What follows the crop to 32x32, as JSON.
    /// - Returns: The folder with it.
    /// - Throws: What ends the writing of files or the start of a process.
    static func makeDataset(operations: String...) throws -> TemporaryFolder {
        let temporary = try TemporaryFolder()
        _ = try SideBySideSource(in: temporary, half: ImageSize(width: 40, height: 40))
        let crop = #"{"op": "crop", "width": 32, "height": 32}"#
        try temporary.write(
            """
            {"name": "noise", "source": {"path": "source", "input": "right"},
             "augment": [\(([crop] + operations).joined(separator: ", "))]}
            """,
            to: "recipe.json"
        )
        let build = try Command("p2p-data").run(["build", "recipe.json"], in: temporary.path)
        #expect(build.status == 0, "\(build.messages)")
        return temporary
    }

    func run(_ arguments: [String]) throws -> Command.Outcome {
        try train.run(arguments + tiny, in: temporary.path)
    }

    /// The lines of steps and epochs: those of warnings hold words.
    func metrics(_ run: String) throws -> [[String: Double]] {
        try String(decoding: temporary.bytes(of: "\(run)/metrics.jsonl"), as: UTF8.self)
            .split(separator: "\n")
            .compactMap { try? JSONDecoder().decode([String: Double].self, from: Data($0.utf8)) }
    }

    /// The same, without what the clock and the machine say.
    func steadyMetrics(_ run: String) throws -> [[String: Double]] {
        let unsteady = ["seconds", "pairs_per_second", "wait_share", "memory_mb"]
        return try metrics(run).map { record in record.filter { !unsteady.contains($0.key) } }
    }

    /// The tensors of a run's checkpoint: all that follows its header, which holds times as well.
    func tensors(_ run: String) throws -> ArraySlice<UInt8> {
        let bytes = try temporary.bytes(of: "\(run)/checkpoints/latest.safetensors")
        let length = bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
        return bytes[(8 + length)...]
    }

    /// Kills a training without a warning and starts it again, until it ends by itself.
    ///
    /// - Parameters:
    ///   - duration: The seconds of one that nobody kills.
    ///   - start: Starts it, or goes on with it.
    /// - Throws: What `start` throws.
    func killAgainAndAgain(duration: TimeInterval, start: () throws -> Process) throws {
        var process = try start()
        var kills = 0
        while kills < 60 {
            // Longer and longer, so that it ends on a busy machine, too.
            Thread.sleep(forTimeInterval: duration * (0.1 + 0.05 * Double(kills)))
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            if process.terminationReason == .exit && process.terminationStatus == 0 { break }
            kills += 1
            process = try start()
        }
        #expect(kills >= 1 && kills < 60)
    }
}
