package import DatasetKit
import FoundationEssentials

/// What a sweep file says: which settings to try, with which seeds, and what to judge them by.
///
/// Each case is a set of training options, laid over those that all runs have, over the recipe's; it may
/// have an `augment` list of its own. Each is trained once with each seed.
package struct Sweep: Sendable {
    /// Its name: that of the folder of its runs.
    package let name: String
    /// The training options that all runs have, by their names in a recipe.
    package let train: [String: JSONValue]
    /// The operations that all runs have; `nil` for the recipe's.
    package let augment: [JSONValue]?
    /// What is tried, in order; the others are compared with the first.
    package let cases: [SweepCase]
    /// What each case is trained with.
    package let seeds: [Int]
    /// What the runs are judged by.
    package let metric: TrainOptions.Metric
    /// The file, for messages.
    package let file: String
    /// The file's content.
    package let document: JSONValue

    /// The most runs of a sweep.
    static let maximumRuns = 10_000

    /// Reads a sweep from a file.
    ///
    /// - Throws: ``DatasetError``: `notFound`, `io`, or `invalidRecipe` with the JSON path.
    package init(path: String) throws(DatasetError) {
        let bytes = try FileSystem.contents(of: path)
        try self.init(
            JSONValue.parse(Data(bytes), path: path, code: .invalidRecipe),
            file: path
        )
    }

    /// Reads a sweep from a parsed document, and lists its cases.
    ///
    /// Names and values of options are checked by the decoder of recipes, each for itself; how they go
    /// together is the matter of a ``TrainingPlan``.
    ///
    /// - Throws: ``DatasetError`` with code `invalidRecipe`, naming the JSON path.
    package init(_ document: JSONValue, file: String) throws(DatasetError) {
        var reader = try JSONObjectReader(document, file: file, path: "")
        self.document = document
        self.file = file
        _ = try reader.string("$schema")
        let stem = FileSystem.stem(of: file)
        name = try reader.string("name") ?? stem
        guard SweepCase.isUsable(name: name) else {
            throw reader.error("name", expected: SweepCase.nameRule, found: .string(name))
        }
        train = try SweepCase.options(reader.value("train") ?? .object([:]), file: file, "train")
        augment = try reader.array("augment")
        seeds = try Self.seeds(&reader)
        metric = try reader.choice("metric", as: TrainOptions.Metric.self) ?? .l1
        cases = try Self.cases(&reader)
        try reader.finish()
        guard cases.count * seeds.count <= Self.maximumRuns else {
            throw DatasetError(
                .invalidRecipe,
                "expected at most \(Self.maximumRuns) runs, found \(cases.count * seeds.count): "
                    + "\(cases.count) cases with \(seeds.count) seeds",
                path: file
            )
        }
    }

    /// All runs: every case with the first seed, then with the next one, so that a sweep that is
    /// stopped has told something of every case.
    package var runs: [SweepRun] {
        seeds.flatMap { seed in cases.indices.map { SweepRun(cases[$0], number: $0, seed: seed) } }
    }

    private static func seeds(_ reader: inout JSONObjectReader) throws(DatasetError) -> [Int] {
        guard let value = reader.value("seeds") else { return [0] }
        var seeds: [Int] = []
        if case .array(let items) = value {
            for case .integer(let seed) in items where seed >= 0 { seeds.append(seed) }
            if !seeds.isEmpty, seeds.count == items.count, Set(seeds).count == seeds.count {
                return seeds
            }
        }
        throw reader.error(
            "seeds",
            expected: "a list of whole numbers from 0, each once",
            found: value
        )
    }

    /// The cases: of the one of `grid`, `random` and `cases` that is there.
    private static func cases(
        _ reader: inout JSONObjectReader
    ) throws(DatasetError) -> [SweepCase] {
        let kinds = ["grid", "random", "cases"]
        let given = kinds.filter { reader.has($0) }
        guard given.count == 1 else {
            throw DatasetError(
                .invalidRecipe,
                "expected one of grid, random and cases, found "
                    + (given.isEmpty ? "none" : given.joined(separator: " and ")),
                path: reader.file
            )
        }
        // All are asked for, so that each is known to the reader.
        let grid = try reader.value("grid").map { (value) throws(DatasetError) in
            try SweepGrid(value, file: reader.file).cases
        }
        let random = try reader.object("random").map { (object) throws(DatasetError) in
            try SweepSearch(object).cases
        }
        let named = try reader.array("cases").map { (items) throws(DatasetError) in
            try SweepCase.list(items, file: reader.file)
        }
        return grid ?? random ?? named ?? []
    }
}
