import Synchronization

/// The part of a build that decodes images and fills shards, on several threads.
///
/// Threads take pairs in order and write them to their places; whoever writes the last pair of a
/// shard completes it. Memory holds a few images per thread, whatever the size of the dataset.
struct DatasetWriting: Sendable {
    let recipe: Recipe
    let pairs: [SourcePair]
    let jobs: Int
    /// Where the shards go; `nil` decodes everything and writes nothing.
    let folder: String?
    var pixelLimit = ImageCodec.defaultPixelLimit

    /// What came of it.
    struct Result {
        /// Pairs that could not be decoded, by their place in `pairs`.
        var faults: [(pair: Int, error: DatasetError)] = []
        /// An error that is not about one image, such as a full disk: the build is over.
        var failure: DatasetError?
        var conversions = ConversionCounts()
        /// The finished shards, by split and number.
        var shards: [ShardName: DatasetIndex.Shard] = [:]
        var done = 0
    }

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
            (first.split.rawValue, first.number) < (second.split.rawValue, second.number)
        }
    }

    /// A shard to be written: its pairs in `pairs`, and the number of the first in its split.
    private struct Plan {
        var name: ShardName
        var pairs: Range<Int>
        var firstIndex: Int
    }

    /// The geometry of both sides, from the recipe and the first pair's header.
    var sides: (input: DatasetIndex.Side, target: DatasetIndex.Side) {
        let info = pairs[0].info
        let channels =
            switch recipe.color {
            case .keep: info.channels
            case .gray: 1
            case .rgb: 3
            }
        let size = recipe.resize?.size ?? SideBySide(input: recipe.source.input).half(of: info.size)
        let side = DatasetIndex.Side(size: size, channels: channels, dtype: .u8)
        return (side, side)
    }

    /// Decodes and writes everything.
    ///
    /// - Parameter progress: Called after each pair with how many are done, and of how many.
    /// - Returns: The finished shards, or what went wrong.
    func run(progress: @Sendable (Int, Int) -> Void) -> Result {
        guard !pairs.isEmpty else { return Result() }
        let plans = self.plans()
        let shards = plans.map { _ in SharedShard() }
        let shardOfPair = plans.indices.flatMap { shard in plans[shard].pairs.map { _ in shard } }
        let fingerprint = Fingerprint.of(recipe, pairs: pairs)
        let decoder = PairDecoder(recipe: recipe, pixelLimit: pixelLimit)
        let result = Mutex(Result())

        parallelLoop(count: pairs.count, jobs: jobs) { number in
            guard result.withLock({ $0.failure == nil }) else { return }
            var counts = ConversionCounts()
            let pair: ImagePair
            do throws(DatasetError) {
                pair = try decoder.decode(pairs[number], counting: &counts)
            } catch {
                result.withLock { $0.faults.append((number, error)) }
                return
            }
            // With a fault anywhere nothing of this run is kept: only look for more faults.
            let isWriting = result.withLock { result in
                result.conversions.add(counts)
                return result.faults.isEmpty
            }
            do throws(DatasetError) {
                if isWriting, let folder {
                    let plan = plans[shardOfPair[number]]
                    let shard = shards[shardOfPair[number]]
                    let writer = try shard.writer { () throws(DatasetError) in
                        try self.writer(for: plan, in: folder, fingerprint: fingerprint)
                    }
                    if try writer.write(pair, at: number - plan.pairs.lowerBound) {
                        let entry = try writer.finish()
                        shard.close()
                        result.withLock { $0.shards[plan.name] = entry }
                    }
                }
            } catch {
                result.withLock { $0.failure = $0.failure ?? error }
                return
            }
            let done = result.withLock { result in
                result.done += 1
                return result.done
            }
            progress(done, pairs.count)
        }
        return result.withLock { result in
            result.faults.sort { $0.pair < $1.pair }
            return result
        }
    }

    /// The dataset's index, from the finished shards.
    func index(
        shards: [ShardName: DatasetIndex.Shard],
        fingerprint: String,
        conversions: ConversionCounts,
        rejected: [DatasetError],
        ignored: Int
    ) -> DatasetIndex {
        var splits: [DatasetSplit: DatasetIndex.Split] = [:]
        for (name, shard) in shards.sorted(by: { $0.key < $1.key }) {
            var split = splits[name.split] ?? DatasetIndex.Split(samples: 0, shards: [])
            split.samples += shard.samples
            split.shards.append(shard)
            splits[name.split] = split
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
                rejected: Dictionary(grouping: rejected, by: \.code.rawValue).mapValues(\.count),
                ignored: ignored
            ),
            software: software
        )
    }

    /// The resampler's name in shards and index: release and filter, or `none`.
    private var resampler: String {
        recipe.resize.map { "\($0.resampler.rawValue)-\($0.filter.rawValue)" } ?? "none"
    }

    private func plans() -> [Plan] {
        let sides = self.sides
        var plans: [Plan] = []
        var start = 0
        while start < pairs.count {
            let split = pairs[start].split
            let end = pairs[start...].firstIndex { $0.split != split } ?? pairs.count
            let cuts = ShardLayout.cut(
                keyLengths: pairs[start..<end].map(\.key.utf8.count),
                imageBytes: sides.input.byteCount + sides.target.byteCount,
                maxBytes: recipe.shards.maxBytes
            )
            for (number, cut) in cuts.enumerated() {
                plans.append(
                    Plan(
                        name: ShardName(split: split, number: number),
                        pairs: start + cut.lowerBound..<start + cut.upperBound,
                        firstIndex: cut.lowerBound
                    )
                )
            }
            start = end
        }
        return plans
    }

    private func writer(
        for plan: Plan,
        in folder: String,
        fingerprint: String
    ) throws(DatasetError) -> ShardWriter {
        let sides = self.sides
        return try ShardWriter(
            path: "\(folder)/\(plan.name.file)",
            keys: pairs[plan.pairs].map(\.key),
            firstIndex: plan.firstIndex,
            input: sides.input,
            target: sides.target,
            metadata: [
                "format": ShardLayout.formatName, "version": ShardLayout.version,
                "fingerprint": fingerprint, "layout": "NHWC", "resampler": resampler,
                "colorspace": sides.input.channels == 1 ? "gray" : "srgb",
                "split": plan.name.split.rawValue,
            ]
        )
    }
}

/// A shard that several threads fill: opened by the first, closed by the last.
private final class SharedShard: Sendable {
    private let current = Mutex<ShardWriter?>(nil)

    func writer(
        orOpen open: () throws(DatasetError) -> ShardWriter
    ) throws(DatasetError) -> ShardWriter {
        try current.withLock { (current) throws(DatasetError) in
            if let current { return current }
            let writer = try open()
            current = writer
            return writer
        }
    }

    func close() {
        current.withLock { $0 = nil }
    }
}
