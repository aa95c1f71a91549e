extension Recipe {
    /// Where the pairs are.
    public struct Source: Equatable, Sendable {
        /// How input and target lie on disk.
        public enum Layout: String, Sendable, CaseIterable {
            /// One file holds both images, side by side or one above the other.
            case sideBySide = "side-by-side"
        }

        /// Which half of a side-by-side image is the input.
        public enum Half: String, Sendable, CaseIterable {
            case left, right, top, bottom
        }

        /// How input and target lie on disk.
        public var layout: Layout
        /// The folder, relative to the recipe's file.
        public var path: String
        /// Which half is the input.
        public var input: Half
        /// Where the archive can be downloaded, if the folder is missing.
        public var url: String?
        /// The archive's SHA-256 in hexadecimal, checked after the download.
        public var sha256: String?

        init(_ reader: JSONObjectReader) throws(DatasetError) {
            var reader = reader
            layout = try reader.choice("layout", as: Layout.self) ?? .sideBySide
            guard let path = try reader.string("path"), !path.isEmpty else {
                throw reader.error("path", "expected the folder that holds the images")
            }
            self.path = path
            input = try reader.choice("input", as: Half.self) ?? .left
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
        }

        var json: JSONValue {
            var members: [String: JSONValue] = [
                "layout": .string(layout.rawValue), "path": .string(path),
                "input": .string(input.rawValue),
            ]
            members["url"] = url.map(JSONValue.string)
            members["sha256"] = sha256.map(JSONValue.string)
            return .object(members)
        }
    }

    /// Which pairs belong to which split.
    public struct Split: Equatable, Sendable {
        /// How splits are made.
        public enum Method: String, Sendable, CaseIterable {
            /// One folder per split.
            case folders
            /// Every pair is for training.
            case none
        }

        /// How splits are made.
        public var from: Method
        /// The folder of each split, below the source's path.
        public var folders: [DatasetSplit: String]
        /// The splits the recipe names itself: their folders must exist.
        public var required: Set<DatasetSplit>

        init(_ reader: JSONObjectReader?) throws(DatasetError) {
            from = .folders
            folders = [:]
            required = []
            guard var reader else {
                for split in DatasetSplit.allCases { folders[split] = split.rawValue }
                return
            }
            from = try reader.choice("from", as: Method.self) ?? .folders
            for split in DatasetSplit.allCases {
                let name = try reader.string(split.rawValue)
                if let name {
                    guard from == .folders else {
                        throw reader.error(split.rawValue, "only goes with \"from\": \"folders\"")
                    }
                    guard !name.isEmpty else {
                        throw reader.error(split.rawValue, "expected the name of a folder")
                    }
                    required.insert(split)
                }
                folders[split] = name ?? split.rawValue
            }
            try reader.finish()
            if from == .none { folders = [:] }
        }

        var json: JSONValue {
            var members: [String: JSONValue] = ["from": .string(from.rawValue)]
            for split in required { members[split.rawValue] = folders[split].map(JSONValue.string) }
            return .object(members)
        }
    }

    /// The size of the images in the shards.
    public struct Resize: Equatable, Sendable {
        /// Width and height in pixels, of the input and of the target.
        public var size: ImageSize
        /// The filter.
        public var filter: ResizeFilter
        /// Which release of Pillow the result equals bit for bit.
        public var resampler: Resampler

        init(_ reader: JSONObjectReader) throws(DatasetError) {
            var reader = reader
            let limits = 1...65_500
            guard let width = try reader.integer("width", in: limits),
                let height = try reader.integer("height", in: limits)
            else {
                let missing = reader.has("width") ? "height" : "width"
                throw reader.error(missing, "expected a whole number of pixels")
            }
            size = ImageSize(width: width, height: height)
            filter = try reader.choice("filter", as: ResizeFilter.self) ?? .bicubic
            resampler = try reader.choice("resampler", as: Resampler.self) ?? .pillow13
            try reader.finish()
        }

        var json: JSONValue {
            .object([
                "width": .integer(size.width), "height": .integer(size.height),
                "filter": .string(filter.rawValue), "resampler": .string(resampler.rawValue),
            ])
        }
    }

    /// How shards are cut.
    public struct ShardOptions: Equatable, Sendable {
        /// The most bytes a shard may have; a shard always holds at least one pair.
        public var maxBytes: Int

        /// 64 MiB, as in MosaicML's streaming datasets and LitData.
        public static let defaultMaxBytes = 64 << 20

        init(_ reader: JSONObjectReader?) throws(DatasetError) {
            guard var reader else {
                maxBytes = Self.defaultMaxBytes
                return
            }
            maxBytes =
                try reader.integer("maxBytes", in: 4096...(1 << 40)) ?? Self.defaultMaxBytes
            try reader.finish()
        }

        var json: JSONValue { .object(["maxBytes": .integer(maxBytes)]) }
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
