import DatasetKit
import Foundation
import TestSupport
import Testing

/// A dataset written as image files: the same pixels, in the right places, or nothing at all.
@Suite struct ExportTests {
    private let temporary: TemporaryFolder
    private let source: SideBySideSource

    init() throws {
        temporary = try TemporaryFolder()
        source = try SideBySideSource(in: temporary)
        try temporary.write(
            try ImageCodec.encodePNG(Noise.image(width: 40, height: 16, seed: 77)),
            to: "source/train/street/house.png"
        )
    }

    private func build(
        from folder: String = "source",
        input: String = "left",
        to out: String = "out"
    ) throws -> Dataset {
        let json =
            #"{"name": "noise", "source": {"path": "\#(temporary.path(folder))", "input": "\#(input)"}}"#
        let recipe = try Recipe(path: temporary.write(json, to: "recipe.json"))
        let output = temporary.path(out)
        _ = try DatasetBuilder(recipe: recipe, output: output, jobs: 2).build { _, _, _ in }
        return try Dataset(folder: output)
    }

    private func pairs(_ dataset: Dataset) throws -> [String: ImagePair] {
        var pairs: [String: ImagePair] = [:]
        for split in dataset.splits {
            let reader = try #require(dataset.split(split))
            for number in 0..<reader.count {
                pairs["\(split.rawValue)/\(try reader.key(at: number))"] = try reader.pair(
                    at: number
                )
            }
        }
        return pairs
    }

    private func files(_ folder: String) -> [String] {
        temporary.contents.filter {
            $0.hasPrefix("\(folder)/") && FileSystem.kind(of: temporary.path($0)) == .file
        }
    }

    private func image(_ path: String) throws -> Image {
        try ImageCodec.decode(path: temporary.path(path)).image
    }

