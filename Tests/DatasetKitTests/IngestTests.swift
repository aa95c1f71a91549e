import DatasetKit
import TestSupport
import Testing

/// Which files of which folders become which pairs, and what becomes of the rest.
@Suite struct IngestTests {
    private let temporary: TemporaryFolder

    init() throws {
        temporary = try TemporaryFolder()
        try temporary.makeFolder("data")
    }

    private func listing(_ json: String, limit: Int? = nil) throws -> SourceListing {
        let recipe = try Recipe(path: temporary.write(json, to: "recipe.json"))
        return try SourceListing(recipe, folder: temporary.path("data"), limit: limit)
    }

    private func folders(_ more: String) -> String {
        #"{"source": {"layout": "folders", "path": "data", \#(more)}}"#
    }

    /// `split/key` of each pair.
    private func pairs(_ listing: SourceListing) -> [String] {
        listing.pairs.map { "\($0.split?.rawValue ?? "none")/\($0.key)" }
    }

    private func kinds(_ listing: SourceListing) -> [String: Int] {
        FaultCounts(listing.faults).byName
    }

    // MARK: - Folders

    @Test func cycleGANsFoldersNeedAShortRecipe() throws {
        try PairFolders.write(
            ["data/trainA/1.png", "data/trainB/1.jpg", "data/testA/9.png", "data/testB/9.png"],
            in: temporary
        )
        let found = try listing(folders(#""inputs": "{split}A", "targets": "{split}B""#))
        #expect(pairs(found) == ["train/1", "test/9"])
        #expect(found.faults.isEmpty && found.ignored.isEmpty)
        #expect(
            found.pairs[0].files == .separate(input: "trainA/1.png", target: "trainB/1.jpg")
        )
    }

    @Test func suffixesAndBothSidesInOneFolder() throws {
        try PairFolders.write(
            ["data/a/x_in.png", "data/a/x_out.png", "data/a/sub/y_in.png", "data/a/sub/y_out.tif"],
            in: temporary
        )
        try temporary.write("notes", to: "data/a/readme.txt")
        let found = try listing(
            folders(
                #""inputs": "a", "targets": "a", "inputName": "{key}_in.*", "targetName": "{key}_out.*""#
            )
        )
        #expect(pairs(found) == ["train/sub/y", "train/x"])
        #expect(found.faults.isEmpty)
        #expect(found.ignored == ["a/readme.txt"])
    }

    @Test func aListOfNamesServesSplitsThatAreNamedDifferently() throws {
        try PairFolders.write(
            ["data/trainA/1_A.png", "data/trainB/1_B.png", "data/testA/1.png", "data/testB/1.png"],
            in: temporary
        )
        let found = try listing(
            folders(
                #"""
                "inputs": "{split}A", "targets": "{split}B",
                "inputName": ["{key}_A.*", "{key}.*"], "targetName": ["{key}_B.*", "{key}.*"]
                """#
            )
        )
        #expect(pairs(found) == ["train/1", "test/1"])
        #expect(found.faults.isEmpty)
    }

    @Test func whatHasNoPartnerIsListed() throws {
        try PairFolders.write(
            [
                "data/a/1.png", "data/a/2.png", "data/a/3.png", "data/a/3.tif", "data/b/1.png",
                "data/b/3.png", "data/b/4.png",
            ],
            in: temporary
        )
        let found = try listing(folders(#""inputs": "a", "targets": "b""#))
        #expect(pairs(found) == ["train/1"])
        #expect(kinds(found) == ["input-only": 1, "target-only": 1, "ambiguous": 1])
        let lone = try #require(found.faults.first { $0.kind == .inputOnly })
        #expect(lone.error.path?.hasSuffix("data/a/2.png") == true)
        #expect(lone.error.message.contains("2.*"))
    }

    @Test func unicodeNamesMeetHoweverTheyAreWritten() throws {
        try PairFolders.write(["data/a/caf\u{E9}.png", "data/b/cafe\u{301}.png"], in: temporary)
        let found = try listing(folders(#""inputs": "a", "targets": "b""#))
        #expect(found.faults.isEmpty)
        #expect(found.pairs.map { Array($0.key.utf8) } == [Array("caf\u{E9}".utf8)])
    }

    @Test func keysAreInTheOrderOfTheirBytes() throws {
        let names = ["b", "a", "B", "10", "9", "é", "z/a"]
        for folder in ["a", "b"] {
            try PairFolders.write(names.map { "data/\(folder)/\($0).png" }, in: temporary)
        }
        let found = try listing(folders(#""inputs": "a", "targets": "b""#))
        #expect(found.pairs.map(\.key) == ["10", "9", "B", "a", "b", "z/a", "é"])
    }

    @Test func aSplitWithOneFolderOnlyIsMissingTheOther() throws {
        try PairFolders.write(
            ["data/trainA/1.png", "data/trainB/1.png", "data/valA/1.png"],
            in: temporary
        )
        let error = #expect(throws: DatasetError.self) {
            try listing(folders(#""inputs": "{split}A", "targets": "{split}B""#))
        }
        #expect(error?.code == .notFound)
        #expect(error?.path?.hasSuffix("valB") == true)
    }

    @Test func aSplitOfWhichNoNameFitsIsNotPassedOver() throws {
        try PairFolders.write(
            ["data/trainA/1_A.png", "data/trainB/1_B.png", "data/testA/1.png", "data/testB/1.png"],
            in: temporary
        )
        let found = try listing(
            folders(
                #"""
                "inputs": "{split}A", "targets": "{split}B",
                "inputName": "{key}_A.*", "targetName": "{key}_B.*"
                """#
            )
        )
        #expect(kinds(found) == ["unassigned": 1])
        #expect(found.faults[0].error.message.contains("test"))
    }

    // MARK: - Lists

    @Test(arguments: [
        (
            "pairs.csv",
            "input,target,key,split,group\na/1.png,b/1.png,one,train,g\na/2.png,b/2.png,two,val,h\n"
        ),
        (
            "pairs.tsv",
            "target\tinput\tkey\tsplit\nb/1.png\ta/1.png\tone\ttrain\nb/2.png\ta/2.png\ttwo\tval\n"
        ),
        (
            "pairs.jsonl",
            """
            {"input": "a/1.png", "target": "b/1.png", "key": "one", "split": "train"}

            {"input": "a/2.png", "target": "b/2.png", "key": "two", "split": "val", "score": 3}

            """
        ),
    ])
    func tablesNameThePairs(_ name: String, _ text: String) throws {
        try temporary.write(text, to: "data/\(name)")
        let found = try listing(
            #"{"source": {"layout": "list", "path": "data", "file": "\#(name)"}}"#
        )
        #expect(pairs(found) == ["train/one", "val/two"])
        #expect(found.pairs[0].files == .separate(input: "a/1.png", target: "b/1.png"))
        #expect(found.faults.isEmpty)
    }

    @Test func rowsThatMakeNoPairAreListedWithTheirLine() throws {
        try temporary.write(
            """
            input,target,key,split
            a/1.png,b/1.png,one,train
            a/2.png,,two,train
            ,b/3.png,three,train
            a/4.png,b/4.png,one,val
            a/5.png,b/5.png,five,dev
            """,
            to: "data/pairs.csv"
        )
        let found = try listing(
            #"{"source": {"layout": "list", "path": "data", "file": "pairs.csv"}}"#
        )
        #expect(pairs(found) == ["train/one"])
        #expect(
            kinds(found) == ["input-only": 1, "target-only": 1, "ambiguous": 1, "unassigned": 1]
        )
        #expect(Set(found.faults.compactMap { $0.error.message.prefix(6) }).count == 4)
    }

    @Test(arguments: [
        ("input,targt\na,b\n", "target"), ("input,target,spilt\na,b,c\n", "split"),
        ("input,target\na,b\n", "split"), ("input,target,split\n", "rows"),
    ])
    func aTableThatCannotBeUsedSaysWhy(_ text: String, _ word: String) throws {
        try temporary.write(text, to: "data/pairs.csv")
        let error = #expect(throws: DatasetError.self) {
            try listing(#"{"source": {"layout": "list", "path": "data", "file": "pairs.csv"}}"#)
        }
        #expect(error?.message.contains(word) == true)
    }

    // MARK: - Splits

    private func ratio(_ count: Int, seed: Int = 0) throws -> [String: DatasetSplit] {
        for number in 0..<count {
            try temporary.write("", to: "data/a/\(number).png")
            try temporary.write("", to: "data/b/\(number).png")
        }
        let found = try listing(
            """
            {"source": {"layout": "folders", "path": "data", "inputs": "a", "targets": "b"},
             "split": {"from": "ratio", "val": 0.2, "test": 0.1, "seed": \(seed)}}
            """
        )
        return Dictionary(uniqueKeysWithValues: found.pairs.map { ($0.key, $0.split ?? .train) })
    }

    @Test func addingPairsMovesNone() throws {
        let before = try ratio(150)
        let after = try ratio(400)
        #expect(before.allSatisfy { after[$0.key] == $0.value })
        let counts = Dictionary(grouping: after.values) { $0 }.mapValues(\.count)
        // Shares of 400 draws, within four standard deviations.
        #expect(abs((counts[.val] ?? 0) - 80) < 32 && abs((counts[.test] ?? 0) - 40) < 24)
        #expect(try ratio(400, seed: 1) != after)
    }

    @Test func aRatioIsTheSameOnEveryMachine() {
        let ratios: [DatasetSplit: Double] = [.train: 0.5, .val: 0.25, .test: 0.25]
        let dealt = ["1", "2", "9", "4", "café"].map {
            SplitAssignment.dealt($0, seed: 0, ratios: ratios)
        }
        // SHA-256 of "0 NUL name", first 53 bits, by Python's hashlib.
        #expect(dealt == [.test, .train, .val, .test, .train])
    }

    @Test func noGroupIsTornApart() throws {
        for scene in 0..<40 {
            for view in 0..<5 {
                for folder in ["a", "b"] {
                    try temporary.write("", to: "data/\(folder)/s\(scene)_v\(view).png")
                }
            }
        }
        let found = try listing(
            #"""
            {"source": {"layout": "folders", "path": "data", "inputs": "a", "targets": "b"},
             "split": {"from": "ratio", "val": 0.3, "group": "^(s[0-9]+)_"}}
            """#
        )
        #expect(found.pairs.count == 200)
        var splits: [String: Set<DatasetSplit>] = [:]
        for pair in found.pairs {
            splits[pair.group ?? "", default: []].insert(pair.split ?? .train)
        }
        #expect(splits.count == 40 && splits.values.allSatisfy { $0.count == 1 })
        #expect(Set(found.pairs.map(\.split)) == [.train, .val])
    }

    @Test func foldersThatTearAGroupApartAreFaults() throws {
        try PairFolders.write(
            ["data/train/s1_a.png", "data/train/s2_a.png", "data/val/s1_b.png"],
            in: temporary
        )
        let found = try listing(
            #"{"source": {"path": "data"}, "split": {"from": "folders", "group": "^(s[0-9])"}}"#
        )
        #expect(pairs(found) == ["train/s2_a"])
        #expect(kinds(found) == ["unassigned": 2])
    }

    @Test func keysInTextFilesMakeSplits() throws {
        try PairFolders.write((1...4).map { "data/\($0).png" }, in: temporary)
        try temporary.write("1.png\n2\r\n", to: "data/train.txt")
        try temporary.write("3\n7\n", to: "val.txt")
        let found = try listing(
            #"""
            {"source": {"path": "data"}, "split": {"from": "list", "train": "train.txt", "val": "val.txt"}}
            """#
        )
        #expect(pairs(found) == ["train/1", "train/2", "val/3"])
        #expect(kinds(found) == ["unassigned": 1, "unreadable": 1])
        #expect(found.ignored == ["train.txt"])
    }

    @Test func theLimitTakesTheFirstOfEachSplit() throws {
        try PairFolders.write(
            (1...4).flatMap { ["data/train/\($0).png", "data/val/\($0).png"] },
            in: temporary
        )
        let found = try listing(#"{"source": {"path": "data"}}"#, limit: 2)
        #expect(pairs(found) == ["train/1", "train/2", "val/1", "val/2"])
    }

    // MARK: - Nothing is lost

    /// Whatever the files, each is in a pair, in a fault, or among the ignored.
    @Test(arguments: 0..<40)
    func everyFileIsAccountedFor(_ seed: UInt64) throws {
        var generator = Philox(seed: seed, stream: .order, epoch: 1)
        func pick<Element>(_ options: [Element]) -> Element {
            options[generator.nextInt(below: options.count)]
        }
        var files: Set<String> = []
        for _ in 0..<60 {
            let folder = pick(["trainA", "trainB", "testA", "testB", "trainA/deep", "trainB/deep"])
            let name = pick(["1", "2", "3", "é", "e\u{301}", "x_A", "x_B", ".hidden", "x"])
            files.insert("\(folder)/\(name)\(pick([".png", ".jpg", ".PNG", ".txt", ""]))")
        }
        for file in files { try temporary.write("", to: "data/\(file)") }
        for folder in ["trainA", "trainB", "testA", "testB"] {
            try temporary.makeFolder("data/\(folder)")
        }
        let found = try listing(folders(#""inputs": "{split}A", "targets": "{split}B""#))
        var seen: [String] = found.pairs.flatMap { pair -> [String] in
            guard case .separate(let input, let target) = pair.files else { return [] }
            return [input, target]
        }
        seen += found.ignored
        // An ambiguous key names one file by its path and the others in its message.
        let ambiguous = found.faults.filter { $0.kind == .ambiguous }.count
        seen += found.faults.compactMap { $0.error.path }
            .map { String($0.dropFirst(temporary.path("data").count + 1)) }
            .filter { !$0.isEmpty }
        #expect(Set(seen).count == seen.count)
        let visible = files.filter { !$0.contains("/.hidden") }
        let missing = visible.subtracting(seen)
        for file in missing {
            let name = String(file.split(separator: "/").last ?? "")
            let isNamed = found.faults.contains {
                $0.kind == .ambiguous
                    && ($0.error.message.contains(name) || ambiguousPartner($0, file))
            }
            #expect(isNamed, "\(file) vanished (\(ambiguous) ambiguous keys)")
        }
    }

    /// Whether a file is the other side of an ambiguous key.
    private func ambiguousPartner(_ fault: PairFault, _ file: String) -> Bool {
        let stem = file.split(separator: "/").last.map { String($0.prefix { $0 != "." }) } ?? ""
        return fault.error.message.contains(" all named ")
            && fault.error.message.contains(stem)
    }
}
