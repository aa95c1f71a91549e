import DatasetKit
import TestSupport
import Testing

/// The recipes of known datasets: what the paper trained them with, in the words of a recipe.
@Suite struct KnownRecipesTests {
    @Test(arguments: [
        ("cityscapes", "right", 200, 1, true), ("edges2handbags", "left", 15, 4, false),
        ("edges2shoes", "left", 15, 4, false), ("facades", "right", 200, 1, true),
        ("maps", "left", 200, 1, true), ("night2day", "right", 17, 4, true),
    ])
    func recipesSayWhatThePaperDid(
        _ name: String,
        _ input: String,
        _ epochs: Int,
        _ batchSize: Int,
        _ isAugmented: Bool
    ) throws {
        let recipe = try Recipe(path: "\(Places.package)/recipes/\(name).json")
        #expect(recipe.name == name)
        #expect(
            recipe.source.url
                == "http://efrosgans.eecs.berkeley.edu/pix2pix/datasets/\(name).tar.gz"
        )
        #expect(FileSystem.name(of: recipe.sourceFolder) == name)
        #expect(recipe.source.input.rawValue == input)
        #expect(recipe.train.epochs + recipe.train.decayEpochs == epochs)
        #expect(recipe.train.batchSize == batchSize)
        let side = isAugmented ? 286 : 256
        #expect(recipe.resize?.input.size == ImageSize(width: side, height: side))
        #expect(recipe.augment.count == (isAugmented ? 2 : 0))
    }

    @Test(arguments: ["_A", ""])
    func kagglesFoldersArePairedByNumber(_ suffix: String) throws {
        let temporary = try TemporaryFolder()
        let other = suffix.isEmpty ? "" : "_B"
        try PairFolders.write(
            [
                "train_picture/1\(suffix).png", "train_label/1\(other).png",
                "train_picture/10\(suffix).png", "train_label/10\(other).png",
                "test_picture/2.png", "test_label/2.png",
            ],
            in: temporary
        )
        let recipe = try Recipe(path: "\(Places.package)/recipes/facades-folders.json")
        let report = try DatasetBuilder(
            recipe: recipe,
            source: temporary.path(""),
            output: temporary.path("out"),
            jobs: 1
        ).build { _, _, _ in }
        #expect(report.faults.isEmpty && report.ignored.isEmpty)
        #expect(report.index.splits.mapValues(\.samples) == [.train: 2, .test: 1])
    }

    @Test func everyRecipeIsRead() throws {
        let names = try FileSystem.names(in: "\(Places.package)/recipes")
            .filter { $0.hasSuffix(".json") && !$0.hasSuffix(".schema.json") }
            .filter { $0 != "ablation.json" }  // A sweep: SweepTests read it.
        #expect(names.count >= 7)
        for name in names {
            #expect(throws: Never.self, "\(name)") {
                try Recipe(path: "\(Places.package)/recipes/\(name)")
            }
        }
    }
}
