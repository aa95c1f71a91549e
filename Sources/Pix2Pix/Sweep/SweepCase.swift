package import DatasetKit

/// One thing that a sweep tries: options that differ from those that all its runs have.
package struct SweepCase: Equatable, Sendable {
    /// Its name, which begins the names of its runs' folders.
    package let name: String
    /// Its training options, by their names in a recipe.
    package let train: [String: JSONValue]
    /// Its operations; `nil` for those that all runs have.
    package let augment: [JSONValue]?

    init(name: String, train: [String: JSONValue], augment: [JSONValue]? = nil) {
        self.name = name
        self.train = train
        self.augment = augment
    }

    /// What it differs in, such as `lr 0.0001` or `+ {"op":"mixup"}`.
    ///
    /// - Parameter operations: The operations that the other runs have.
    /// - Returns: An entry for each option, each operation more and each operation less.
    package func differences(from operations: [JSONValue]) -> [String] {
        let options = train.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.text)" }
        guard let augment else { return options }
        let added = augment.filter { !operations.contains($0) }.map { "+ \($0.text)" }
        let removed = operations.filter { !augment.contains($0) }.map { "− \($0.text)" }
        return options + added + removed
    }

    // MARK: - Reading

    /// Reads the list `cases`.
    ///
    /// - Throws: ``DatasetError`` with code `invalidRecipe`, naming the JSON path.
    static func list(_ items: [JSONValue], file: String) throws(DatasetError) -> [SweepCase] {
        var cases: [SweepCase] = []
        for (number, item) in items.enumerated() {
            let path = "cases[\(number)]"
            var reader = try JSONObjectReader(item, file: file, path: path)
            let name = try reader.string("name") ?? ""
            guard isUsable(name: name) else {
                throw reader.error("name", expected: nameRule, found: .string(name))
            }
            guard !cases.contains(where: { $0.name == name }) else {
                throw reader.error("name", "there is another case \"\(name)\"")
            }
            let train = reader.value("train") ?? .object([:])
            let options = try options(train, file: file, "\(path).train")
            let augment = try reader.array("augment")
            try reader.finish()
            cases.append(SweepCase(name: name, train: options, augment: augment))
        }
        guard !cases.isEmpty else {
            throw DatasetError(.invalidRecipe, "cases: expected at least one case", path: file)
        }
        return cases
    }

    /// Checks training options by the decoder of recipes.
    ///
    /// - Throws: ``DatasetError`` with code `invalidRecipe`, naming the JSON path.
    static func options(
        _ value: JSONValue,
        file: String,
        _ path: String
    ) throws(DatasetError) -> [String: JSONValue] {
        let reader = try JSONObjectReader(value, file: file, path: path)
        guard !reader.has("seed") else {
            throw reader.error("seed", "the sweep's \"seeds\" say which seeds its runs have")
        }
        _ = try TrainOptions(reader)
        return if case .object(let members) = value { members } else { [:] }
    }

    /// What a name must be.
    static let nameRule =
        "a name of 1 to 100 bytes without / and line breaks that begins with no dot"

    /// Whether a folder can have the name.
    static func isUsable(name: String) -> Bool {
        (1...100).contains(name.utf8.count) && !name.hasPrefix(".")
            && !name.contains { $0 == "/" || $0 == "\0" || $0.isNewline }
    }
}

/// One training of a sweep.
package struct SweepRun: Equatable, Sendable {
    /// What is tried.
    package let sweepCase: SweepCase
    /// The place of the case in its sweep.
    package let number: Int
    /// The seed.
    package let seed: Int

    init(_ sweepCase: SweepCase, number: Int, seed: Int) {
        self.sweepCase = sweepCase
        self.number = number
        self.seed = seed
    }

    /// The name of its folder.
    package var name: String { "\(sweepCase.name)-seed\(seed)" }
}
