import Crypto
import FoundationEssentials

/// Tells which split each listed pair belongs to, so that no group is torn apart.
package struct SplitAssignment {
    private let split: Recipe.Split
    private let folder: String
    /// The split of each key (`from: list` beside a layout without a table).
    private var splitOfKey: [String: DatasetSplit] = [:]
    private let group: Regex<AnyRegexOutput>?

    /// Reads what the assignment needs.
    ///
    /// - Throws: ``DatasetError`` if a list of keys is missing or names a key twice.
    init(_ recipe: Recipe, folder: String) throws(DatasetError) {
        split = recipe.split
        self.folder = folder
        // The recipe's reader has compiled it before.
        group = recipe.split.group.flatMap { try? Regex($0) }
        guard split.from == .list, recipe.source.layout != .list else { return }
        for name in DatasetSplit.allCases {
            guard let file = split.names[name] else { continue }
            let path = try recipe.file(named: file, in: folder)
            for key in try Self.keys(in: path) {
                if let other = splitOfKey.updateValue(name, forKey: key), other != name {
                    throw DatasetError(
                        .mismatch,
                        "the key \(key) is listed for \(other.rawValue) too; a pair belongs to one split",
                        path: path
                    )
                }
            }
        }
    }

    /// Gives every pair its group and split; what has none becomes a fault.
    func assign(_ listing: inout PairListing) {
        var pairs: [ListedPair] = []
        pairs.reserveCapacity(listing.pairs.count)
        var unlisted = splitOfKey
        for var pair in listing.pairs {
            unlisted[pair.key] = nil
            if pair.group == nil, let group {
                guard let match = pair.key.firstMatch(of: group) else {
                    listing.faults.append(
                        unassigned(
                            pair,
                            "the \"group\" expression does not match its key \(pair.key)"
                        )
                    )
                    continue
                }
                pair.group = Self.text(of: match)
            }
            if pair.split == nil {
                guard let split = split(of: pair) else {
                    listing.faults.append(
                        unassigned(
                            pair,
                            "its key \(pair.key) is in none of the lists of the splits"
                        )
                    )
                    continue
                }
                pair.split = split
            }
            pairs.append(pair)
        }
        for (key, split) in unlisted.sorted(by: { $0.key < $1.key }) {
            listing.faults.append(
                PairFault(
                    .unreadable,
                    .notFound,
                    "the list of \(split.rawValue) names the key \(key), which no pair has",
                    path: folder
                )
            )
        }
        listing.pairs = pairs
        keepGroupsWhole(&listing)
        noteEmptySplits(&listing)
    }

    private func split(of pair: ListedPair) -> DatasetSplit? {
        switch split.from {
        case .ratio: Self.dealt(pair.group ?? pair.key, seed: split.seed, ratios: split.ratios)
        case .list: splitOfKey[pair.key]
        case .none, .folders: .train
        }
    }

    /// The split that a name falls into: a function of the name, the seed and the shares only.
    ///
    /// The first 53 bits of SHA-256 over `seed NUL name`, as a fraction: below the share of `test` it
    /// is test, then val, then train. More names, or fewer, change nothing for the others.
    package static func dealt(
        _ name: String,
        seed: Int,
        ratios: [DatasetSplit: Double]
    ) -> DatasetSplit {
        let digest = SHA256.hash(data: Data("\(seed)\0\(name)".utf8))
        let number = digest.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let fraction = Double(number >> 11) / Double(UInt64(1) << 53)
        let test = ratios[.test] ?? 0
        if fraction < test { return .test }
        return fraction < test + (ratios[.val] ?? 0) ? .val : .train
    }

    /// A group in two splits would let training see what it is measured on.
    private func keepGroupsWhole(_ listing: inout PairListing) {
        var splits: [String: Set<DatasetSplit>] = [:]
        for pair in listing.pairs {
            guard let group = pair.group, let split = pair.split else { continue }
            splits[group, default: []].insert(split)
        }
        let torn = splits.filter { $0.value.count > 1 }
        guard !torn.isEmpty else { return }
        for pair in listing.pairs {
            guard let group = pair.group, let found = torn[group] else { continue }
            let names = DatasetSplit.allCases.filter(found.contains).map(\.rawValue)
            listing.faults.append(
                unassigned(
                    pair,
                    "its group \(group) is in \(names.joined(separator: " and ")): a group belongs to "
                        + "one split; move it, or use \"from\": \"ratio\""
                )
            )
        }
        listing.pairs.removeAll { $0.group.map { torn[$0] != nil } ?? false }
    }

    private func noteEmptySplits(_ listing: inout PairListing) {
        guard split.from == .ratio else { return }
        for name in DatasetSplit.allCases where split.ratios[name] ?? 0 > 0 {
            guard !listing.pairs.contains(where: { $0.split == name }) else { continue }
            listing.notes.append(
                "no pair fell into \(name.rawValue): too few pairs or groups for its share of "
                    + "\(split.ratios[name] ?? 0); enlarge it, or try another \"seed\""
            )
        }
    }

    private func unassigned(_ pair: ListedPair, _ message: String) -> PairFault {
        PairFault(.unassigned, .mismatch, message, path: "\(folder)/\(pair.files.all[0])")
    }

    /// What the expression's first group matched, or all of it.
    private static func text(of match: Regex<AnyRegexOutput>.Match) -> String {
        let captured = match.output.count > 1 ? match.output[1].substring : nil
        return String(captured ?? match.output[0].substring ?? "")
    }

    /// The keys in a text file: one a line, an image's extension taken off.
    private static func keys(in path: String) throws(DatasetError) -> [String] {
        let bytes = try FileSystem.contents(of: path)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw DatasetError(.corrupt, "expected keys in UTF-8, one per line", path: path)
        }
        return text.split(whereSeparator: \.isNewline).compactMap { line in
            let words = line.trimmingPrefix("\u{FEFF}").drop { $0 == " " || $0 == "\t" }
            let name = String(words.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
            guard !name.isEmpty else { return nil }
            let isImage = ImageFormat.knownExtensions.contains(FileSystem.fileExtension(of: name))
            return FolderFiles.normalized(
                isImage ? String(name.prefix(upTo: name.lastIndex(of: ".") ?? name.endIndex)) : name
            )
        }
    }
}
