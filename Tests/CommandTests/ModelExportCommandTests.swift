import DatasetKit
import Foundation
import TestSupport
import Testing

/// `p2p-train export` as its users meet it: built only where there is libtorch.
@Suite(.enabled(if: Command.isBuilt("p2p-train"), "p2p-train was not built: no libtorch"))
struct ModelExportCommandTests {
    private static let python = "\(Places.package)/.venv/bin/python"

    /// Whether `.venv` has PyTorch.
    private static let hasPyTorch =
        FileManager.default.isExecutableFile(atPath: python)
        && (try? Command(path: python).run(["-c", "import torch, safetensors.torch"]).status) == 0

    private let temporary: TemporaryFolder
    private let train = Command("p2p-train")

    /// Trains a tiny model for a step.
    init() throws {
        temporary = try TemporaryFolder()
        _ = try SideBySideSource(in: temporary, half: ImageSize(width: 32, height: 32))
        try temporary.write(#"{"name": "noise", "source": {"path": "source"}}"#, to: "recipe.json")
        let build = try Command("p2p-data").run(["build", "recipe.json"], in: temporary.path)
        #expect(build.status == 0, "\(build.messages)")
        let outcome = try train.run(
            ["--ngf", "2", "--ndf", "2", "--threads", "1", "--epochs", "1", "--ema", "0.5"],
            in: temporary.path
        )
        #expect(outcome.status == 0, "\(outcome.messages)")
    }

    private func export(_ arguments: String...) throws -> Command.Outcome {
        try train.run(["export"] + arguments, in: temporary.path)
    }

    @Test func aRunBecomesAGraphThatIsNamedAfterIt() throws {
        let outcome = try export("runs/noise-1")
        #expect(outcome.status == 0, "\(outcome.messages)")
        #expect(outcome.output.hasPrefix("noise-1.onnx: "))
        #expect(outcome.output.contains("multiples of 32, any number at once"))
        #expect(outcome.output.contains("(averaged weights): the largest difference is "))
        #expect(outcome.messages.contains("warning: this model drops out when it is used"))
        let bytes = try temporary.bytes(of: "noise-1.onnx")

        let again = try export("runs/noise-1")
        #expect(again.status == 1)
        #expect(again.messages.contains("error: noise-1.onnx: it is there already"))
        let replaced = try export(
            "runs/noise-1/",
            "--overwrite",
            "--weights",
            "trained",
            "--samples",
            "samples.safetensors",
            "--json"
        )
        #expect(replaced.status == 0, "\(replaced.messages)")
        let report = try #require(
            JSONSerialization.jsonObject(with: Data(replaced.output.utf8)) as? [String: Any]
        )
        #expect(report["weights"] as? String == "trained")
        #expect(report["norm"] as? String == "batch")
        #expect((report["checks"] as? [Any])?.count == 4)
        #expect(try temporary.bytes(of: "noise-1.onnx") != bytes)
        #expect(
            try SafetensorsFile(path: temporary.path("samples.safetensors"))
                .tensors["output.3"]?.shape == [2, 3, 32, 64]
        )
        // The same again is the same file.
        let twin = try export("runs/noise-1", "--weights", "averaged", "--out", "twin.onnx")
        #expect(twin.status == 0, "\(twin.messages)")
        #expect(try temporary.bytes(of: "twin.onnx") == bytes)
        #expect(!temporary.contents.contains { $0.hasSuffix(".tmp") })
    }

    @Test func whatCannotBeExportedLeavesNothing() throws {
        let before = temporary.contents
        let cases: [([String], Int32, String)] = [
            (["nowhere"], 1, "nowhere"),
            (["recipe.json"], 2, "recipe.json"),
            (["runs/noise-1", "--out", "no/such/folder.onnx"], 1, "no/such/folder.onnx"),
            (["runs/noise-1", "--samples", "no/such/folder.safetensors"], 1, "no/such/folder"),
            (
                ["runs/noise-1", "--format", "safetensors", "--norm", "running"], 64,
                "--norm goes with --format onnx only"
            ),
            (["runs/noise-1", "--format", "coreml"], 64, "'coreml' is invalid"),
            (["runs/noise-1", "--threads", "0"], 64, "--threads takes a number from 1, found 0"),
        ]
        for (arguments, status, message) in cases {
            let outcome = try train.run(["export"] + arguments, in: temporary.path)
            #expect(outcome.status == status, "\(arguments): \(outcome.messages)")
            #expect(outcome.messages.contains(message), "\(arguments): \(outcome.messages)")
        }
        var checkpoint = try temporary.bytes(of: "runs/noise-1/checkpoints/latest.safetensors")
        let header = try SafetensorsFile(
            path: temporary.path("runs/noise-1/checkpoints/latest.safetensors")
        ).header
        let weight = try #require(header.tensors["generator_ema.model.model.0.weight"])
        checkpoint[checkpoint.count - header.dataLength + weight.range.lowerBound] ^= 1
        try temporary.write(checkpoint, to: "damaged.safetensors")
        for (weights, status) in [("averaged", Int32(2)), ("trained", 0)] {
            let outcome = try export("damaged.safetensors", "--weights", weights)
            #expect(outcome.status == status, "\(weights): \(outcome.messages)")
            #expect(temporary.contents.contains("damaged.onnx") == (status == 0))
        }
        for name in ["damaged.onnx", "damaged.safetensors"] {
            try FileManager.default.removeItem(atPath: temporary.path(name))
        }
        #expect(temporary.contents == before)
    }

    @Test(
        .enabled(
            if: hasPyTorch,
            "skipped: .venv has no torch and safetensors (scripts/smoke.sh installs them)"
        )
    )
    func pyTorchTakesTheWeightsAsTheyAre() throws {
        let outcome = try export(
            "runs/noise-1/checkpoints/best.safetensors",
            "--format",
            "safetensors"
        )
        #expect(outcome.status == 0, "\(outcome.messages)")
        #expect(outcome.output.hasPrefix("noise-1-best.safetensors: "))
        let script = """
            import json, sys
            sys.path.insert(0, sys.argv[1])
            import reference_networks
            from safetensors import safe_open
            from safetensors.torch import load_file
            path = "noise-1-best.safetensors"
            model = json.loads(safe_open(path, "pt").metadata()["model"])
            sides = model["input"]["channels"], model["target"]["channels"]
            generator = reference_networks.generator(model["options"], *sides)
            generator.load_state_dict(load_file(path), strict=True)
            print("taken")
            """
        let loaded = try Command(path: Self.python)
            .run(["-c", script, Places.fixtures], in: temporary.path)
        #expect(loaded.output == "taken\n", "\(loaded.messages)")
        // A model file can be exported in its turn.
        let graph = try export("noise-1-best.safetensors")
        #expect(graph.status == 0, "\(graph.messages)")
    }
}
