import DatasetKit
import Foundation
import TestSupport
import Testing

/// `p2p-train sweep` as its users meet it.
@Suite(.enabled(if: Command.isBuilt("p2p-train"), "p2p-train was not built: no libtorch"))
struct SweepCommandTests: NoiseTrainings {
    let temporary: TemporaryFolder

    init() throws { temporary = try Self.makeDataset() }

    /// A sweep of tiny networks.
    private func write(_ members: String, epochs: Int = 2) throws {
        try temporary.write(
            """
            {"name": "s", "train": {"ngf": 2, "ndf": 2, "epochs": \(epochs)}, \(members)}
            """,
            to: "s.json"
        )
    }

    private static let flip =
        #"[{"op": "crop", "width": 32, "height": 32}, {"op": "flip-horizontal"}]"#
    private static let cases = """
        "cases": [{"name": "plain"}, {"name": "steep", "train": {"lr": 0.001}},
                  {"name": "flipped", "augment": \(flip)}], "seeds": [1, 2]
        """

    private func sweep(_ more: [String] = []) throws -> Command.Outcome {
        try train.run(["sweep", "s.json", "--threads", "1"] + more, in: temporary.path)
    }

    private func record() throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(
            with: Data(temporary.bytes(of: "runs/s/sweep.json"))
        )
        return try #require(object as? [String: Any])
    }

    private func statuses() throws -> [String: String] {
        let runs = try #require(try record()["runs"] as? [[String: Any]])
        return Dictionary(
            uniqueKeysWithValues: runs.compactMap { run in
                guard let name = run["folder"] as? String, let status = run["status"] as? String
                else { return nil }
                return (name, status)
            }
        )
    }

    private static let names = ["plain", "steep", "flipped"].flatMap {
        ["\($0)-seed1", "\($0)-seed2"]
    }

    @Test func itsRunsAreThoseOfTheTrainCommand() throws {
        try write(Self.cases)
        let outcome = try sweep()
        #expect(outcome.status == 0, "\(outcome.messages)")
        #expect(
            try statuses() == Dictionary(uniqueKeysWithValues: Self.names.map { ($0, "finished") })
        )
        #expect(outcome.output.contains("steep"), "\(outcome.output)")
        #expect(outcome.output.hasSuffix("sweep: runs/s/sweep.html\n"))
        let page = String(decoding: try temporary.bytes(of: "runs/s/sweep.html"), as: UTF8.self)
        for name in Self.names {
            #expect(page.contains("href=\"\(name)/report.html\""))
            #expect(temporary.contents.contains("runs/s/\(name)/report.html"))
        }
        #expect(!page.contains("http://") && !page.contains("https://"))

        try temporary.write(
            """
            {"source": {"path": "source", "input": "right"}, "augment": \(Self.flip)}
            """,
            to: "flipped.json"
        )
        for (name, flags) in [
            ("steep-seed2", ["--lr", "0.001", "--seed", "2"]),
            ("flipped-seed1", ["--recipe", "flipped.json", "--seed", "1"]),
        ] {
            let alone = try train.run(
                ["--ngf", "2", "--ndf", "2", "--epochs", "2", "--threads", "1", "--run", name]
                    + flags,
                in: temporary.path
            )
            #expect(alone.status == 0, "\(alone.messages)")
            #expect(try tensors(name) == tensors("runs/s/\(name)"), "\(name)")
            #expect(try steadyMetrics(name) == steadyMetrics("runs/s/\(name)"), "\(name)")
        }

        // What sweep.json says is what the runs measured.
        let cases = try #require(try record()["cases"] as? [[String: Any]])
        let steep = try #require(cases.first { $0["name"] as? String == "steep" })
        let best = try ["steep-seed1", "steep-seed2"].map { name in
            try #require(metrics("runs/s/\(name)").compactMap { $0["val_L1"] }.min())
        }
        let spread = try #require((steep["best"] as? [String: [String: Double]])?["L1"])
        #expect(abs((spread["mean"] ?? 0) - (best[0] + best[1]) / 2) < 1e-12)
        #expect(abs((spread["deviation"] ?? 0) - abs(best[0] - best[1]) / 2.0.squareRoot()) < 1e-12)
    }

    @Test func aFinishedSweepIsKeptAndMayGrow() throws {
        try write(Self.cases)
        #expect(try sweep().status == 0)
        let before = try steadyMetrics("runs/s/plain-seed1")
        let stamp = try temporary.bytes(of: "runs/s/plain-seed1/metrics.jsonl")
        // Another seed and one case less: what is the same is kept.
        try write(
            """
            "cases": [{"name": "plain"}, {"name": "steep", "train": {"lr": 0.001}}],
            "seeds": [1, 2, 3]
            """
        )
        let more = try sweep(["--markdown", "table.md"])
        #expect(more.status == 0, "\(more.messages)")
        #expect(more.messages.contains("s.json has changed since: "), "\(more.messages)")
        #expect(more.messages.contains("flipped-seed1, flipped-seed2"), "\(more.messages)")
        #expect(more.messages.contains("4 runs finished before"), "\(more.messages)")
        #expect(try statuses().count == 6)
        #expect(try temporary.bytes(of: "runs/s/plain-seed1/metrics.jsonl") == stamp)
        #expect(try steadyMetrics("runs/s/plain-seed1") == before)
        let table = String(decoding: try temporary.bytes(of: "table.md"), as: UTF8.self)
        let parts = table.split(separator: "In each run's last epoch:")
        #expect(parts.count == 2)
        for part in parts { #expect(part.contains("| steep | `lr 0.001` | 3 | "), "\(table)") }

        // A run that would be another one now is not gone on with, and nothing is begun.
        try write(
            #""cases": [{"name": "plain", "train": {"lr": 0.5}}, {"name": "new"}]"#
                + #", "seeds": [1]"#
        )
        let changed = try sweep()
        #expect(changed.status == 1, "\(changed.messages)")
        #expect(
            changed.messages.contains(
                "runs/s/plain-seed1: expected the run as the sweep has it now"
            )
        )
        #expect(changed.messages.contains("lr was 0.0002, is 0.5"), "\(changed.messages)")
        #expect(!temporary.contents.contains { $0.hasPrefix("runs/s/new") })
    }

    /// Killed without a warning, at any moment, again and again.
    @Test func aKilledSweepGoesOnAsIfNothingHadHappened() throws {
        try write(Self.cases, epochs: 6)
        let start = Date()
        let whole = try sweep(["--runs", "whole"])
        #expect(whole.status == 0, "\(whole.messages)")
        let duration = Date().timeIntervalSince(start)
        try killAgainAndAgain(duration: duration) {
            try train.start(["sweep", "s.json", "--threads", "1"], in: temporary.path)
        }
        for name in Self.names {
            #expect(try tensors("runs/s/\(name)") == tensors("whole/s/\(name)"), "\(name)")
            #expect(
                try steadyMetrics("runs/s/\(name)") == steadyMetrics("whole/s/\(name)"),
                "\(name)"
            )
        }
        #expect(try statuses().values.allSatisfy { $0 == "finished" })
    }

    @Test func aSignalStopsItAfterACheckpoint() throws {
        try write(#""grid": {"lr": [0.0001, 0.0002]}"#, epochs: 100_000)
        let process = try train.start(["sweep", "s.json", "--threads", "1"], in: temporary.path)
        let metrics = temporary.path("runs/s/lr=0.0001-seed0/metrics.jsonl")
        let deadline = ContinuousClock.now + .seconds(60)
        while ((try? FileSystem.size(of: metrics)) ?? 0) < 1000, ContinuousClock.now < deadline {
            Thread.sleep(forTimeInterval: 0.05)
        }
        process.interrupt()
        process.waitUntilExit()
        #expect(process.terminationStatus == 130)
        #expect(try statuses() == ["lr=0.0001-seed0": "stopped", "lr=0.0002-seed0": "waiting"])
        let list = try sweep(["--dry-run"])
        #expect(list.status == 0, "\(list.messages)")
        #expect(
            list.output
                == "lr=0.0001-seed0  stopped  lr 0.0001\nlr=0.0002-seed0  waiting  lr 0.0002\n"
        )
    }

    @Test func aRunThatDivergesIsRecordedAndTheOthersGoOn() throws {
        try write(
            """
            "cases": [{"name": "plain"}, {"name": "wild", "train": {"lambdaL2": 1e39}},
                      {"name": "last", "train": {"lr": 0.001}}]
            """
        )
        let outcome = try sweep()
        #expect(outcome.status == 1, "\(outcome.messages)")
        #expect(outcome.messages.contains("a loss is not finite"), "\(outcome.messages)")
        let expected = [
            "plain-seed0": "finished", "wild-seed0": "diverged", "last-seed0": "finished",
        ]
        #expect(try statuses() == expected)
        let page = String(decoding: try temporary.bytes(of: "runs/s/sweep.html"), as: UTF8.self)
        #expect(page.contains("a loss is not finite"))
        // It is not tried again, unless its folder is gone.
        let again = try sweep()
        #expect(again.status == 1 && !again.messages.contains("a loss is not finite"))
        #expect(again.messages.contains("diverged before"), "\(again.messages)")
        try FileSystem.remove(temporary.path("runs/s/wild-seed0"))
        #expect(try sweep().messages.contains("a loss is not finite"))
    }

    @Test func whatIsImpossibleIsRefusedBeforeTheFirstRun() throws {
        for (members, status, message) in [
            (#""grid": {"lr": [0.1, 2]}"#, 64, "grid.lr: expected a number from 0.0 to 1.0"),
            (#""grid": {"size": [32, 48]}"#, 64, "size=48: a U-Net needs a width and height"),
            (
                #""grid": {"ganWeight": [0, 1], "historySize": [0, 5]}"#, 64,
                "ganWeight=0,historySize=5: historySize: expected a discriminator, found ganWeight 0"
            ),
            (
                #""grid": {"batchSize": [7, 8], "ngf": [2, 3]}"#, 64,
                "batchSize=7,ngf=2 and 1 more: batch size: expected at most the 6 training pairs"
            ),
            (
                #""cases": [{"name": "a"}, {"name": "b", "train": {"scalesD": 3}}]"#, 64,
                "1 of 2 cases cannot be trained; nothing was begun"
            ),
            (
                #""cases": [{"name": "a", "augment": [{"op": "flop"}]}]"#, 64,
                "a: augment[0]"
            ),
            (#""cases": [{"name": "a"}], "metric": "MS_SSIM""#, 64, "choose L1 or PSNR"),
        ] as [(String, Int32, String)] {
            try write(members)
            for more in [[], ["--dry-run"]] {
                let outcome = try sweep(more)
                #expect(outcome.status == status, "\(members): \(outcome.messages)")
                #expect(outcome.messages.contains(message), "\(members): \(outcome.messages)")
                #expect(!temporary.contents.contains { $0.hasPrefix("runs") })
            }
        }
        try write(#""grid": {"lr": [0.1]}"#)
        #expect(try sweep(["--threads", "0"]).status == 64)
        #expect(try sweep(["--shards", "nowhere"]).status == 1)
        let list = try sweep(["--dry-run"])
        #expect(list.status == 0 && list.output == "lr=0.1-seed0  waiting  lr 0.1\n")
        #expect(!temporary.contents.contains { $0.hasPrefix("runs") })
        // Something else in the place of a run.
        try temporary.write("mine", to: "runs/s/lr=0.1-seed0/notes.txt")
        let outcome = try sweep()
        #expect(outcome.status == 1 && outcome.messages.contains("found something else"))
        #expect(temporary.contents.contains("runs/s/lr=0.1-seed0/notes.txt"))
    }
}
