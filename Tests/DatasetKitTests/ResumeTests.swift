import DatasetKit
import Synchronization
import TestSupport
import Testing

/// A build that was interrupted goes on, and ends with the same bytes.
@Suite struct ResumeTests {
    private let temporary: TemporaryFolder
    private let recipe: Recipe
    /// Every file of an undisturbed build, by name.
    private let undisturbed: [String: [UInt8]]

    init() throws {
        temporary = try TemporaryFolder()
        let source = try SideBySideSource(in: temporary, train: 20, val: 5)
        let json = """
            {"name": "noise", "source": {"path": "\(source.folder)"},
             "resize": {"width": 24, "height": 24}, "shards": {"maxBytes": 16384}}
            """
        recipe = try Recipe(path: temporary.write(json, to: "recipe.json"))
        _ = try DatasetBuilder(recipe: recipe, output: temporary.path("whole"), jobs: 2).build {
            _,
            _,
            _ in
        }
        undisturbed = try Self.files(in: "whole", of: temporary)
    }

    private static func files(
        in folder: String,
        of temporary: TemporaryFolder
    ) throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for name in try FileSystem.names(in: temporary.path(folder)) {
            files[name] = try temporary.bytes(of: "\(folder)/\(name)")
        }
        return files
    }

    /// Builds until so many pairs have been asked for.
    private func build(
        _ recipe: Recipe? = nil,
        jobs: Int = 2,
        onError: DatasetBuilder.ErrorPolicy = .stop,
        stoppingAfter count: Int = .max
    ) throws -> BuildReport {
        let asked = Atomic<Int>(0)
        return try DatasetBuilder(
            recipe: recipe ?? self.recipe,
            output: temporary.path("out"),
            jobs: jobs,
            onError: onError
        ).build(
            shouldStop: { asked.wrappingAdd(1, ordering: .relaxed).newValue > count },
            progress: { _, _, _ in }
        )
    }

    @Test(arguments: [0, 1, 7, 13, 24], [1, 3])
    func theSecondBuildGoesOnAndEndsWithTheSameBytes(_ count: Int, _ jobs: Int) throws {
        let interrupted = #expect(throws: BuildInterrupted.self) {
            try build(jobs: jobs, stoppingAfter: count)
        }
        #expect(FileSystem.kind(of: temporary.path("out")) == nil)
        let report = try build(jobs: 4 - jobs)
        #expect(report.outcome == .built)
        #expect(report.resumedShards == interrupted?.finished)
        if count > 10 { #expect(report.resumedShards > 0) }
        #expect(try Self.files(in: "out", of: temporary) == undisturbed)
        #expect(FileSystem.kind(of: temporary.path("out.partial")) == nil)
    }

    @Test func aFinishedShardThatWasDamagedIsMadeAgain() throws {
        #expect(throws: BuildInterrupted.self) { try build(stoppingAfter: 20) }
        let first = "out.partial/train-00000.safetensors"
        var bytes = try temporary.bytes(of: first)
        bytes[5000] ^= 1
        try temporary.write(bytes, to: first)
        let second = "out.partial/train-00001.safetensors"
        try temporary.write(try temporary.bytes(of: second).dropLast(9), to: second)
        _ = try build()
        #expect(try Self.files(in: "out", of: temporary) == undisturbed)
    }

    /// Shards that are put together in memory, and such as are too large for it.
    @Test func largeShardsHoldTheSameAsSmallOnes() throws {
        let half = ImageSize(width: 640, height: 512)
        let source = try SideBySideSource(
            in: temporary,
            name: "large",
            train: 10,
            val: 1,
            half: half
        )
        func recipe(_ maxBytes: Int) throws -> Recipe {
            let json = """
                {"source": {"path": "\(source.folder)"}, "shards": {"maxBytes": \(maxBytes)}}
                """
            return try Recipe(path: temporary.write(json, to: "large.json"))
        }
        let (small, large) = (try recipe(4 << 20), try recipe(ShardLayout.mostInMemory + (4 << 20)))
        #expect(throws: BuildInterrupted.self) { try build(large, stoppingAfter: 9) }
        #expect(try build(large, jobs: 1).resumedShards == 1)
        let output = temporary.path("out")
        let path = temporary.path("small")
        _ = try DatasetBuilder(recipe: small, output: path, jobs: 2).build { _, _, _ in }

        let datasets = try [output, path].map { try Dataset(folder: $0) }
        #expect(datasets.map { $0.index.splits[.train]?.shards.count } == [2, 5])
        let largest = datasets[0].index.splits[.train]?.shards.map(\.bytes).max() ?? 0
        #expect(largest > ShardLayout.mostInMemory)
        for folder in [output, path] {
            let report = try DatasetVerifier(folder: folder).verify(jobs: 2) { _, _ in }
            #expect(report.faults.isEmpty)
        }
        for split in [DatasetSplit.train, .val] {
            let pairs = try datasets.map { dataset in
                let reader = try #require(dataset.split(split))
                return try (0..<reader.count).map { try reader.pair(at: $0) }
            }
            #expect(pairs[0].count == (split == .train ? 10 : 1))
            #expect(pairs[0] == pairs[1])
        }
    }

    @Test func whatBelongsToAnotherDatasetIsNotTaken() throws {
        #expect(throws: BuildInterrupted.self) { try build(stoppingAfter: 20) }
        var other = recipe
        other.source.input = .right
        let report = try build(other)
        #expect(report.resumedShards == 0)
        let train = "train-00000.safetensors"
        #expect(try temporary.bytes(of: "out/\(train)") != undisturbed[train])
        #expect(
            try DatasetVerifier(folder: temporary.path("out")).verify(jobs: 1) { _, _ in }.faults
                .isEmpty
        )
    }

    @Test func aDamagedPairThatWasSkippedIsNotLookedAtTwice() throws {
        let whole = try temporary.bytes(of: "source/val/pair2.png")
        try temporary.write(whole.dropLast(200), to: "source/val/pair2.png")
        // All pairs once, then half of the sound ones.
        #expect(throws: BuildInterrupted.self) { try build(onError: .skip, stoppingAfter: 25 + 14) }
        let report = try build(jobs: 1, onError: .skip)
        #expect(report.resumedShards > 0)
        #expect(report.faults.count == 1)
        #expect(report.index.counts.rejected == ["unreadable": 1])
        #expect(report.index.splits[.val]?.samples == 4)
    }

    @Test func twoBuildsDoNotWriteToOneFolder() throws {
        let isHeld = Mutex<DatasetError?>(nil)
        _ = try DatasetBuilder(recipe: recipe, output: temporary.path("out"), jobs: 1).build(
            shouldStop: {
                isHeld.withLock { held in
                    guard held == nil else { return }
                    do {
                        _ = try build()
                    } catch {
                        held = error as? DatasetError
                    }
                }
                return false
            },
            progress: { _, _, _ in }
        )
        #expect(isHeld.withLock { $0 }?.code == .exists)
        #expect(try Self.files(in: "out", of: temporary) == undisturbed)
    }

    @Test func aDatasetCaughtBetweenTwoNamesIsFoundAgain() throws {
        _ = try build()
        try FileSystem.rename(temporary.path("out"), to: temporary.path("out.replaced"))
        #expect(try build().outcome == .unchanged)
    }

    // MARK: - What changed

    @Test func aTouchedFileChangesNothing() throws {
        _ = try build()
        let file = "source/train/pair3.png"
        try temporary.write(try temporary.bytes(of: file), to: file)
        #expect(try build().outcome == .unchanged)
    }

    @Test func changesAreNamed() throws {
        _ = try build()
        try temporary.write(
            try ImageCodec.encodePNG(Noise.image(width: 40, height: 16, seed: 99)),
            to: "source/train/pair3.png"
        )
        try FileSystem.remove(temporary.path("source/val/pair0.png"))
        try PairFolders.write(
            "source/train/new.png",
            in: temporary,
            size: ImageSize(width: 40, height: 16)
        )
        var other = recipe
        other.resize?.target.filter = .nearest
        let error = #expect(throws: DatasetError.self) { try build(other) }
        #expect(error?.code == .exists)
        for words in [
            "resize", "nearest", "1 pair is new (train/new)", "1 pair is gone (val/pair0)",
            "1 pair has other contents (train/pair3)", "--overwrite",
        ] {
            #expect(error?.message.contains(words) == true, "\(words): \(error?.message ?? "")")
        }
    }

    @Test func aNewAugmentationReachesTheIndexWithoutABuild() throws {
        _ = try build()
        var other = recipe
        other.augment = [.object(["op": .string("flip-horizontal")])]
        let report = try build(other)
        #expect(report.outcome == .unchanged)
        #expect(try Dataset(folder: temporary.path("out")).recipe().augment == other.augment)
    }

    @Test func aDryRunWritesNothing() throws {
        let builder = DatasetBuilder(recipe: recipe, output: temporary.path("out"), jobs: 2)
        let report = try builder.dryRun { _, _, _ in }
        #expect(report.outcome == .planned)
        #expect(report.matched == 25)
        #expect(!temporary.contents.contains { $0.hasPrefix("out") })
    }

    @Test func aLimitIsPartOfTheRecord() throws {
        var builder = DatasetBuilder(recipe: recipe, output: temporary.path("out"), jobs: 2)
        builder.limit = 3
        let index = try builder.build { _, _, _ in }.index
        #expect(index.splits.mapValues(\.samples) == [.train: 3, .val: 3])
        #expect(try DatasetIndex(folder: temporary.path("out")).counts.limit == 3)
    }
}
