import DatasetKit
import Foundation
import TestSupport
import Testing

/// Trainings that end early, whatever the reason, and go on.
@Suite(.enabled(if: Command.isBuilt("p2p-train"), "p2p-train was not built: no libtorch"))
struct InterruptedTrainingTests: NoiseTrainings {
    let temporary: TemporaryFolder

    init() throws {
        temporary = try Self.makeDataset(operations: #"{"op": "flip-horizontal"}"#)
    }

    @Test func aSignalEndsItAfterACheckpoint() throws {
        let process = try train.start(["--epochs", "1000000"] + tiny, in: temporary.path)
        let metrics = temporary.path("runs/noise-1/metrics.jsonl")
        let deadline = ContinuousClock.now + .seconds(60)
        while ((try? FileSystem.size(of: metrics)) ?? 0) < 1000, ContinuousClock.now < deadline {
            Thread.sleep(forTimeInterval: 0.05)
        }
        process.terminate()
        process.waitUntilExit()
        #expect(process.terminationReason == .exit)
        #expect(process.terminationStatus == 143)
        let checkpoint = try SafetensorsFile(
            path: temporary.path("runs/noise-1/checkpoints/latest.safetensors")
        )
        #expect(checkpoint.metadata["format"] == "p2p-checkpoint")
        let resumed = try train.run(
            ["--resume", "runs/noise-1", "--max-steps", "1"],
            in: temporary.path
        )
        #expect(resumed.status == 0, "\(resumed.messages)")
    }

    /// Killed without a warning, at any moment, again and again.
    @Test func aKilledRunGoesOnAsIfNothingHadHappened() throws {
        let arguments = ["--epochs", "20", "--seed", "3"]
        let start = Date()
        let whole = try run(arguments + ["--run", "whole"])
        #expect(whole.status == 0, "\(whole.messages)")
        let duration = Date().timeIntervalSince(start)
        try killAgainAndAgain(duration: duration) {
            // Before its first checkpoint there is nothing to go on with.
            let hasCheckpoint = (try? tensors("killed")) != nil
            if !hasCheckpoint { try? FileSystem.remove(temporary.path("killed")) }
            return try train.start(
                hasCheckpoint ? ["--resume", "killed"] : arguments + ["--run", "killed"] + tiny,
                in: temporary.path
            )
        }
        #expect(try tensors("killed") == tensors("whole"))
        #expect(try steadyMetrics("killed") == steadyMetrics("whole"))
    }

    /// As a full disk does it: no file may grow beyond what the limit leaves.
    @Test func aFullDiskLeavesTheLastCheckpoint() throws {
        #expect(try run(["--epochs", "2", "--max-steps", "6", "--run", "full"]).status == 0)
        let before = try tensors("full")
        let script = "trap '' XFSZ; ulimit -f 64; exec \"$0\" --resume full"
        let outcome = try Command(path: "/bin/bash").run(
            ["-c", script, train.path],
            in: temporary.path
        )
        #expect(outcome.status == 1, "\(outcome.messages)")
        #expect(outcome.messages.contains("File too large"), "\(outcome.messages)")
        #expect(try tensors("full") == before)
        #expect(!temporary.contents.contains { $0.hasSuffix(".tmp") })
        #expect(try train.run(["--resume", "full"], in: temporary.path).status == 0)
    }

    /// A weight beyond what a float holds: the first loss is infinite.
    @Test func aLossThatIsNotFiniteEndsItAndLeavesTheCheckpoint() throws {
        let first = try run(["--lambda-l2", "1e39", "--epochs", "1", "--run", "nan"])
        #expect(first.status == 1)
        #expect(
            first.messages.contains("epoch 1, step 1: a loss is not finite (G_GAN "),
            "\(first.messages)"
        )
        #expect(first.messages.contains("there is no checkpoint yet"))
        #expect(
            !temporary.contents.contains { $0.hasSuffix(".safetensors") && $0.hasPrefix("nan") }
        )
    }

    @Test func patienceEndsATrainingAndResumingItSaysSo() throws {
        // A rate of 0: the first validation stays the best.
        let outcome = try run([
            "--epochs", "50", "--patience", "2", "--lr", "0", "--no-test-dropout", "--run", "p",
        ])
        #expect(outcome.status == 0, "\(outcome.messages)")
        #expect(outcome.messages.contains("of epoch 1 for 2 validations"), "\(outcome.messages)")
        #expect(try metrics("p").filter { $0["val_L1"] != nil }.count == 3)
        let again = try train.run(["--resume", "p"], in: temporary.path)
        #expect(again.status == 0)
        #expect(again.messages.contains("p has ended after step 18, out of patience"))
    }

    /// A checkpoint that is cut short, changed, or gone: said by name, before any training.
    @Test func aDamagedCheckpointIsRefused() throws {
        #expect(try run(["--epochs", "2", "--max-steps", "3", "--run", "r"]).status == 0)
        let name = "r/checkpoints/latest.safetensors"
        let whole = try temporary.bytes(of: name)
        var changed = whole
        changed[whole.count - 9] ^= 1
        for (bytes, part) in [
            (whole.dropLast(7), "latest.safetensors: "), (changed[...], "CRC-32"),
        ] {
            try temporary.write(bytes, to: name)
            let outcome = try train.run(["--resume", "r"], in: temporary.path)
            #expect(outcome.status == 2, "\(outcome.messages)")
            #expect(outcome.messages.contains(part), "\(outcome.messages)")
        }
    }

    @Test func resumingTakesNoOtherFlags() throws {
        let first = try run(["--epochs", "2", "--max-steps", "4", "--run", "r"])
        #expect(first.status == 0, "\(first.messages)")
        let wrong = try train.run(
            ["--resume", "r", "--lr", "0.1", "--seed", "2"],
            in: temporary.path
        )
        #expect(wrong.status == 64)
        #expect(wrong.messages.contains("leave out --seed, --lr"), "\(wrong.messages)")
        #expect(try train.run(["--resume", "nowhere"], in: temporary.path).status == 1)
        let resumed = try train.run(["--resume", "r"], in: temporary.path)
        #expect(resumed.status == 0, "\(resumed.messages)")
        #expect(resumed.messages.contains("r goes on after step 4 of 12"), "\(resumed.messages)")
        let again = try train.run(["--resume", "r"], in: temporary.path)
        #expect(again.status == 0)
        #expect(again.messages.contains("r has made all its 12 steps"), "\(again.messages)")
    }
}
