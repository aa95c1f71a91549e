/// What makes the dataset to be built another one than the dataset that is there.
enum DatasetChanges {
    /// The changes in words, those of the recipe first.
    ///
    /// - Parameters:
    ///   - folder: The dataset that is there.
    ///   - index: Its index.
    ///   - recipe: The recipe to be built.
    ///   - pairs: The pairs to be built.
    /// - Returns: One sentence a change; empty where none can be named.
    static func describe(
        from folder: String,
        _ index: DatasetIndex,
        to recipe: Recipe,
        pairs: [SourcePair]
    ) -> [String] {
        var changes = relevant(recipe.json).differences(from: relevant(index.recipe))
            .map { "the recipe's \($0)" }
        guard let old = SampleList.hashes(in: folder) else { return changes }
        var new: [String: String] = [:]
        for pair in pairs {
            new["\(pair.split.rawValue)/\(pair.key)"] =
                pair.files.all.map(\.sha256.hexadecimal).joined(separator: " ")
        }
        let added = new.keys.filter { old[$0] == nil }
        let removed = old.keys.filter { new[$0] == nil }
        let changed = new.filter { old[$0.key].map { [value = $0.value] in $0 != value } ?? false }
        changes += sentence(added, "is new", "are new")
        changes += sentence(removed, "is gone", "are gone")
        changes += sentence(changed.map(\.key), "has other contents", "have other contents")
        return changes
    }

    /// The parts of a resolved recipe that decide what is built.
    private static func relevant(_ recipe: JSONValue) -> JSONValue {
        guard case .object(var members) = recipe else { return recipe }
        for name in ["name", "augment", "train"] { members[name] = nil }
        if case .object(var source)? = members["source"] {
            for name in ["path", "url", "sha256"] { source[name] = nil }
            members["source"] = .object(source)
        }
        return .object(members)
    }

    private static func sentence(_ keys: [String], _ one: String, _ many: String) -> [String] {
        guard !keys.isEmpty else { return [] }
        let names = keys.sorted().prefix(3).joined(separator: ", ")
        let more = keys.count > 3 ? ", …" : ""
        return [
            "\(keys.count) \(keys.count == 1 ? "pair \(one)" : "pairs \(many)") (\(names)\(more))"
        ]
    }
}