    @Test func foldersHoldThePixels() throws {
        let dataset = try build(input: "right")
        let export = DatasetExport(of: dataset, to: temporary.path("images"), jobs: 3)
        let report = try export.run { _, _ in }
        let pairs = try pairs(dataset)
        #expect(pairs.count == 9)
        #expect(report.pairs == 9)
        #expect(report.files == 18)
        #expect(files("images").count == 18)
        #expect(
            report.bytes
                == (try files("images").reduce(0) { try $0 + temporary.bytes(of: $1).count })
        )
        for (key, pair) in pairs {
            let parts = key.split(separator: "/", maxSplits: 1)
            #expect(try image("images/\(parts[0])/input/\(parts[1]).png") == pair.input)
            #expect(try image("images/\(parts[0])/target/\(parts[1]).png") == pair.target)
        }
        #expect(FileSystem.kind(of: temporary.path("images.partial")) == nil)
    }

    /// Export, then build: the same pixels under the same names, whichever half is the input.
    @Test(arguments: ["left", "right", "top", "bottom"])
    func sideBySideIsBuiltIntoTheSameDataset(_ input: String) throws {
        let first = try build(input: input)
        let export = DatasetExport(
            of: first,
            to: temporary.path("images/"),
            layout: .sideBySide,
            jobs: 2
        )
        #expect(try export.run { _, _ in }.files == 9)
        #expect(files("images").contains("images/train/street/house.png"))
        #expect(try image("images/val/pair0.png") == source.images["val/pair0"])
        let second = try build(from: "images", input: input, to: "again")
        #expect(try pairs(second) == pairs(first))
        #expect(second.index.splits[.train]?.samples == 7)
    }

    @Test func onlyTheSplitAndThePairsAskedFor() throws {
        let dataset = try build()
        var export = DatasetExport(of: dataset, to: temporary.path("a"), split: .val, jobs: 2)
        #expect(try export.run { _, _ in }.pairs == 2)
        #expect(files("a").allSatisfy { $0.hasPrefix("a/val/") })
        export = DatasetExport(
            of: dataset,
            to: temporary.path("b"),
            keys: ["pair1", "street/house"],
            jobs: 2
        )
        #expect(try export.run { _, _ in }.pairs == 3)
        #expect(
            files("b").filter { $0.contains("/input/") } == [
                "b/train/input/pair1.png", "b/train/input/street/house.png",
                "b/val/input/pair1.png",
            ]
        )
        export = DatasetExport(
            of: dataset,
            to: temporary.path("c"),
            split: .val,
            keys: ["pair1", "street/house", "pair9"],
            jobs: 2
        )
        let error = #expect(throws: DatasetError.self) { try export.run { _, _ in } }
        #expect(error?.code == .notFound)
        #expect(error?.message == "it has no pairs named pair9, street/house in the split val")
        export = DatasetExport(of: dataset, to: temporary.path("c"), split: .test, jobs: 2)
        #expect(
            #expect(throws: DatasetError.self) { try export.run { _, _ in } }?.code == .notFound
        )
        #expect(FileSystem.kind(of: temporary.path("c")) == nil)
    }

    @Test func tiffIsBuiltIntoTheSameDataset() throws {
        let first = try build()
        _ = try DatasetExport(
            of: first,
            to: temporary.path("images"),
            format: .tiff,
            layout: .sideBySide,
            jobs: 2
        ).run { _, _ in }
        #expect(files("images").contains("images/train/street/house.tif"))
        #expect(try pairs(build(from: "images", to: "again")) == pairs(first))
    }

    @Test func jpegIsForLookingAt() throws {
        let dataset = try build()
        _ = try DatasetExport(of: dataset, to: temporary.path("a"), format: .jpeg, jobs: 2)
            .run { _, _ in }
        let decoded = try ImageCodec.decode(path: temporary.path("a/train/input/pair0.jpg"))
        #expect(decoded.info.format == .jpeg)
        #expect(decoded.image.size == dataset.index.input.size)
    }

    @Test func nothingIsOverwritten() throws {
        let dataset = try build()
        try temporary.write("mine", to: "full/letter.txt")
        try temporary.write("mine", to: "file")
        for name in ["full", "file"] {
            let export = DatasetExport(of: dataset, to: temporary.path(name), jobs: 2)
            #expect(
                #expect(throws: DatasetError.self) { try export.run { _, _ in } }?.code == .exists
            )
        }
        #expect(files("full") == ["full/letter.txt"])
        try temporary.makeFolder("empty")
        try temporary.write("left", to: "empty.partial/left.txt")
        _ = try DatasetExport(of: dataset, to: temporary.path("empty"), jobs: 2).run { _, _ in }
        #expect(files("empty").count == 18)
        #expect(!temporary.contents.contains { $0.hasPrefix("empty.partial") })
    }

    /// Names are data from a file: one that leads out of the folder ends the export before it starts.
    @Test(arguments: [
        "../../evil1", "/tmp/evil12", "a/../../ev1", "a//evil1234", "./evil12345", "a\\..\\evil12",
    ])
    func aNameThatLeadsOutIsRefused(_ evil: String) throws {
        let placeholder = String(repeating: "k", count: evil.utf8.count)
        try temporary.write(
            try ImageCodec.encodePNG(Noise.image(width: 40, height: 16)),
            to: "source/train/\(placeholder).png"
        )
        var dataset = try build()
        let shard = "out/train-00000.safetensors"
        let bytes = try temporary.bytes(of: shard)
        let names = Array(placeholder.utf8)
        let place = try #require(
            (0..<bytes.count - names.count).last {
                bytes[$0..<$0 + names.count].elementsEqual(names)
            }
        )
        var changed = bytes
        changed.replaceSubrange(place..<place + names.count, with: evil.utf8)
        try temporary.write(changed, to: shard)
        dataset = try Dataset(folder: temporary.path("out"))
        for format in DatasetExport.Format.allCases {
            let before = temporary.contents
            let export = DatasetExport(
                of: dataset,
                to: temporary.path("x/images"),
                format: format,
                jobs: 2
            )
            let error = #expect(throws: DatasetError.self) { try export.run { _, _ in } }
            #expect(error?.code == .unsupported)
            #expect(error?.message.contains("\"\(evil)\" would be a file outside") == true)
            #expect(temporary.contents == before)
        }
        // The others can still be had.
        let rest = DatasetExport(of: dataset, to: temporary.path("y"), keys: ["pair0"], jobs: 2)
        #expect(try rest.run { _, _ in }.pairs == 2)
    }

    @Test func aDamagedPairLeavesNothing() throws {
        _ = try build()
        var bytes = try temporary.bytes(of: "out/train-00000.safetensors")
        bytes[5000] ^= 1
        try temporary.write(bytes, to: "out/train-00000.safetensors")
        let dataset = try Dataset(folder: temporary.path("out"))
        let export = DatasetExport(of: dataset, to: temporary.path("images"), jobs: 2)
        #expect(#expect(throws: DatasetError.self) { try export.run { _, _ in } }?.code == .corrupt)
        #expect(!temporary.contents.contains { $0.hasPrefix("images") })
    }

    @Test func sidesThatDifferDoNotFitIntoOneImage() throws {
        _ = try build()
        let index = String(decoding: try temporary.bytes(of: "out/index.json"), as: UTF8.self)
        let target = try #require(index.range(of: "\"target\""))
        let changed =
            index[..<target.lowerBound]
            + index[target.lowerBound...].replacing("\"height\" : 16", with: "\"height\" : 17")
        try temporary.write(String(changed), to: "out/index.json")
        let dataset = try Dataset(folder: temporary.path("out"))
        let export = DatasetExport(
            of: dataset,
            to: temporary.path("images"),
            layout: .sideBySide,
            jobs: 2
        )
        let error = #expect(throws: DatasetError.self) { try export.run { _, _ in } }
        #expect(error?.code == .mismatch)
        #expect(error?.message.contains("20x16x3 U8, the targets 20x17x3 U8") == true)
    }
}
