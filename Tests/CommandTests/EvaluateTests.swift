import DatasetKit
import Foundation
import TestSupport
import Testing

/// `p2p-train evaluate`, on models that were trained for a moment.
@Suite(.enabled(if: Command.isBuilt("p2p-train"), "p2p-train was not built: no libtorch"))
struct EvaluateTests {
    private let temporary: TemporaryFolder
    private let train = Command("p2p-train")

    init() throws {
        temporary = try TemporaryFolder()
        let size = ImageSize(width: 40, height: 40)
        let source = try SideBySideSource(in: temporary, val: 4, half: size)
        // A name that a page and a table must not take for their own marks.
        try FileManager.default.moveItem(
            atPath: "\(source.folder)/val/pair3.png",
            toPath: "\(source.folder)/val/a <b>, & \"c\".png"
        )
        try temporary.write(
            """
            {"name": "noise & <more>", "source": {"path": "source", "input": "right"},
             "augment": [{"op": "crop", "width": 32, "height": 32}, {"op": "flip-horizontal"}]}
            """,
            to: "recipe.json"
        )
        let build = try Command("p2p-data").run(["build", "recipe.json"], in: temporary.path)
        #expect(build.status == 0, "\(build.messages)")
        let training = try train.run(
            [
                "--epochs", "2", "--ngf", "2", "--ndf", "2", "--threads", "1", "--run", "run",
                "--keep-checkpoints", "2",
            ],
            in: temporary.path
        )
        #expect(training.status == 0, "\(training.messages)")
    }

    private func evaluate(_ arguments: String...) throws -> Command.Outcome {
        try train.run(["evaluate"] + arguments + ["--threads", "1"], in: temporary.path)
    }

    private func text(_ path: String) throws -> String {
        String(decoding: try temporary.bytes(of: path), as: UTF8.self)
    }

    private func object(_ text: String) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    private let first = "run/checkpoints/epoch-001.safetensors"
    private let second = "run/checkpoints/epoch-002.safetensors"

    @Test func theFiguresAreThoseOfTheTrainingsOwnValidation() throws {
        let recorded = try text("run/metrics.jsonl").split(separator: "\n")
            .map { try object(String($0)) }.filter { $0["val_L1"] != nil }
        #expect(recorded.count == 2)
        for (epoch, checkpoint) in zip(recorded, [first, second]) {
            let outcome = try evaluate(checkpoint, "--split", "val", "--json")
            #expect(outcome.status == 0, "\(outcome.messages)")
            let models = try #require(object(outcome.output)["models"] as? [[String: Any]])
            let measures = try #require(models.first?["measures"] as? [String: [String: Double]])
            #expect(Set(measures.keys) == ["L1", "PSNR", "SSIM"])
            for (name, summary) in measures {
                #expect(summary["mean"] == epoch["val_\(name)"] as? Double, "\(name)")
            }
        }
    }

    @Test func everythingIsInTheJSON() throws {
        let outcome = try evaluate(
            "run",
            "--split",
            "train",
            "--no-dropout",
            "--norm",
            "running",
            "--seed",
            "5",
            "--limit",
            "3",
            "--json"
        )
        #expect(outcome.status == 0, "\(outcome.messages)")
        #expect(outcome.messages.contains("these are the pairs that run/checkpoints/latest"))
        let result = try object(outcome.output)
        let data = try #require(result["data"] as? [String: Any])
        #expect(data["count"] as? Int == 3 && data["splitCount"] as? Int == 6)
        let model = try #require((result["models"] as? [[String: Any]])?.first)
        let use = try #require(model["use"] as? [String: Any])
        #expect(use["norm"] as? String == "running" && use["seed"] as? Int == 5)
        #expect(use["dropout"] as? Bool == false)
        #expect((result["pairs"] as? [Any])?.count == 3)
        #expect(result["imagesPerSecond"] as? Double != nil && result["device"] != nil)
    }

