import Synchronization

/// Checks every byte of a dataset against what was written down when it was built.
public struct DatasetVerifier: Sendable {
    /// What a verification found.
    public struct Report: Sendable {
        /// Shards looked at.
        public var shards: Int
        /// Pairs whose CRCs were compared.
        public var pairs: Int
        /// Bytes read.
        public var bytes: Int
        /// What is wrong, in the order of the shards; empty for a sound dataset.
        public var faults: [DatasetError]
    }

    private let folder: String
    private let index: DatasetIndex

    /// Reads the index of the dataset to verify.
    ///
    /// - Throws: ``DatasetError`` if the folder is no dataset.
    public init(folder: String) throws(DatasetError) {
        self.folder = folder
        index = try DatasetIndex(folder: folder)
    }

    /// Compares lengths, SHA-256 of every shard, and the CRC-32 of every image.
    ///
    /// - Parameters:
    ///   - jobs: Threads to use.
    ///   - progress: Called after each shard with how many are done, and of how many.
    /// - Returns: What was looked at, and what is wrong with it.
    public func verify(jobs: Int, progress: @Sendable (Int, Int) -> Void) -> Report {
        let shards = DatasetSplit.allCases.flatMap { index.splits[$0]?.shards ?? [] }
        let faults = Mutex<[Int: [DatasetError]]>([:])
        // Several files at once are hashed faster than one after the other.
        let share = max(1, min(LaneHasher.mostLanes, (shards.count + jobs - 1) / jobs))
        parallelLoop(count: (shards.count + share - 1) / share, jobs: jobs) { number in
            let batch = number * share..<min(shards.count, (number + 1) * share)
            var found = batch.map { self.faults(in: shards[$0]) }
            let whole = batch.filter { found[$0 - batch.lowerBound].isReadable }
            for (shard, result) in zip(whole, hashes(of: whole.map { shards[$0] })) {
                if let fault = fault(result, of: shards[shard]) {
                    found[shard - batch.lowerBound].faults.append(fault)
                }
            }
            let done = faults.withLock { faults in
                for (shard, found) in zip(batch, found) { faults[shard] = found.faults }
                return faults.count
            }
            progress(done, shards.count)
        }
        return Report(
            shards: shards.count,
            pairs: shards.reduce(0) { $0 + $1.samples },
            bytes: shards.reduce(0) { $0 + $1.bytes },
            faults: faults.withLock { $0 }.sorted { $0.key < $1.key }.flatMap(\.value)
        )
    }

    /// What is wrong with a shard's images, and whether the file can be read at all.
    private func faults(
        in shard: DatasetIndex.Shard
    ) -> (faults: [DatasetError], isReadable: Bool) {
        do throws(DatasetError) {
            let path = path(of: shard)
            let reader = try ShardReader(path: path, entry: shard, index: index)
            var faults: [DatasetError] = []
            for position in 0..<shard.samples {
                do throws(DatasetError) {
                    try reader.check(position)
                } catch {
                    faults.append(error)
                }
            }
            return (faults, true)
        } catch {
            return ([error], false)
        }
    }

    /// The SHA-256 of some shards; one by one where one of them cannot be read.
    private func hashes(of shards: [DatasetIndex.Shard]) -> [Result<String, DatasetError>] {
        let paths = shards.map(path(of:))
        do throws(DatasetError) {
            return try Checksum.sha256(ofFiles: paths).map { .success($0) }
        } catch {
            return paths.map { path in
                Result { () throws(DatasetError) in try Checksum.sha256(ofFile: path) }
            }
        }
    }

    private func fault(
        _ hash: Result<String, DatasetError>,
        of shard: DatasetIndex.Shard
    ) -> DatasetError? {
        switch hash {
        case .failure(let error): return error
        case .success(shard.sha256): return nil
        case .success(let found):
            return DatasetError(
                .corrupt,
                "its SHA-256 is \(found.prefix(12))…, expected \(shard.sha256.prefix(12))…; it was "
                    + "changed, build the dataset again",
                path: path(of: shard)
            )
        }
    }

    private func path(of shard: DatasetIndex.Shard) -> String { "\(folder)/\(shard.file)" }
}
