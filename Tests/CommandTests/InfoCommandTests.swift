import Foundation
import TestSupport
import Testing

/// `p2p-data info`: what is in a dataset, for people and for scripts.
@Suite struct InfoCommandTests {
    private let temporary: TemporaryFolder
    private let data = Command("p2p-data")

    init() throws {
        temporary = try TemporaryFolder()
        _ = try SideBySideSource(in: temporary)
        try temporary.write("no image", to: "source/train/notes.md")
        try temporary.write("no image either", to: "source/train/broken.png")
        try temporary.write(
            """
            {"name": "noise", "source": {"path": "source", "input": "right"},
             "resize": {"width": 24, "height": 24}}
            """,
            to: "recipe.json"
        )
        let build = try data.run(
            ["build", "recipe.json", "--on-error", "skip"],
            in: temporary.path
        )
        #expect(build.status == 0)
    }

    private func run(_ arguments: String...) throws -> Command.Outcome {
        try data.run(arguments, in: temporary.path)
    }

    @Test func peopleReadLines() throws {
        let info = try run("info")
        #expect(info.status == 0, "\(info.messages)")
        let lines = info.output.split(separator: "\n").map(String.init)
        for expected in [
            "name         noise", "pairs        8 in 2 shards, ", "  train      6 in 1 shards, ",
            "  val        2 in 1 shards, ", "input        24x24, 3 channels, U8",
            "source       input right, layout side-by-side, path source",
            "resize       filter bicubic, height 24, mode stretch, resampler pillow13, width 24",
            "conversions  resized 16", "rejected     unreadable 1", "ignored      1 files",
            "format       p2p-dataset 1",
        ] {
            #expect(lines.contains { $0.hasPrefix(expected) }, "\(expected)\n\(info.output)")
        }
        #expect(info.output.contains(": pair0, pair1, pair2, …\n"))
        #expect(info.output.contains(": pair0, pair1\n"))
        #expect(info.output.contains("libjpeg-turbo "))
    }

    @Test func scriptsReadJSON() throws {
        let info = try run("info", "--shards", "out", "--json")
        #expect(info.status == 0, "\(info.messages)")
        let json = try JSONSerialization.jsonObject(with: Data(info.output.utf8))
        let object = try #require(json as? [String: Any])
        #expect(
            Set(object.keys) == [
                "bytes", "counts", "fingerprint", "folder", "format", "input", "name", "pairs",
                "recipe", "shards", "software", "splits", "target", "version",
            ]
        )
        #expect(object["pairs"] as? Int == 8)
        #expect(object["shards"] as? Int == 2)
        let splits = try #require(object["splits"] as? [String: [String: Any]])
        #expect(Set(splits.keys) == ["train", "val"])
        let train = try #require(splits["train"])
        #expect(Set(train.keys) == ["bytes", "firstKeys", "pairs", "shards"])
        #expect(train["firstKeys"] as? [String] == ["pair0", "pair1", "pair2"])
        let lengths = try FileManager.default.contentsOfDirectory(atPath: temporary.path("out"))
            .filter { $0.hasSuffix(".safetensors") }
            .map { try temporary.bytes(of: "out/\($0)").count }
        #expect(object["bytes"] as? Int == lengths.reduce(0, +))
        let counts = try #require(object["counts"] as? [String: Any])
        #expect(counts["rejected"] as? [String: Int] == ["unreadable": 1])
        let recipe = try #require(object["recipe"] as? [String: Any])
        #expect((recipe["source"] as? [String: Any])?["input"] as? String == "right")
    }

    @Test func whatIsNoDatasetFails() throws {
        #expect(try run("info", "--shards", "source").status == 1)
        try temporary.write("{", to: "out/index.json")
        let damaged = try run("info")
        #expect(damaged.status == 2)
        #expect(damaged.messages.hasPrefix("error: out/index.json: not valid JSON"))
    }
}
