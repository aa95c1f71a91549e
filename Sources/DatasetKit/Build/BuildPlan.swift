/// Which pair goes to which place of which shard: a function of the sorted pairs and the recipe.
struct BuildPlan: Sendable {
    /// A shard's split and number in it.
    struct ShardName: Hashable, Comparable {
        var split: DatasetSplit
        var number: Int

        /// Such as `train-00000.safetensors`.
        var file: String {
            let digits = String(number)
            let zeros = String(repeating: "0", count: max(0, 5 - digits.count))
            return "\(split.rawValue)-\(zeros)\(digits).safetensors"
        }

        static func < (first: ShardName, second: ShardName) -> Bool {
            (first.split.rank, first.number) < (second.split.rank, second.number)
        }
    }

    /// A shard: its pairs, and the number of the first in its split.
    struct Shard: Sendable {
        var name: ShardName
        var pairs: Range<Int>
        var firstIndex: Int
    }

    /// The pairs, sorted.
    let pairs: [SourcePair]
    /// The shards, in order.
    let shards: [Shard]
    /// The form and size of the images.
    let sides: Sides<DatasetIndex.Side>
    /// The dataset's identity.
    let fingerprint: String
    private let recipe: Recipe

    /// Plans a dataset.
    ///
    /// - Parameters:
    ///   - recipe: The recipe.
    ///   - scan: The source, with at least one pair; all pairs have the same geometry.
    /// - Throws: ``PairFault`` if the first pair gives no geometry.
    init(_ recipe: Recipe, _ scan: SourceScan) throws(PairFault) {
        self.recipe = recipe
        pairs = scan.pairs
        let geometry = try PairGeometry(pairs[0], recipe: recipe, folder: scan.folder)
        sides = Sides(
            input: DatasetIndex.Side(geometry.input),
            target: DatasetIndex.Side(geometry.target)
        )
        fingerprint = Fingerprint.of(recipe, pairs: pairs)
        shards = Self.cut(pairs, sides, maxBytes: recipe.shards.maxBytes)
    }

    private static func cut(
        _ pairs: [SourcePair],
        _ sides: Sides<DatasetIndex.Side>,
        maxBytes: Int?
    ) -> [Shard] {
        let imageBytes = sides.input.byteCount + sides.target.byteCount
        let limit = maxBytes ?? ShardLayout.defaultMaxBytes(total: imageBytes * pairs.count)
        var shards: [Shard] = []
        var start = 0
        while start < pairs.count {
            let split = pairs[start].split
            let end = pairs[start...].firstIndex { $0.split != split } ?? pairs.count
            let cuts = ShardLayout.cut(
                keyLengths: pairs[start..<end].map(\.key.utf8.count),
                imageBytes: imageBytes,
                maxBytes: limit
            )
            for (number, cut) in cuts.enumerated() {
                shards.append(
                    Shard(
                        name: ShardName(split: split, number: number),
                        pairs: start + cut.lowerBound..<start + cut.upperBound,
                        firstIndex: cut.lowerBound
                    )
                )
            }
            start = end
        }
        return shards
    }

    /// Opens a shard for writing.
    ///
    /// - Parameters:
    ///   - shard: One of `shards`.
    ///   - folder: Where its file goes.
    ///   - memory: Where it is put together, if it has room there.
    /// - Returns: Its writer.
    /// - Throws: ``DatasetError`` with code `io`.
    func writer(
        for shard: Shard,
        in folder: String,
        memory: PagePool
    ) throws(DatasetError) -> ShardWriter {
        try ShardWriter(
            path: "\(folder)/\(shard.name.file)",
            keys: pairs[shard.pairs].map(\.key),
            firstIndex: shard.firstIndex,
            input: sides.input,
            target: sides.target,
            metadata: [
                "format": ShardLayout.formatName, "version": ShardLayout.version,
                "fingerprint": fingerprint, "layout": "NHWC", "resampler": resampler,
                "colorspace": colorspace, "split": shard.name.split.rawValue,
            ],
            memory: memory
        )
    }

    /// The dataset's index.
    ///
    /// - Parameters:
    ///   - entries: The finished shards, in order.
    ///   - conversions: What was done to the images.
    ///   - rejected: What was left out.
    ///   - ignored: How many files no pair asked for.
    ///   - limit: The most pairs of a split that were asked for.
    /// - Returns: What `index.json` will hold.
    func index(
        entries: [DatasetIndex.Shard],
        conversions: ConversionCounts,
        rejected: [PairFault],
        ignored: Int,
        limit: Int?
    ) -> DatasetIndex {
        var splits: [DatasetSplit: DatasetIndex.Split] = [:]
        for (shard, entry) in zip(shards, entries) {
            var split = splits[shard.name.split] ?? DatasetIndex.Split(samples: 0, shards: [])
            split.samples += entry.samples
            split.shards.append(entry)
            splits[shard.name.split] = split
        }
        var software = ImageCodec.libraryVersions
        software["p2p"] = Version.current
        software["resampler"] = resampler
        return DatasetIndex(
            name: recipe.name,
            fingerprint: fingerprint,
            recipe: recipe.json,
            input: sides.input,
            target: sides.target,
            splits: splits,
            counts: DatasetIndex.Counts(
                conversions: conversions.byName,
                rejected: FaultCounts(rejected).byName,
                ignored: ignored,
                limit: limit
            ),
            software: software
        )
    }

    /// The resampler's name in shards and index: release and filter, or `none`.
    private var resampler: String {
        guard let resize = recipe.resize else { return "none" }
        let names = resize.map { "\($0.resampler.rawValue)-\($0.filter.rawValue)" }
        return names.input == names.target ? names.input : "\(names.input) \(names.target)"
    }

    private var colorspace: String {
        let names = sides.map { $0.colors?.colorspace ?? "unknown" }
        return names.input == names.target ? names.input : "\(names.input) \(names.target)"
    }
}
