import ArgumentParser
import Augment
import CommandKit
import DatasetKit
import FoundationEssentials

/// `p2p-data preview`: what augmentation will do to the pairs.
struct PreviewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview",
        abstract: "Draw each pair as it is and as training will see it.",
        discussion: """
            Each draw is that of one epoch: the first of those shown is --epoch, and with the same \
            --seed p2p-train sees exactly these.
            """
    )

    @Argument(help: "The recipe with the operations to show; by default the dataset's own.")
    var recipe: String?

    @OptionGroup var dataset: ShardsOption

    @Option(help: "The contact sheet to write, a PNG file.")
    var out = "preview.png"

    @Option(help: "Write a page with the drawn parameters and the edges of both sides, too.")
    var html: String?

    @Option(help: "The split the pairs are from.")
    var split = DatasetSplit.train

    @Option(
        help: "How many pairs to show, evenly spread over the split (default: 4; 1 with --sweep)."
    )
    var pairs: Int?

    @Option(parsing: .upToNextOption, help: "The only pairs to show, by name.")
    var keys: [String] = []

    @Option(help: "How many draws to show of each pair, or places of each range.")
    var draws = 5

    @Option(help: "The run's seed. (default: that of the recipe's \"train\", else 0)")
    var seed: UInt64?

    @Option(help: "The epoch of the first draw.")
    var epoch = 1

    @Option(
        help: ArgumentHelp(
            "Show this operation instead of the recipe's; may be given several times.",
            valueName: "json"
        )
    )
    var op: [String] = []

    @Flag(help: "Show each operation alone, every range from end to end.")
    var sweep = false

    @Flag(help: "Print what was drawn as JSON instead of the names of the files.")
    var json = false

    @Option(help: "Show what such a JSON file says, instead of drawing.")
    var replay: String?

    func validate() throws {
        if let pairs, !(1...64).contains(pairs) {
            throw ValidationError("--pairs takes a number from 1 to 64, found \(pairs)")
        }
        guard (1...32).contains(draws) else {
            throw ValidationError("--draws takes a number from 1 to 32, found \(draws)")
        }
        guard epoch >= 1 else {
            throw ValidationError("--epoch takes a number from 1, found \(epoch)")
        }
        if sweep && (json || replay != nil) {
            throw ValidationError("--sweep shows ranges, not draws: leave out --json and --replay")
        }
        let choices: [(name: String, isGiven: Bool)] = [
            ("RECIPE", recipe != nil), ("--op", !op.isEmpty), ("--keys", !keys.isEmpty),
            ("--pairs", pairs != nil), ("--seed", seed != nil), ("--json", json),
        ]
        let given = choices.filter(\.isGiven).map(\.name)
        if replay != nil && !given.isEmpty {
            throw ValidationError(
                "--replay shows what was recorded: leave out \(given.joined(separator: ", "))"
            )
        }
        if pairs != nil && !keys.isEmpty {
            throw ValidationError("--keys names the pairs: leave out --pairs")
        }
    }

    func run() throws {
        try reportingErrors {
            let dataset = try Dataset(folder: dataset.shards)
            let record = try replay.map { try PreviewRecord.read($0, for: dataset.index) }
            let split = try record.map { try self.split(of: $0) } ?? split
            let reader = try dataset.pairs(of: split)
            let recipe = try shownRecipe(dataset, record)
            let augmentation = try Augmentation(recipe, for: dataset.index)
            let source = PreviewSource(
                reader,
                split,
                in: dataset.index,
                by: augmentation,
                seed: record?.seed ?? seed ?? UInt64(bitPattern: Int64(recipe.train.seed))
            )
            let rows = try rows(from: source, record: record)
            let sheet = try ImageCodec.encodePNG(Self.contactSheet(rows).drawn())
            try FileSystem.writeAtomically(sheet, to: out)
            if let html {
                let page = PreviewPage(
                    name: dataset.index.name,
                    subtitle: subtitle(source),
                    rows: rows
                )
                try FileSystem.writeAtomically(Array(try page.html().utf8), to: html)
            }
            guard !json else { return try printRecord(of: rows, source, recipe) }
            Console.result(out)
            if let html { Console.result(html) }
        }
    }

    // MARK: - What is shown

    /// The recipe, with the operations of `--op` or of a record in place of its own.
    private func shownRecipe(_ dataset: Dataset, _ record: PreviewRecord?) throws -> Recipe {
        var recipe =
            try recipe.map { (path) throws(DatasetError) in try Recipe(path: path) }
            ?? dataset.recipe()
        if let record, let replay {
            recipe.file = replay
            recipe.augment = record.augment
        }
        guard !op.isEmpty else { return recipe }
        recipe.file = "--op"
        recipe.augment = try op.map { (text) throws(DatasetError) in
            try JSONValue.parse(Data(text.utf8), path: "--op", code: .invalidRecipe)
        }
        return recipe
    }

    private func subtitle(_ source: PreviewSource) -> String {
        if let replay { return "what \(replay) records" }
        return sweep
            ? "each operation alone, every range from end to end"
            : "seed \(source.seed), from epoch \(epoch) on"
    }

    private func rows(
        from source: PreviewSource,
        record: PreviewRecord?
    ) throws -> [PreviewRows] {
        if let record { return try replayed(record, from: source) }
        let numbers =
            keys.isEmpty ? evenlySpread(source) : try numbers(of: keys, in: source.reader)
        if sweep { return try numbers.flatMap { try source.sweeps(of: $0, places: draws) } }
        return try numbers.map {
            try source.draws(of: $0, epochs: epoch..<epoch + draws)
        }
    }

    private func evenlySpread(_ source: PreviewSource) -> [Int] {
        let total = source.reader.count
        let count = min(pairs ?? (sweep ? 1 : 4), total)
        return (0..<count).map { $0 * total / count }
    }

    /// The numbers of the pairs with some keys.
    private func numbers(of wanted: [String], in reader: SplitReader) throws(DatasetError) -> [Int]
    {
        var found: [String: Int] = [:]
        for number in 0..<reader.count {
            let key = try reader.key(at: number)
            if wanted.contains(key) { found[key] = number }
        }
        var numbers: [Int] = []
        for key in wanted {
            guard let number = found[key] else {
                throw DatasetError(
                    .notFound,
                    "the split \(split.rawValue) has no pair \"\(key)\"; p2p-data info --json lists its keys",
                    path: dataset.shards
                )
            }
            numbers.append(number)
        }
        return numbers
    }

    // MARK: - Records

    private func split(of record: PreviewRecord) throws(DatasetError) -> DatasetSplit {
        guard let split = DatasetSplit(rawValue: record.split) else {
            throw DatasetError(.invalidRecipe, "there is no split \(record.split)", path: replay)
        }
        return split
    }

    private func replayed(
        _ record: PreviewRecord,
        from source: PreviewSource
    ) throws(DatasetError) -> [PreviewRows] {
        let file = replay ?? ""
        var bySample: [[PreviewRecord.Draw]] = []
        for (place, draw) in record.draws.enumerated() {
            guard (0..<source.reader.count).contains(draw.sample) else {
                throw DatasetError(
                    .invalidRecipe,
                    "draws[\(place)].sample: expected a number below \(source.reader.count)",
                    path: file
                )
            }
            try source.augmentation.check(
                draw.operations,
                of: source.reader.count,
                file: file,
                path: "draws[\(place)].operations"
            )
            if bySample.last?.last?.sample == draw.sample {
                bySample[bySample.count - 1].append(draw)
            } else {
                bySample.append([draw])
            }
        }
        guard !bySample.isEmpty else {
            throw DatasetError(.invalidRecipe, "draws: expected at least one", path: file)
        }
        var rows: [PreviewRows] = []
        for draws in bySample { rows.append(try source.replayed(draws)) }
        return rows
    }

    private func printRecord(
        of rows: [PreviewRows],
        _ source: PreviewSource,
        _ recipe: Recipe
    ) throws {
        var draws: [PreviewRecord.Draw] = []
        for row in rows {
            for (place, picture) in row.pictures.dropFirst().enumerated() {
                guard let transform = picture.transform else { continue }
                draws.append(
                    PreviewRecord.Draw(
                        key: try source.reader.key(at: row.sample),
                        sample: row.sample,
                        epoch: epoch + place,
                        operations: transform
                    )
                )
            }
        }
        let record = PreviewRecord(
            dataset: source.index.fingerprint,
            split: source.split.rawValue,
            seed: source.seed,
            augment: recipe.augment,
            draws: draws
        )
        Console.result(String(decoding: try JSONText.pretty(record), as: UTF8.self))
    }

    // MARK: - The contact sheet

    /// Two rows of pictures a pair: inputs above targets, the original first.
    private static func contactSheet(_ rows: [PreviewRows]) -> ImageGrid {
        let widest = rows.max { $0.pictures.count < $1.pictures.count }
        let grid = rows.flatMap { row in
            [
                ImageGrid.Row(title: row.title, images: row.pictures.map(\.pair.input)),
                ImageGrid.Row(
                    images: row.pictures.map(\.pair.target),
                    captions: row.pictures.map(\.caption)
                ),
            ]
        }
        return ImageGrid(columnTitles: widest?.pictures.map(\.title) ?? [], rows: grid)
    }
}
