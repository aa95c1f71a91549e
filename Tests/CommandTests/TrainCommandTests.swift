import DatasetKit
import Foundation
import TestSupport
import Testing

/// `p2p-train` as its users meet it: built only where there is libtorch.
@Suite(.enabled(if: Command.isBuilt("p2p-train"), "p2p-train was not built: no libtorch"))
struct TrainCommandTests: NoiseTrainings {
    let temporary: TemporaryFolder

    init() throws {
        temporary = try Self.makeDataset(operations: #"{"op": "flip-horizontal"}"#)
    }

    @Test func aTrainingLeavesEverythingInItsRunFolder() throws {
        let outcome = try run(["--epochs", "2", "--decay-epochs", "1"])
        #expect(outcome.status == 0, "\(outcome.messages)")
        #expect(outcome.output.contains("epoch 3/3  G_GAN "))
        #expect(outcome.output.contains(" val_L1 "))
        #expect(outcome.output.hasSuffix("run: runs/noise-1\n"))
        let files = temporary.contents.filter { $0.hasPrefix("runs/noise-1/") }
        let events = files.filter { $0.hasPrefix("runs/noise-1/events.out.tfevents.") }
        #expect(events.count == 1)
        #expect(
            files.filter { !events.contains($0) } == [
                "runs/noise-1/checkpoints", "runs/noise-1/checkpoints/best.safetensors",
                "runs/noise-1/checkpoints/latest.safetensors", "runs/noise-1/config.json",
                "runs/noise-1/metrics.jsonl", "runs/noise-1/report.html", "runs/noise-1/samples",
                "runs/noise-1/samples/epoch-001.png", "runs/noise-1/samples/epoch-002.png",
                "runs/noise-1/samples/epoch-003.png", "runs/noise-1/samples/montage.png",
            ]
        )
        let metrics = try metrics("runs/noise-1")
        let steps = metrics.filter { $0["G_GAN"] != nil }
        #expect(steps.count == 18)
        #expect(
            steps.map { $0["lr"] } == Array(repeating: 2e-4, count: 12)
                + Array(repeating: 1e-4, count: 6)
        )
        #expect(
            metrics.filter { $0["val_L1"] != nil && $0["val_L1_mean_target"] != nil }.count == 3
        )
        let grid = try ImageCodec.decode(path: temporary.path("runs/noise-1/samples/epoch-003.png"))
        #expect(grid.image.width > 3 * 32)

        let checkpoint = try SafetensorsFile(
            path: temporary.path("runs/noise-1/checkpoints/latest.safetensors")
        )
        #expect(checkpoint.metadata["format"] == "p2p-checkpoint")
        #expect(checkpoint.metadata["position"] == #"{"steps":18,"stepsPerEpoch":6}"#)
        #expect(checkpoint.tensors["generator.model.model.0.weight"]?.shape == [2, 3, 4, 4])
        #expect(checkpoint.tensors["discriminator.model.11.bias"]?.shape == [1])
        #expect(checkpoint.tensors["generator_optimizer.model.model.0.weight.exp_avg_sq"] != nil)

        // The next run has a folder of its own.
        #expect(try run(["--max-steps", "1"]).output.hasSuffix("run: runs/noise-2\n"))
    }

    @Test func theSameSeedGivesTheSameModelForAnyNumberOfReaders() throws {
        for (name, more) in [
            ("a", ["--readers", "1"]), ("b", ["--readers", "4"]), ("c", ["--seed", "1"]),
        ] {
            let outcome = try run(["--epochs", "2", "--batch-size", "4", "--run", name] + more)
            #expect(outcome.status == 0, "\(outcome.messages)")
        }
        func tensors(_ name: String) throws -> [UInt8] {
            let path = temporary.path("\(name)/checkpoints/latest.safetensors")
            let file = try SafetensorsFile(path: path)
            return try file.header.order.flatMap { tensor in
                try unsafe file.withBytes(of: tensor) { unsafe Array($0) }
            }
        }
        #expect(try tensors("a") == tensors("b"))
        #expect(try tensors("a") != tensors("c"))
        let losses = try ["a", "b"].map { name in
            try metrics(name).compactMap { $0["G_L1"] }
        }
        #expect(losses[0] == losses[1])
        // Six pairs in batches of four: two steps an epoch, nothing left out.
        #expect(losses[0].count == 4)
    }

    @Test func whatIsImpossibleIsRefusedBeforeAnythingIsWritten() throws {
        for (arguments, status, message) in [
            (["--size", "48"], 64, "multiples of 32, found 48x48"),
            (
                ["--generator", "unet_64"], 64,
                "unet_64 needs a width and height that are multiples of 64"
            ),
            (["--generator", "resnet"], 64, "'resnet' is invalid for '--generator"),
            (["--discriminator", "pixels"], 64, "'pixels' is invalid for '--discriminator"),
            (["--n-layers-d", "7"], 64, "train.nLayersD: expected a whole number from 1 to 6"),
            (
                ["--discriminator", "n_layers", "--n-layers-d", "4"], 64,
                "expected images of at least 48 pixels a side, found 32x32"
            ),
            (
                ["--generator", "resnet_6", "--size", "4"], 64,
                "at least 8 pixels a side, found 4x4"
            ),
            (["--gan-weight", "0", "--lambda-l1", "0"], 64, "there is nothing to learn from"),
            (
                ["--gan-loss", "hinge", "--label-smoothing", "0.1"], 64,
                "labelSmoothing: expected the ganLoss vanilla or lsgan"
            ),
            (["--best-metric", "MS_SSIM"], 64, "at least 161 pixels a side, found 32x32"),
            (
                ["--batch-size", "2", "--accumulate", "4"], 64,
                "6 training pairs, found 8 (4 batches of 2)"
            ),
            (["--init-from", "nowhere"], 1, "nowhere"),
            (["--run", "/proc/p2p"], 1, "/proc/p2p"),
            (["--batch-size", "7"], 64, "expected at most the 6 training pairs, found 7"),
            (["--epochs", "0"], 64, "expected at least one epoch"),
            (["--lr", "2"], 64, "train.lr: expected a number from 0.0 to 1.0"),
            (["--max-steps", "0"], 64, "--max-steps takes a number from 1"),
            (["--nonsense"], 64, "--nonsense"),
            (["--shards", "nowhere"], 1, "nowhere: expected a dataset's folder, found none"),
            (
                ["--shards", "source"], 1,
                "source: expected a dataset, found a folder without index.json"
            ),
            (["--device", "abacus"], 1, "expected auto, cpu, cuda or cuda:N, found abacus"),
            (["--device", "cuda:99"], 1, "cuda:99 cannot be used"),
            (["--run", "source"], 1, "source: expected a new or empty folder"),
        ] as [([String], Int32, String)] {
            let outcome = try run(arguments)
            #expect(outcome.status == status, "\(arguments): \(outcome.messages)")
            #expect(outcome.messages.contains(message), "\(arguments): \(outcome.messages)")
            #expect(!temporary.contents.contains { $0.hasPrefix("runs") })
        }
    }

    @Test func damagedShardsEndItWithTheirNames() throws {
        let shard = "out/train-00000.safetensors"
        let bytes = try temporary.bytes(of: shard)
        var flipped = bytes
        flipped[6000] ^= 4
        for damaged in [flipped, bytes.dropLast(9)] {
            try temporary.write(damaged, to: shard)
            let outcome = try run(["--epochs", "1"])
            #expect(outcome.status == 2, "\(outcome.messages)")
            #expect(outcome.messages.contains("error: \(shard): "), "\(outcome.messages)")
        }
        try FileSystem.remove(temporary.path(shard))
        #expect(try run(["--epochs", "1"]).status == 2)
    }

    @Test func theLastCheckpointsAndTheBestAreKept() throws {
        let outcome = try run([
            "--epochs", "5", "--checkpoint-epochs", "2", "--keep-checkpoints", "2", "--run", "k",
        ])
        #expect(outcome.status == 0, "\(outcome.messages)")
        let files = temporary.contents.filter { $0.hasPrefix("k/checkpoints/") }
        #expect(
            files == [
                "k/checkpoints/best.safetensors", "k/checkpoints/epoch-004.safetensors",
                "k/checkpoints/epoch-005.safetensors", "k/checkpoints/latest.safetensors",
            ]
        )
        func position(_ name: String) throws -> String? {
            try SafetensorsFile(path: temporary.path("k/checkpoints/\(name).safetensors"))
                .metadata["position"]
        }
        #expect(try position("epoch-004") == #"{"steps":24,"stepsPerEpoch":6}"#)
        #expect(try position("latest") == position("epoch-005"))
        let validations = try metrics("k").filter { $0["val_L1"] != nil }
        let best = try #require(validations.min { ($0["val_L1"] ?? 9) < ($1["val_L1"] ?? 9) })
        let epoch = Int(try #require(best["epoch"]))
        #expect(try position("best") == #"{"steps":\#(6 * epoch),"stepsPerEpoch":6}"#)
    }

    @Test func weightsOfAnotherRunBeginANewOne() throws {
        #expect(try run(["--epochs", "1", "--run", "first"]).status == 0)
        let outcome = try run(["--init-from", "first", "--epochs", "1", "--lr", "0", "--run", "b"])
        #expect(outcome.status == 0, "\(outcome.messages)")
        #expect(outcome.messages.contains("weights from first/checkpoints/latest.safetensors"))
        #expect(
            outcome.messages.contains("generator: 46 of 46 tensors matched"),
            "\(outcome.messages)"
        )
        #expect(outcome.messages.contains("discriminator: 22 of 22 tensors matched"))
        func weights(_ run: String) throws -> [UInt8] {
            let path = temporary.path("\(run)/checkpoints/latest.safetensors")
            let file = try SafetensorsFile(path: path)
            return try unsafe file.withBytes(of: "generator.model.model.0.weight") {
                unsafe Array($0)
            }
        }
        #expect(try weights("first") == weights("b"))
    }

    /// Weights that are nearly 0, no norm and a rate of 0: one colour for ever.
    @Test func aCollapseIsWarnedOfWithNumbers() throws {
        let outcome = try run([
            "--norm", "none", "--lr", "0", "--gan-weight", "0", "--batch-size", "2",
            "--epochs", "67", "--val-every", "100", "--run", "flat",
        ])
        #expect(outcome.status == 0, "\(outcome.messages)")
        let warning =
            "warning: epoch 67, step 200: the generated images hardly vary: a deviation of "
        #expect(outcome.messages.contains(warning), "\(outcome.messages)")
        let lines = try String(decoding: temporary.bytes(of: "flat/metrics.jsonl"), as: UTF8.self)
        #expect(lines.contains(#""warning":"output-vanishes""#))
        let page = try String(decoding: temporary.bytes(of: "flat/report.html"), as: UTF8.self)
        #expect(page.contains("the generated images hardly vary"))
    }

    @Test func aDatasetWithoutTrainingPairsIsRefused() throws {
        try temporary.write(
            """
            {"source": {"path": "source/val"}, "split": {"from": "ratio", "train": 0, "val": 1}}
            """,
            to: "held.json"
        )
        let arguments = ["build", "held.json", "--out", "held"]
        #expect(try Command("p2p-data").run(arguments, in: temporary.path).status == 0)
        let outcome = try run(["--shards", "held", "--size", "32"])
        #expect(outcome.status == 2)
        #expect(outcome.messages.contains("held: expected pairs in the split train, found none"))
    }

    @Test func theDoctorTriesATinyTraining() throws {
        let outcome = try train.run(["doctor"], in: temporary.path)
        #expect(outcome.status == 0, "\(outcome.messages)")
        for part in ["libtorch", "libpng", "processor", "cpu: works"] {
            #expect(outcome.output.contains(part), "\(outcome.output)")
        }
        let json = try train.run(["doctor", "--json"], in: temporary.path)
        let report = try JSONValue.parse(Data(json.output.utf8), path: "doctor", code: .io)
        guard case .object(let members) = report, case .array(let trials) = members["trials"]
        else {
            Issue.record("no trials: \(json.output)")
            return
        }
        #expect(!trials.isEmpty)
    }
}
