package import FoundationEssentials

/// What a built dataset holds: its `index.json`.
///
/// Written last, it makes the dataset complete.
public struct DatasetIndex: Codable, Equatable, Sendable {
    /// The images of one side: all alike.
    public struct Side: Codable, Equatable, Sendable {
        /// Pixels per row.
        public var width: Int
        /// Rows.
        public var height: Int
        /// Samples per pixel.
        public var channels: Int
        /// The type of a sample.
        public var dtype: SampleType
        /// What the samples mean; `nil` in datasets of older versions.
        public var colors: Colors?
        /// Whether the last channel is alpha; `nil` for no.
        public var alpha: Bool?

        /// Width and height.
        public var size: ImageSize { ImageSize(width: width, height: height) }
        /// Bytes of one image.
        public var byteCount: Int { width * height * channels * dtype.byteCount }

        package init(
            size: ImageSize,
            channels: Int,
            dtype: SampleType,
            colors: Colors? = nil,
            hasAlpha: Bool = false
        ) {
            width = size.width
            height = size.height
            self.channels = channels
            self.dtype = dtype
            self.colors = colors
            alpha = hasAlpha ? true : nil
        }

        /// Whether an image has this geometry.
        func fits(_ image: Image) -> Bool {
            image.size == size && image.channels == channels && image.sampleType == dtype
        }
    }

    /// What the samples of an image mean.
    public enum Colors: String, Codable, Sendable {
        /// One channel of light.
        case gray
        /// Red, green and blue.
        case rgb
        /// Four inks, 0 for none.
        case cmyk
        /// One channel of label numbers.
        case indices
        /// Channels that no format gives a meaning.
        case multichannel
    }

    /// One shard file.
    public struct Shard: Codable, Equatable, Sendable {
        /// Its name in the dataset's folder.
        public var file: String
        /// How many pairs it holds.
        public var samples: Int
        /// Its length.
        public var bytes: Int
        /// Its SHA-256 in hexadecimal.
        public var sha256: String
    }

    /// One split.
    public struct Split: Codable, Equatable, Sendable {
        /// How many pairs it has.
        public var samples: Int
        /// Its shards, in order.
        public var shards: [Shard]
    }

    /// What was counted while the dataset was built.
    public struct Counts: Codable, Equatable, Sendable {
        /// How often each conversion was made, by name, in images (two a pair); never made, not listed.
        public var conversions: [String: Int]
        /// Pairs and lone files left out because they could not be used, by the kind of fault.
        public var rejected: [String: Int]
        /// Files in the source's folders that no pair asks for, by their names.
        public var ignored: Int
        /// The most pairs of a split that were asked for; `nil` for all.
        public var limit: Int?
    }

    /// Always `p2p-dataset`.
    public var format: String
    /// The version of the format.
    public var version: Int
    /// The dataset's name, from its recipe.
    public var name: String
    /// SHA-256 over all that decides the shards' bytes: see ``Fingerprint``.
    public var fingerprint: String
    /// The recipe it was built from, every default written out.
    package var recipe: JSONValue
    /// The input images.
    public var input: Side
    /// The target images.
    public var target: Side
    /// The splits that have pairs.
    public var splits: [DatasetSplit: Split]
    /// Conversions and rejections.
    public var counts: Counts
    /// What made the bytes: resampler and decoders, with versions.
    public var software: [String: String]

    /// The value of `format`.
    public static let formatName = "p2p-dataset"
    /// The version of the format that this version writes and reads.
    public static let currentVersion = 1
    /// The file's name.
    public static let fileName = "index.json"

