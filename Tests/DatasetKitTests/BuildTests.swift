import DatasetKit
import FoundationEssentials
import TestSupport
import Testing

@Suite struct BuildTests {
    private let temporary: TemporaryFolder
    private let source: SideBySideSource

    init() throws {
        temporary = try TemporaryFolder()
        source = try SideBySideSource(in: temporary)
    }

    private func recipe(_ more: String = "") throws -> Recipe {
        let json = """
            {"name": "noise", "source": {"path": "\(source.folder)", "input": "right"}\(more)}
            """
        return try Recipe(path: temporary.write(json, to: "recipe.json"))
    }

    @discardableResult
    private func build(
        _ recipe: Recipe,
        out: String = "out",
        jobs: Int = 2,
        onError: DatasetBuilder.ErrorPolicy = .stop,
        overwrite: Bool = false
    ) throws -> BuildReport {
        try DatasetBuilder(
            recipe: recipe,
            output: temporary.path(out),
            jobs: jobs,
            onError: onError,
            overwrite: overwrite
        ).build { _, _, _ in }
    }

    private let resize = #", "resize": {"width": 24, "height": 24}"#

    @Test func everyPairIsThereCutAndResized() throws {
        try build(recipe(resize))
        let dataset = try Dataset(folder: temporary.path("out"))
        #expect(dataset.splits == [.train, .val])
        let size = ImageSize(width: 24, height: 24)
        for split in dataset.splits {
            let reader = try #require(dataset.split(split))
            for number in 0..<reader.count {
                let key = try reader.key(at: number)
                #expect(key == "pair\(number)")
                let image = try #require(source.images["\(split.rawValue)/\(key)"])
                let half = ImageSize(width: 20, height: 16)
                let pair = try reader.pair(at: number)
                #expect(pair.input == image.cropped(x: 20, y: 0, to: half).resized(to: size))
                #expect(pair.target == image.cropped(x: 0, y: 0, to: half).resized(to: size))
            }
        }
    }

    @Test func theBytesDoNotDependOnThreadsPlaceOrName() throws {
        // One pair to a shard, so that shards are finished out of order.
        let first = try recipe(#", "shards": {"maxBytes": 6144}"#)
        try build(first, jobs: 1)
        var second = first
        second.name = "another"
        try build(second, out: "again", jobs: 4)
        let names = try FileSystem.names(in: temporary.path("out"))
        #expect(names.count == 11)
        for name in names where name.hasSuffix(".safetensors") {
            #expect(try temporary.bytes(of: "out/\(name)") == temporary.bytes(of: "again/\(name)"))
        }
        #expect(
            try DatasetIndex(folder: temporary.path("out")).fingerprint
                == DatasetIndex(folder: temporary.path("again")).fingerprint
        )
    }

