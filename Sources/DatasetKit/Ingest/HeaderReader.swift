import Synchronization

/// Reads headers and hashes of pairs' files, some pairs at a time: hashes of several files are
/// computed side by side.
struct HeaderReader: Sendable {
    let recipe: Recipe
    let folder: String
    private let infos = InfoTable()

    /// A file that has been read and waits for its hash.
    private struct Reading {
        var path: String
        var stamp: FileStamp
        var info: ImageInfo
        /// The bytes to hash; `nil` for a large file, which has been hashed.
        var bytes: [UInt8]?
        var sha256: String
    }

    /// Larger files are hashed one by one, so that memory stays small.
    private static let largeFile = 4 << 20

    init(recipe: Recipe, folder: String) {
        self.recipe = recipe
        self.folder = folder
    }

    /// Looks at some pairs.
    ///
    /// - Returns: One result per pair, in order.
    func look(at pairs: ArraySlice<ListedPair>) -> [Result<SourcePair, PairFault>] {
        var readings: [[Reading]] = []
        var faults: [Int: PairFault] = [:]
        for (number, pair) in pairs.enumerated() {
            var files: [Reading] = []
            for (path, side) in zip(pair.files.all, PairSide.allCases) {
                do throws(DatasetError) {
                    files.append(try read(path, side))
                } catch {
                    faults[number] = faults[number] ?? fault(error, pair, path)
                }
            }
            readings.append(files)
        }
        hash(&readings)
        return zip(pairs, readings).enumerated().map { number, element in
            if let fault = faults[number] { return .failure(fault) }
            let (listed, files) = element
            do throws(PairFault) {
                let pair = try self.pair(listed, files)
                _ = try PairGeometry(pair, recipe: recipe, folder: folder)
                return .success(pair)
            } catch {
                return .failure(error)
            }
        }
    }

    private func read(_ path: String, _ side: PairSide) throws(DatasetError) -> Reading {
        let place = SourceScan.path(path, in: folder)
        let options = PairDecoder.options(recipe, side: side)
        let stamp = try FileStamp(path: place)
        guard stamp.size <= Self.largeFile else {
            let file = try MappedFile(path: place)
            return try unsafe file.withBytes { (bytes) throws(DatasetError) in
                Reading(
                    path: path,
                    stamp: stamp,
                    info: try ImageCodec.probe(unsafe bytes.bytes, path: place, options: options),
                    bytes: nil,
                    sha256: unsafe Checksum.sha256(bytes)
                )
            }
        }
        let bytes = try FileSystem.contents(of: place)
        let info = try ImageCodec.probe(bytes, path: place, options: options)
        return Reading(path: path, stamp: stamp, info: info, bytes: bytes, sha256: "")
    }

    private func hash(_ readings: inout [[Reading]]) {
        let buffers = readings.joined().compactMap(\.bytes)
        var hashes = Checksum.sha256(ofBuffers: buffers).makeIterator()
        for pair in readings.indices {
            for file in readings[pair].indices where readings[pair][file].bytes != nil {
                readings[pair][file].sha256 = hashes.next() ?? ""
                readings[pair][file].bytes = nil
            }
        }
    }

    private func pair(_ listed: ListedPair, _ readings: [Reading]) throws(PairFault) -> SourcePair {
        let files = readings.compactMap { reading in
            SHA256Value(hexadecimal: reading.sha256).map {
                SourceFile(
                    path: reading.path,
                    sha256: $0,
                    stamp: reading.stamp,
                    shared: infos.shared(reading.info)
                )
            }
        }
        let isWhole = files.count == listed.files.all.count
        precondition(isWhole && listed.split != nil, "every file was read, every pair has a split")
        return SourcePair(
            key: listed.key,
            split: listed.split ?? .train,
            group: listed.group,
            files: files.count == 1
                ? .sideBySide(files[0]) : .separate(input: files[0], target: files[1])
        )
    }

    /// A missing file of a list leaves its partner alone; anything else is unreadable.
    private func fault(_ error: DatasetError, _ pair: ListedPair, _ path: String) -> PairFault {
        guard error.code == .notFound, case .separate(let input, _) = pair.files else {
            return PairFault(.unreadable, error)
        }
        let isInput = path == input
        let partner = pair.files.all[isInput ? 1 : 0]
        let partnerExists = FileSystem.kind(of: SourceScan.path(partner, in: folder)) == .file
        let kind: PairFault.Kind =
            !partnerExists ? .unreadable : isInput ? .targetOnly : .inputOnly
        return PairFault(
            kind,
            .mismatch,
            "expected the \(isInput ? "input" : "target") of \(pair.key), found no such file; add it or "
                + "remove the row",
            path: SourceScan.path(path, in: folder)
        )
    }
}

/// Keeps one object for each distinct header.
private final class InfoTable: Sendable {
    private let table = Mutex<[ImageInfo: SharedInfo]>([:])

    func shared(_ info: ImageInfo) -> SharedInfo {
        table.withLock { table in
            if let shared = table[info] { return shared }
            let shared = SharedInfo(info)
            table[info] = shared
            return shared
        }
    }
}