    /// Reads the index of a dataset's folder.
    ///
    /// - Throws: ``DatasetError``: `notFound` if the folder is no dataset, `corrupt` or
    ///   `unsupported` if its index cannot be used.
    public init(folder: String) throws(DatasetError) {
        let path = "\(folder)/\(Self.fileName)"
        guard FileSystem.kind(of: folder) == .folder else {
            throw DatasetError(
                .notFound,
                "expected a dataset's folder, found none; build one with p2p-data build RECIPE",
                path: folder
            )
        }
        guard FileSystem.kind(of: path) == .file else {
            throw DatasetError(
                .notFound,
                "expected a dataset, found a folder without \(Self.fileName); give the folder "
                    + "that p2p-data build wrote, or build it again",
                path: folder
            )
        }
        let data = Data(try FileSystem.contents(of: path))
        try self.init(data, path: path)
    }

    /// Reads an index from its bytes.
    package init(_ data: Data, path: String) throws(DatasetError) {
        do {
            self = try JSONDecoder().decode(DatasetIndex.self, from: data)
        } catch {
            // Only now a second look, at what the document is: a large index is parsed once.
            let document = try JSONValue.parse(data, path: path, code: .corrupt)
            guard case .object(let members) = document else {
                throw Self.isNoIndex(path: path)
            }
            try Self.check(format: members["format"], version: members["version"], path: path)
            throw DatasetError(
                .corrupt,
                "it is damaged (\(Self.place(of: error))); build the dataset again",
                path: path
            )
        }
        try Self.check(format: .string(format), version: .integer(version), path: path)
        try check(path: path)
    }

    init(
        name: String,
        fingerprint: String,
        recipe: JSONValue,
        input: Side,
        target: Side,
        splits: [DatasetSplit: Split],
        counts: Counts,
        software: [String: String]
    ) {
        format = Self.formatName
        version = Self.currentVersion
        self.name = name
        self.fingerprint = fingerprint
        self.recipe = recipe
        self.input = input
        self.target = target
        self.splits = splits
        self.counts = counts
        self.software = software
    }

    /// Refuses other documents and other versions.
    private static func check(
        format: JSONValue?,
        version: JSONValue?,
        path: String
    ) throws(DatasetError) {
        guard format == .string(formatName) else { throw isNoIndex(path: path) }
        guard version == .integer(currentVersion) else {
            throw DatasetError(
                .unsupported,
                "expected version \(currentVersion), found \(version?.summary ?? "none"); build the "
                    + "dataset again with this version of p2p-data",
                path: path
            )
        }
    }

    private static func isNoIndex(path: String) -> DatasetError {
        DatasetError(
            .corrupt,
            "expected \"format\": \"\(formatName)\"; it is not the index of a dataset",
            path: path
        )
    }

    /// Refuses values that no build writes, so that nothing later has to.
    private func check(path: String) throws(DatasetError) {
        func require(_ isTrue: Bool, _ what: String) throws(DatasetError) {
            guard isTrue else {
                throw DatasetError(
                    .corrupt,
                    "it is damaged (\(what)); build the dataset again",
                    path: path
                )
            }
        }
        for side in [input, target] {
            try require(
                (1...65_500).contains(side.width) && (1...65_500).contains(side.height)
                    && (1...4096).contains(side.channels),
                "an impossible image size"
            )
        }
        for split in splits.values {
            for shard in split.shards {
                let name = shard.file.utf8
                try require(
                    !name.isEmpty && !name.contains(UInt8(ascii: "/"))
                        && name.first != UInt8(ascii: "."),
                    "a shard outside the dataset's folder"
                )
                try require(
                    (1...1 << 40).contains(shard.samples),
                    "an impossible number of samples"
                )
            }
            try require(
                split.samples == split.shards.reduce(0) { $0 + $1.samples },
                "the shards' samples do not add up"
            )
        }
    }

    private static func place(of error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, _): "no \(key.stringValue)"
        case DecodingError.typeMismatch(_, let context),
            DecodingError.valueNotFound(_, let context),
            DecodingError.dataCorrupted(let context):
            "at " + context.codingPath.map(\.stringValue).joined(separator: ".")
        default: "\(error)"
        }
    }
}
