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
        parallelLoop(count: shards.count, jobs: jobs) { number in
            let found = self.faults(in: shards[number])
            let done = faults.withLock { faults in
                faults[number] = found
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

    private func faults(in shard: DatasetIndex.Shard) -> [DatasetError] {
        let path = "\(folder)/\(shard.file)"
        do throws(DatasetError) {
            let reader = try ShardReader(path: path, entry: shard, index: index)
            var faults: [DatasetError] = []
            for position in 0..<shard.samples {
                do throws(DatasetError) {
                    try reader.check(position)
                } catch {
                    faults.append(error)
                }
            }
            let sha256 = try Checksum.sha256(ofFile: path)
            if sha256 != shard.sha256 {
                faults.append(
                    DatasetError(
                        .corrupt,
                        "its SHA-256 is \(sha256.prefix(12))…, expected \(shard.sha256.prefix(12))…; "
                            + "it was changed, build the dataset again",
                        path: path
                    )
                )
            }
            return faults
        } catch {
            return [error]
        }
    }
}
