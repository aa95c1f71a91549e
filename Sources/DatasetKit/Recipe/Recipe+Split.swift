extension Recipe {
    /// Which pairs belong to which split.
    public struct Split: Equatable, Sendable {
        /// How splits are made.
        public enum Method: String, Sendable, CaseIterable {
            /// One folder per split.
            case folders
            /// By a hash of the key, or of the group: adding pairs never moves old ones.
            case ratio
            /// As the table says (layout `list`), or by text files with one key per line.
            case list
            /// Every pair is for training.
            case none
        }

        /// How splits are made.
        public var from: Method
        /// The folder of each split, the file with its keys, or its name in the table.
        public var names: [DatasetSplit: String]
        /// The share of each split, adding up to 1 (`ratio`).
        public var ratios: [DatasetSplit: Double]
        /// Another seed deals the pairs out differently (`ratio`).
        public var seed: Int
        /// A regular expression on the key: what its first group (or all of it) matches is the
        /// pair's group, which no split tears apart.
        public var group: String?
        /// The splits the recipe names itself: they must exist.
        public var required: Set<DatasetSplit>

        init(_ reader: JSONObjectReader?, source: Source) throws(DatasetError) {
            names = [:]
            ratios = [:]
            seed = 0
            required = []
            from =
                switch source.layout {
                case .sideBySide: .folders
                case .folders: source.namesSplits ? .folders : .none
                case .list: .list
                }
            if var reader {
                from = try reader.choice("from", as: Method.self) ?? from
                for split in DatasetSplit.allCases { try read(split, &reader) }
                seed = try reader.integer("seed", in: 0...Int.max) ?? 0
                if reader.has("seed"), from != .ratio {
                    throw reader.error("seed", "only goes with \"from\": \"ratio\"")
                }
                group = try reader.string("group")
                if let group, (try? Regex(group)) == nil {
                    throw reader.error("group", "expected a regular expression, found \"\(group)\"")
                }
                try reader.finish()
                try check(reader, source)
            }
            if from == .folders || (from == .list && source.layout == .list) {
                for split in DatasetSplit.allCases where names[split] == nil {
                    names[split] = split.rawValue
                }
            }
        }

        /// Reads a split's folder, list or share.
        private mutating func read(
            _ split: DatasetSplit,
            _ reader: inout JSONObjectReader
        ) throws(DatasetError) {
            let key = split.rawValue
            guard reader.has(key) else {
                _ = reader.value(key)
                return
            }
            switch from {
            case .none:
                throw reader.error(
                    key,
                    "does not go with \"from\": \"none\": every pair is for training"
                )
            case .ratio:
                ratios[split] = try reader.number(key, in: 0...1)
            case .folders, .list:
                guard let name = try reader.string(key), !name.isEmpty else {
                    throw reader.error(key, "expected the name of a folder or file")
                }
                names[split] = name
                required.insert(split)
            }
        }

        private mutating func check(
            _ reader: JSONObjectReader,
            _ source: Source
        ) throws(DatasetError) {
            switch from {
            case .ratio:
                if ratios[.train] == nil {
                    let rest = 1 - ratios.values.reduce(0, +)
                    guard rest >= 0 else {
                        throw reader.error("val", "the shares add up to more than 1")
                    }
                    ratios[.train] = rest
                }
                let sum = ratios.values.reduce(0, +)
                guard abs(sum - 1) < 1e-6 else {
                    throw reader.error(
                        "train",
                        "expected shares that add up to 1, found \(sum); leave out \"train\" to give "
                            + "it the rest"
                    )
                }
            case .folders:
                if source.layout == .list {
                    throw reader.error(
                        "from",
                        "a list has no folders; use \"list\", \"ratio\" or \"none\""
                    )
                }
                if source.layout == .folders, !source.namesSplits {
                    throw reader.error(
                        "from",
                        "expected {split} in the source's \"inputs\" and \"targets\", such as "
                            + "\"{split}A\" and \"{split}B\"; without it use \"ratio\", \"list\" or \"none\""
                    )
                }
            case .list:
                if source.layout != .list, required.isEmpty {
                    throw reader.error(
                        "train",
                        "expected a text file with the keys of the split, one per line"
                    )
                }
            case .none: break
            }
            if source.layout == .folders, source.namesSplits, from != .folders {
                throw reader.error(
                    "from",
                    "the source's folders contain {split}: expected \"folders\", found \"\(from.rawValue)\""
                )
            }
        }

        var json: JSONValue {
            var members: [String: JSONValue] = ["from": .string(from.rawValue)]
            for split in required { members[split.rawValue] = names[split].map(JSONValue.string) }
            for (split, share) in ratios { members[split.rawValue] = .number(share) }
            if from == .ratio { members["seed"] = .integer(seed) }
            members["group"] = group.map(JSONValue.string)
            return .object(members)
        }
    }
}

/// The three parts of a dataset.
public enum DatasetSplit: String, Codable, Sendable, CaseIterable, CodingKeyRepresentable {
    /// What the model learns from.
    case train
    /// What it is measured on while it learns.
    case val
    /// What it is measured on at the end.
    case test
}
