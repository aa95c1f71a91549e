extension Recipe {
    /// Where the pairs are.
    public struct Source: Equatable, Sendable {
        /// How input and target lie on disk.
        public enum Layout: String, Sendable, CaseIterable {
            /// One file holds both images, side by side or one above the other.
            case sideBySide = "side-by-side"
            /// Two folders, or two per split; files of the same name belong together.
            case folders
            /// A table (CSV, TSV or JSON Lines) names the two files of each pair.
            case list
        }

        /// Which half of a side-by-side image is the input.
        public enum Half: String, Sendable, CaseIterable {
            case left, right, top, bottom
        }

        /// What is asked of the sizes of a pair's two files.
        public enum Sizes: String, Sendable, CaseIterable {
            /// They must be equal.
            case equal
            /// They may differ.
            case any
        }

        /// How input and target lie on disk.
        public var layout: Layout
        /// The folder, relative to the recipe's file.
        public var path: String
        /// Which half is the input (layout `side-by-side`).
        public var input: Half
        /// The folder of each side below ``path`` (layout `folders`); may contain `{split}`.
        public var folders: Sides<String>
        /// The file names of each side (layout `folders`).
        package var names: Sides<NameTemplates>
        /// The table of the pairs (layout `list`), relative to the recipe's file or below ``path``.
        public var file: String
        /// Whether the two files of a pair must have the same size.
        public var sizes: Sizes
        /// Where the archive can be downloaded, if the folder is missing.
        public var url: String?
        /// The archive's SHA-256 in hexadecimal, checked after the download.
        public var sha256: String?

        /// Whether the folders of the splits are part of the two folders' names.
        var namesSplits: Bool { folders.input.contains("{split}") }

        init(_ reader: JSONObjectReader) throws(DatasetError) {
            var reader = reader
            layout = try reader.choice("layout", as: Layout.self) ?? .sideBySide
            try Self.checkKeys(reader, layout)
            guard let path = try reader.string("path"), !path.isEmpty else {
                throw reader.error("path", "expected the folder that holds the images")
            }
            self.path = path
            input = try reader.choice("input", as: Half.self) ?? .left
            folders = Sides(
                input: try reader.string("inputs") ?? "",
                target: try reader.string("targets") ?? ""
            )
            names = Sides(
                input: try Self.template("inputName", &reader),
                target: try Self.template("targetName", &reader)
            )
            file = try reader.string("file") ?? ""
            sizes = try reader.choice("sizes", as: Sizes.self) ?? .equal
            url = try reader.string("url")
            if let url, !url.hasPrefix("http://"), !url.hasPrefix("https://") {
                throw reader.error(
                    "url",
                    "expected an address that starts with http:// or https://"
                )
            }
            sha256 = try reader.string("sha256")?.lowercased()
            if let sha256, sha256.count != 64 || !sha256.allSatisfy(\.isHexDigit) {
                throw reader.error("sha256", "expected 64 hexadecimal digits")
            }
            try reader.finish()
            try check(reader)
        }

        /// Refuses fields of other layouts: first of all, as their values may make no sense here.
        private static func checkKeys(
            _ reader: JSONObjectReader,
            _ layout: Layout
        ) throws(DatasetError) {
            let fields: [(key: String, layout: Layout)] = [
                ("input", .sideBySide), ("inputs", .folders), ("targets", .folders),
                ("inputName", .folders), ("targetName", .folders), ("file", .list),
            ]
            for field in fields where field.layout != layout && reader.has(field.key) {
                throw reader.error(
                    field.key,
                    "only goes with \"layout\": \"\(field.layout.rawValue)\", found "
                        + "\"\(layout.rawValue)\""
                        + (field.key == "input" && layout == .folders
                            ? "; the folders are \"inputs\" and \"targets\"" : "")
                )
            }
        }

        /// Asks for the fields of the layout.
        private func check(_ reader: JSONObjectReader) throws(DatasetError) {
            if layout == .sideBySide, reader.has("sizes") {
                throw reader.error("sizes", "two halves of one file always have the same size")
            }
            if layout == .list, file.isEmpty {
                throw reader.error("file", "expected the table that names the pairs")
            }
            guard layout == .folders else { return }
            for (key, folder) in [("inputs", folders.input), ("targets", folders.target)]
            where folder.isEmpty {
                throw reader.error(key, "expected a folder below \"path\" (\".\" for path itself)")
            }
            guard folders.target.contains("{split}") == namesSplits else {
                throw reader.error("targets", "expected {split} in both folders or in none")
            }
            guard folders.input != folders.target || names.input != names.target else {
                throw reader.error(
                    "targets",
                    "found the inputs' own folder; where both lie in one folder, \"inputName\" and "
                        + "\"targetName\" must tell them apart, such as \"{key}_A.*\" and \"{key}_B.*\""
                )
            }
        }

        /// Reads one form of names, or a list of them.
        private static func template(
            _ key: String,
            _ reader: inout JSONObjectReader
        ) throws(DatasetError) -> NameTemplates {
            guard let value = reader.value(key) else { return NameTemplates.any }
            let texts: [JSONValue]
            if case .array(let items) = value, !items.isEmpty {
                texts = items
            } else {
                texts = [value]
            }
            var templates: [NameTemplate] = []
            for item in texts {
                guard case .string(let text) = item, let template = NameTemplate(text) else {
                    throw reader.error(
                        key,
                        expected: "a file name with {key} in it once, such as \"{key}_A.*\", or a "
                            + "list of them",
                        found: item
                    )
                }
                templates.append(template)
            }
            return NameTemplates(templates: templates)
        }

        var json: JSONValue {
            var members: [String: JSONValue] = [
                "layout": .string(layout.rawValue), "path": .string(path),
            ]
            switch layout {
            case .sideBySide: members["input"] = .string(input.rawValue)
            case .folders:
                members["inputs"] = .string(folders.input)
                members["targets"] = .string(folders.target)
                members["inputName"] = names.input.json
                members["targetName"] = names.target.json
                members["sizes"] = .string(sizes.rawValue)
            case .list:
                members["file"] = .string(file)
                members["sizes"] = .string(sizes.rawValue)
            }
            members["url"] = url.map(JSONValue.string)
            members["sha256"] = sha256.map(JSONValue.string)
            return .object(members)
        }
    }
}