    @Test func theSecondBuildDoesNothing() throws {
        #expect(try build(recipe(resize)).outcome == .built)
        #expect(try build(recipe(resize)).outcome == .unchanged)
        let files = temporary.contents.filter { $0.hasPrefix("out") }
        #expect(
            files == [
                "out", "out/index.json", "out/samples.jsonl", "out/sources.stamp",
                "out/train-00000.safetensors", "out/val-00000.safetensors",
            ]
        )
    }

    @Test func anotherDatasetIsNeverOverwrittenSilently() throws {
        try build(recipe(resize))
        let before = try temporary.bytes(of: "out/index.json")
        let error = #expect(throws: DatasetError.self) { try build(recipe()) }
        #expect(error?.code == .exists)
        #expect(try temporary.bytes(of: "out/index.json") == before)
        #expect(try build(recipe(), overwrite: true).outcome == .built)
        #expect(try temporary.bytes(of: "out/index.json") != before)
        #expect(!temporary.contents.contains { $0.contains("partial") || $0.contains("replaced") })
    }

    @Test func aFolderOfOtherThingsIsLeftAlone() throws {
        try temporary.write("precious", to: "out/thesis.txt")
        let error = #expect(throws: DatasetError.self) { try build(recipe(), overwrite: true) }
        #expect(error?.code == .exists)
        #expect(temporary.contents.filter { $0.hasPrefix("out") } == ["out", "out/thesis.txt"])
    }

    @Test func everythingThatCannotBeUsedIsListedAtOnceAndNothingBuilt() throws {
        let whole = try temporary.bytes(of: "source/train/pair0.png")
        try temporary.write(whole[..<(whole.count / 2)], to: "source/train/cut.png")
        try temporary.write("no image", to: "source/train/text.jpg")
        try temporary.write([UInt8](), to: "source/val/empty.tif")
        try temporary.write(
            try ImageCodec.encodePNG(Noise.image(width: 41, height: 16)),
            to: "source/val/odd.png"
        )
        let faults = #expect(throws: DatasetFaults.self) { try build(recipe(resize)) }
        let names = faults?.faults.compactMap { $0.error.path.map(FileSystem.name) }.sorted()
        #expect(names == ["cut.png", "empty.tif", "odd.png", "text.jpg"])
        #expect(faults?.matched == 8)
        #expect(!temporary.contents.contains { $0.hasPrefix("out") })
    }

    /// Whatever the policy, and whether the fault shows in the header or only in the pixels.
    @Test(arguments: DatasetBuilder.ErrorPolicy.allCases)
    func aSourceWithoutOneUsableImageIsAListOfFaults(_ policy: DatasetBuilder.ErrorPolicy) throws {
        let whole = try temporary.bytes(of: "source/train/pair0.png")
        for content in [Array("no image".utf8), Array(whole[..<(whole.count / 2)])] {
            try FileSystem.remove(temporary.path("bad"))
            try temporary.write(content, to: "bad/train/only.png")
            var recipe = try recipe(resize)
            recipe.source.path = temporary.path("bad")
            let faults = #expect(throws: DatasetFaults.self) { try build(recipe, onError: policy) }
            #expect(faults?.faults.count == 1)
            #expect(!temporary.contents.contains { $0.hasPrefix("out") })
        }
    }

    @Test func skippedPairsAreCountedForGood() throws {
        let whole = try temporary.bytes(of: "source/train/pair0.png")
        try temporary.write(whole[..<(whole.count / 2)], to: "source/train/cut.png")
        try temporary.write("no image", to: "source/train/text.jpg")
        try temporary.write("notes", to: "source/train/readme.md")
        let report = try build(recipe(resize), onError: .skip)
        #expect(report.faults.count == 2)
        let index = try DatasetIndex(folder: temporary.path("out"))
        #expect(index.splits[.train]?.samples == 6)
        #expect(index.counts.rejected == ["unreadable": 2])
        #expect(index.counts.ignored == 1)
        // The same bytes as if the bad files had never been there.
        let clean = try SideBySideSource(in: temporary, name: "clean")
        var cleanRecipe = try recipe(resize)
        cleanRecipe.source.path = clean.folder
        try build(cleanRecipe, out: "clean-out")
        let name = "train-00000.safetensors"
        #expect(
            try temporary.bytes(of: "out/\(name)") == temporary.bytes(of: "clean-out/\(name)")
        )
    }

    @Test func greyAmongColourNeedsAPolicy() throws {
        try temporary.write(
            try ImageCodec.encodePNG(Noise.image(width: 40, height: 16, channels: 1)),
            to: "source/train/grey.png"
        )
        let faults = #expect(throws: DatasetFaults.self) { try build(recipe()) }
        #expect(faults?.faults.count == 1)
        #expect(faults?.faults.first?.error.message.contains("\"color\"") == true)
        try build(recipe(#", "color": "rgb""#), out: "rgb")
        let rgb = try DatasetIndex(folder: temporary.path("rgb"))
        #expect(rgb.input.channels == 3)
        #expect(rgb.counts.conversions == ["gray-to-rgb": 2])
        try build(recipe(#", "color": "gray""#), out: "gray")
        #expect(try DatasetIndex(folder: temporary.path("gray")).target.channels == 1)
    }

    @Test func twoFilesOfOneNameAreAmbiguous() throws {
        try temporary.write(
            try temporary.bytes(of: "source/train/pair0.png"),
            to: "source/train/pair1.jpg"
        )
        let faults = #expect(throws: DatasetFaults.self) { try build(recipe()) }
        #expect(
            faults?.faults.first?.error.message.contains("pair1.jpg and train/pair1.png") == true
        )
    }

    @Test func missingAndEmptyFoldersSaySo() throws {
        var missing = try recipe()
        missing.source.path = temporary.path("nowhere")
        #expect(#expect(throws: DatasetError.self) { try build(missing) }?.code == .notFound)
        var empty = try recipe()
        empty.source.path = try temporary.makeFolder("empty")
        #expect(#expect(throws: DatasetError.self) { try build(empty) }?.code == .empty)
        try temporary.makeFolder("empty/other")
        let noTrain = #expect(throws: DatasetError.self) { try build(empty) }
        #expect(noTrain?.path?.hasSuffix("empty/train") == true)
        try temporary.makeFolder("empty/train")
        #expect(#expect(throws: DatasetError.self) { try build(empty) }?.code == .empty)
    }
}
