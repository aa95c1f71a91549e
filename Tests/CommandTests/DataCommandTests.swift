import DatasetKit
import TestSupport
import Testing

/// `p2p-data` as its users meet it: arguments in, text, files and an exit code out.
@Suite struct DataCommandTests {
    private let temporary: TemporaryFolder
    private let source: SideBySideSource
    private let data = Command("p2p-data")

    init() throws {
        temporary = try TemporaryFolder()
        source = try SideBySideSource(in: temporary)
        try temporary.write(
            """
            {"name": "noise", "source": {"path": "source", "input": "right"},
             "resize": {"width": 24, "height": 24},
             "augment": [{"op": "crop", "width": 16, "height": 16}, {"op": "flip-horizontal"}]}
            """,
            to: "recipe.json"
        )
    }

    private func run(_ arguments: String...) throws -> Command.Outcome {
        try data.run(arguments, in: temporary.path)
    }

    @Test func buildVerifyAndPreviewNeedNoMoreThanTheRecipe() throws {
        let build = try run("build", "recipe.json")
        #expect(build.status == 0, "\(build.messages)")
        #expect(build.output.contains("noise, train 6 + val 2 pairs, input 24x24x3 U8"))
        let again = try run("build", "recipe.json")
        #expect(again.status == 0)
        #expect(again.output.contains("unchanged"))
        let verify = try run("verify")
        #expect(verify.status == 0)
        #expect(verify.output.contains("out: 8 pairs in 2 shards"))
        let preview = try run("preview")
        #expect(preview.status == 0, "\(preview.messages)")
        #expect(preview.output == "preview.png\n")
        let sheet = try ImageCodec.decode(path: temporary.path("preview.png"))
        #expect(sheet.image.channels == 3)
    }

    @Test func theSheetShowsWhatTrainingWillSee() throws {
        _ = try run("build", "recipe.json")
        let first = try run("preview", "--seed", "3", "--out", "a.png")
        #expect(first.status == 0)
        _ = try run("preview", "--seed", "3", "--out", "b.png")
        _ = try run("preview", "--seed", "4", "--out", "c.png")
        _ = try run("preview", "--seed", "3", "--epoch", "2", "--out", "d.png")
        let sheets = try ["a", "b", "c", "d"].map { try temporary.bytes(of: "\($0).png") }
        #expect(sheets[0] == sheets[1])
        #expect(sheets[0] != sheets[2])
        #expect(sheets[0] != sheets[3])
    }

    @Test func aRecipeThatAsksForTheImpossibleIsWrongUsage() throws {
        for (json, message) in [
            (#"{"source": {"path": "source"}, "resise": {}}"#, "did you mean resize?"),
            (#"{"source": {"path": "source"}, "shards": {"maxBytes": "x"}}"#, "shards.maxBytes"),
            (#"{"source": {"path": "source"}, "augment": [{"op": "flop"}]}"#, "augment[0].op"),
            (
                #"{"source": {"path": "source"}, "resize": {"width": 8, "height": 8}, "#
                    + #""augment": [{"op": "crop", "width": 9, "height": 9}]}"#,
                "augment[0].width"
            ),
        ] {
            try temporary.write(json, to: "wrong.json")
            let outcome = try run("build", "wrong.json")
            #expect(outcome.status == 64)
            #expect(outcome.messages.contains("error: wrong.json: "), "\(outcome.messages)")
            #expect(outcome.messages.contains(message), "\(outcome.messages)")
            #expect(!temporary.contents.contains { $0.hasPrefix("out") })
        }
    }

    @Test func whatIsMissingFails() throws {
        for arguments in [
            ["build", "nowhere.json"], ["build", "recipe.json", "--source", "nowhere"],
            ["verify", "--shards", "nowhere"], ["verify", "--shards", "source"],
            ["preview", "--shards", "source"],
        ] {
            let outcome = try data.run(arguments, in: temporary.path)
            #expect(outcome.status == 1, "\(arguments): \(outcome.messages)")
            #expect(outcome.messages.hasPrefix("error: "), "\(arguments): \(outcome.messages)")
            #expect(!temporary.contents.contains { $0.hasPrefix("out") })
        }
        #expect(try run("build").status == 64)
        #expect(try run("build", "recipe.json", "--jobs", "0").status == 64)
    }

    @Test func unusableImagesAreListedWithTheRemedy() throws {
        let whole = try temporary.bytes(of: "source/train/pair0.png")
        try temporary.write(whole[..<(whole.count / 2)], to: "source/train/cut.png")
        try temporary.write("no image", to: "source/train/text.jpg")
        let stop = try run("build", "recipe.json")
        #expect(stop.status == 2)
        #expect(stop.messages.contains("source/train/cut.png: "))
        #expect(stop.messages.contains("source/train/text.jpg: "))
        #expect(stop.messages.contains("8 pairs matched, 2 lost (unreadable 2); nothing was built"))
        #expect(!temporary.contents.contains { $0.hasPrefix("out") })
        let skip = try run("build", "recipe.json", "--on-error", "skip")
        #expect(skip.status == 0)
        #expect(skip.messages.contains("warning: skipped"))
    }

    @Test func aDamagedShardFailsTheVerification() throws {
        _ = try run("build", "recipe.json")
        let shard = "out/train-00000.safetensors"
        var bytes = try temporary.bytes(of: shard)
        bytes[5000] ^= 1
        try temporary.write(bytes, to: shard)
        let flipped = try run("verify")
        #expect(flipped.status == 2)
        #expect(flipped.messages.contains("error: out/train-00000.safetensors: "))
        try temporary.write(bytes.dropLast(100), to: shard)
        #expect(try run("verify").status == 2)
        #expect(try run("preview").status == 2)
        try FileSystem.remove(temporary.path(shard))
        #expect(try run("verify").status == 2)
    }

    @Test func withoutTheArchiveItSaysWhatToFetchAndWhereToPutIt() throws {
        // Port 9 of this machine: nothing answers there.
        try temporary.write(
            #"{"source": {"path": "data/set", "url": "http://127.0.0.1:9/set.tar.gz"}}"#,
            to: "remote.json"
        )
        let outcome = try run("build", "remote.json")
        #expect(outcome.status == 1)
        #expect(outcome.messages.contains("fetch http://127.0.0.1:9/set.tar.gz by other means"))
        #expect(outcome.messages.contains("put it at data/set.tar.gz"), "\(outcome.messages)")
        #expect(!temporary.contents.contains { $0.hasPrefix("data/") })
    }

    @Test func theSampleIsTheSameForTheSameSeed() throws {
        for name in ["a", "b"] {
            let outcome = try run("sample", "--out", name, "--pairs", "4", "--seed", "5")
            #expect(outcome.status == 0, "\(outcome.messages)")
        }
        let files = temporary.contents.filter { $0.hasPrefix("a/") && $0.hasSuffix(".jpg") }
        #expect(files.count == 4)
        for file in files {
            #expect(try temporary.bytes(of: file) == temporary.bytes(of: "b" + file.dropFirst()))
        }
        let again = try run("sample", "--out", "a", "--pairs", "4")
        #expect(again.status == 1)
        #expect(again.messages.contains("a: expected no folder or an empty one"))
    }
}
