import DatasetKit
import Foundation
import TestSupport
import Testing

/// `p2p-train import` as its users meet it: built only where there is libtorch.
@Suite(.enabled(if: Command.isBuilt("p2p-train"), "p2p-train was not built: no libtorch"))
struct ImportCommandTests {
    private let temporary: TemporaryFolder
    private let train = Command("p2p-train")

    init() throws {
        temporary = try TemporaryFolder()
    }

    private func run(_ name: String, _ arguments: String...) throws -> Command.Outcome {
        try train.run(
            ["import", "\(Places.fixtures)/weights/\(name).pth"] + arguments,
            in: temporary.path
        )
    }

    @Test func aModelFileAppearsInTheWorkingDirectoryOnce() throws {
        let first = try run("unet")
        #expect(first.status == 0, "\(first.messages)")
        #expect(first.output == "model: unet.safetensors\n")
        #expect(first.messages.contains("unet_32, ngf 1, 3 to 3 channels, norm batch"))
        let file = try SafetensorsFile(path: temporary.path("unet.safetensors"))
        #expect(file.metadata["format"] == "p2p-model")
        #expect(file.metadata["model"]?.contains("unet.pth, SHA-256 ") == true)

        let second = try run("unet")
        #expect(second.status == 1)
        #expect(second.messages.contains("--overwrite"))
        #expect(try run("unet", "--overwrite", "--skip-order", "upsampled-first").status == 0)
    }

    @Test func theReportIsJSONForScripts() throws {
        let outcome = try run("checkpoint", "--json", "--out", "model.safetensors")
        #expect(outcome.status == 0, "\(outcome.messages)")
        let report = try #require(
            try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
        )
        #expect(report["matched"] as? Int == 39)
        #expect(report["key"] as? String == "state_dict")
    }

    @Test func whatCannotBeImportedIsRefusedWithTheReason() throws {
        for (name, says) in [
            ("discriminator", "found those of a discriminator"),
            ("hostile/system-2-zip", "posix.system"), ("hostile/module-zip", "state_dict()"),
            ("hostile/script", "TorchScript"),
        ] {
            let outcome = try run(name)
            #expect(outcome.status == 2, "\(name)")
            #expect(outcome.messages.contains(says), "\(outcome.messages)")
        }
        #expect(try run("nothing").status == 1)
        #expect(try run("unet", "--image-size", "50").status == 64)
        #expect(try run("unet", "--skip-order", "none").status == 64)
        #expect(temporary.contents.isEmpty)
    }
}