    @Test func oneModelAsTextTableAndPage() throws {
        let outcome = try evaluate("run", "--split", "val", "--csv", "a.csv", "--html", "a.html")
        #expect(outcome.status == 0, "\(outcome.messages)")
        let lines = outcome.output.split(separator: "\n")
        #expect(lines[0] == "noise & <more>, split val: 4 pairs at 32x32")
        #expect(lines.contains { $0.hasPrefix("PSNR  ") })
        let rows = try text("a.csv").split(separator: "\n")
        #expect(rows.count == 5 && rows[0] == "key,L1,PSNR,SSIM")
        #expect(rows[1].hasPrefix("\"a <b>, & \"\"c\"\"\","))
        let page = try text("a.html")
        #expect(page.contains("a &lt;b&gt;, &amp; &quot;c&quot;"))
        #expect(page.contains("noise &amp; &lt;more&gt;"))
        for mark in ["<b>, &", "& <more>", "http:", "https:", "<link", "@import", "url("] {
            #expect(!page.contains(mark), "\(mark)")
        }
        for title in ["Best pairs", "Worst pairs", "Distributions", "Every pair"] {
            #expect(page.contains(">\(title)"), "\(title)")
        }
        // Each of the four pairs once among the best, once among the worst: three pictures.
        #expect(page.components(separatedBy: "<img ").count - 1 == 24)
    }

    @Test func twoModelsSideBySide() throws {
        let outcome = try evaluate(
            first,
            "--against",
            second,
            "--split",
            "val",
            "--csv",
            "b.csv",
            "--html",
            "b.html",
            "--sort-by",
            "PSNR"
        )
        #expect(outcome.status == 0, "\(outcome.messages)")
        #expect(outcome.output.contains("B - A"))
        #expect(outcome.output.contains("sign test"))
        #expect(try text("b.csv").hasPrefix("key,L1_A,L1_B,PSNR_A,PSNR_B,SSIM_A,SSIM_B\n"))
        let page = try text("b.html")
        #expect(page.contains("better by most</h2><p class=\"meaning\">By PSNR."))
        #expect(page.contains("<small>A</small>") && page.contains("<small>B</small>"))
    }

    @Test func whatCannotBeIsSaidBeforeTheWork() throws {
        for (arguments, status, message) in [
            (["run"], 1, "it has no pairs in the split test, only in train, val"),
            (["none", "--split", "val"], 1, "none"),
            (["run", "--split", "val", "--shards", "no"], 1, "expected a dataset's folder"),
            (["run", "--split", "val", "--lpips", "no.pth"], 1, "there is no such file"),
            (["run", "--split", "val", "--csv", "no/a.csv"], 1, "there is no folder no to write"),
            (["run", "--split", "val", "--labels", "colors"], 2, "at most 256 colours"),
            (["run", "--lpips-heads", "h.pth"], 64, "--lpips-heads belongs to --lpips"),
            (["run", "--sort-by", "L1"], 64, "--sort-by belongs to --html"),
            (["run", "--limit", "0"], 64, "--limit takes a number from 1"),
            (
                ["run", "--split", "val", "--html", "a.html", "--sort-by", "LPIPS"], 64,
                "expected one of L1, PSNR, SSIM, which are measured here, found LPIPS"
            ),
        ] {
            let outcome = try train.run(["evaluate"] + arguments, in: temporary.path)
            #expect(outcome.status == status, "\(arguments): \(outcome.messages)")
            #expect(outcome.messages.contains(message), "\(arguments): \(outcome.messages)")
        }
    }

    @Test func aDamagedShardIsNamedWithItsPair() throws {
        let path = "out/val-00000.safetensors"
        var bytes = try temporary.bytes(of: path)
        let middle = 4096 + 40 * 40 * 3 + 7
        bytes[middle] ^= 1
        try temporary.write(bytes, to: path)
        let outcome = try evaluate("run", "--split", "val")
        #expect(outcome.status == 2, "\(outcome.messages)")
        #expect(outcome.messages.contains("val-00000.safetensors"))
        #expect(outcome.messages.contains("bytes were changed, build the dataset again"))
    }
}
