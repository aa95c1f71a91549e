import FoundationEssentials

/// Lists the pairs that a table names: CSV, TSV, or JSON Lines.
struct ListLayout {
    let recipe: Recipe
    let folder: String

    /// One row of the table.
    private struct Row {
        var line: Int
        var values: [String: String]
    }

    private static let columns = ["input", "target", "key", "split", "group"]

    /// - Throws: ``DatasetError``: `notFound` without the table, `corrupt` where it cannot be read.
    func list() throws(DatasetError) -> PairListing {
        let path = try recipe.file(named: recipe.source.file, in: folder)
        let bytes = try FileSystem.contents(of: path)
        let isJSON = ["jsonl", "ndjson", "json"].contains(FileSystem.fileExtension(of: path))
        var listing = PairListing()
        var seen: [String: Int] = [:]
        // Row by row: a large table in memory would be larger than all the rest.
        let take = { add($0, path: path, seen: &seen, to: &listing) }
        if isJSON { try readJSON(bytes, path, take) } else { try readCSV(bytes, path, take) }
        guard !listing.pairs.isEmpty || !listing.faults.isEmpty else {
            throw DatasetError(.empty, "expected rows that name pairs, found none", path: path)
        }
        return listing
    }

    private func add(
        _ row: Row,
        path: String,
        seen: inout [String: Int],
        to listing: inout PairListing
    ) {
        func fault(_ kind: PairFault.Kind, _ message: String) -> PairFault {
            PairFault(kind, .mismatch, "line \(row.line): \(message)", path: path)
        }
        let input = row.values["input"] ?? ""
        let target = row.values["target"] ?? ""
        guard !input.isEmpty, !target.isEmpty else {
            let side = input.isEmpty ? (target.isEmpty ? nil : "input") : "target"
            listing.faults.append(
                fault(
                    input.isEmpty ? (target.isEmpty ? .unreadable : .targetOnly) : .inputOnly,
                    "expected two files, found no \(side ?? "file at all")"
                )
            )
            return
        }
        let name = row.values["key"].flatMap { $0.isEmpty ? nil : $0 } ?? Self.key(of: input)
        let key = FolderFiles.normalized(name)
        if let first = seen.updateValue(row.line, forKey: key) {
            listing.faults.append(
                fault(
                    .ambiguous,
                    "the key \(key) was given to line \(first) already; give each row a \"key\" of "
                        + "its own"
                )
            )
            return
        }
        var pair = ListedPair(
            key: key,
            group: row.values["group"].flatMap { $0.isEmpty ? nil : $0 },
            files: .separate(input: input, target: target)
        )
        if recipe.split.from == .list {
            let name = row.values["split"] ?? ""
            guard let split = DatasetSplit.allCases.first(where: { recipe.split.names[$0] == name })
            else {
                let names = DatasetSplit.allCases.compactMap { recipe.split.names[$0] }
                listing.faults.append(
                    fault(
                        .unassigned,
                        "expected the split \(names.joined(separator: ", ")), found "
                            + (name.isEmpty ? "none" : "\"\(name)\"")
                            + "; correct the table, or set \"split\": {\"from\": \"ratio\"} or \"none\""
                    )
                )
                return
            }
            pair.split = split
        }
        listing.pairs.append(pair)
    }

    /// A file's path without its extension, and without what leads out of the source's folder.
    private static func key(of path: String) -> String {
        let parts = FileSystem.normalized(path).split(separator: "/").filter { $0 != ".." }
        let folder = parts.dropLast().map { "\($0)/" }.joined()
        return folder + FileSystem.stem(of: path)
    }

    private func readCSV(
        _ bytes: [UInt8],
        _ path: String,
        _ take: (Row) -> Void
    ) throws(DatasetError) {
        var table = try CSVTable(bytes, path: path)
        let names = table.header.map { Self.trimmed($0).lowercased() }
        try check(columns: names, path: path)
        while let row = try table.next() {
            var values: [String: String] = [:]
            for (name, value) in zip(names, row.fields) { values[name] = Self.trimmed(value) }
            take(Row(line: row.line, values: values))
        }
    }

    private func readJSON(
        _ bytes: [UInt8],
        _ path: String,
        _ take: (Row) -> Void
    ) throws(DatasetError) {
        var rest = bytes[...]
        var number = 0
        while !rest.isEmpty {
            let line = rest.prefix { $0 != UInt8(ascii: "\n") }
            rest = rest.dropFirst(line.count + 1)
            number += 1
            if line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) { continue }
            let place = "\(path), line \(number)"
            let value = try JSONValue.parse(Data(line), path: place, code: .corrupt)
            guard case .object(let members) = value else {
                throw DatasetError(
                    .corrupt,
                    "expected an object, found \(value.summary)",
                    path: place
                )
            }
            try check(columns: members.keys.sorted(), path: place)
            var values: [String: String] = [:]
            for name in Self.columns {
                switch members[name] {
                case nil, .null?: break
                case .string(let text)?: values[name] = text
                case .integer(let number)? where name == "key" || name == "group":
                    values[name] = "\(number)"
                case let value?:
                    throw DatasetError(
                        .corrupt,
                        "\(name): expected a text, found \(value.summary)",
                        path: place
                    )
                }
            }
            take(Row(line: number, values: values))
        }
    }

    /// Asks for the columns that must be there; a name close to a known one is a typing error.
    private func check(columns: [String], path: String) throws(DatasetError) {
        let wanted = ["input", "target"] + (recipe.split.from == .list ? ["split"] : [])
        for name in wanted where !columns.contains(name) {
            let remedy =
                name == "split"
                ? "; or say with \"split\": {\"from\": \"ratio\"} or \"none\" how to split" : ""
            throw DatasetError(
                .corrupt,
                "expected a column \"\(name)\", found \(columns.joined(separator: ", "))\(remedy)",
                path: path
            )
        }
        for name in columns where !Self.columns.contains(name) {
            guard let meant = EditDistance.closest(to: name, among: Self.columns) else { continue }
            throw DatasetError(
                .corrupt,
                "unknown column \"\(name)\"; did you mean \"\(meant)\"?",
                path: path
            )
        }
    }

    private static func trimmed(_ text: String) -> String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        let start = text.drop(while: isBlank)
        return String(start.reversed().drop(while: isBlank).reversed())
    }
}
