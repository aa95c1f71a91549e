import Synchronization

/// One pair of the source, found and looked at but not decoded.
package struct SourcePair: Sendable {
    /// The pair's name: its path in its split's folder, without the extension.
    package var key: String
    /// The split it belongs to.
    package var split: DatasetSplit
    /// The file, absolute or relative to the working directory.
    package var path: String
    /// SHA-256 of the file in hexadecimal.
    package var sha256: String
    /// What its header says.
    package var info: ImageInfo
}

/// Everything found in a source: the pairs, and what is wrong with the rest.
package struct SourceScan: Sendable {
    /// The sound pairs, by split, then by the UTF-8 bytes of their keys.
    package var pairs: [SourcePair]
    /// One error for each file that cannot be used.
    package var faults: [DatasetError]
    /// Files that are no images by their names.
    package var ignored: [String]

    /// Looks at every file of a recipe's source.
    ///
    /// - Parameters:
    ///   - recipe: What to look for.
    ///   - folder: The folder with the images.
    ///   - jobs: Threads to use.
    ///   - pixelLimit: The most pixels an image may claim.
    ///   - progress: Called after each file with how many are done, and of how many.
    /// - Throws: ``DatasetError``: `notFound` (no such folder) or `empty` (no images).
    package init(
        _ recipe: Recipe,
        folder: String,
        jobs: Int,
        pixelLimit: Int = ImageCodec.defaultPixelLimit,
        progress: @Sendable (Int, Int) -> Void
    ) throws(DatasetError) {
        let listing = try SourceListing(recipe, folder: folder)
        ignored = listing.ignored
        faults = listing.faults
        let files = listing.files
        let results = Mutex<[Int: Result<SourcePair, DatasetError>]>([:])
        parallelLoop(count: files.count, jobs: jobs) { index in
            let result = Self.look(at: files[index], recipe: recipe, pixelLimit: pixelLimit)
            let done = results.withLock { results in
                results[index] = result
                return results.count
            }
            progress(done, files.count)
        }
        pairs = []
        for (_, result) in results.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
            switch result {
            case .success(let pair): pairs.append(pair)
            case .failure(let error): faults.append(error)
            }
        }
        removeMisfits(recipe)
    }

    /// Reads one file's header and hash.
    private static func look(
        at file: SourceListing.File,
        recipe: Recipe,
        pixelLimit: Int
    ) -> Result<SourcePair, DatasetError> {
        do throws(DatasetError) {
            let bytes = try FileSystem.contents(of: file.path)
            let options = DecodingOptions(pixelLimit: pixelLimit)
            let info = try ImageCodec.probe(bytes, path: file.path, options: options)
            try SideBySide(input: recipe.source.input).check(info.size, path: file.path)
            return .success(
                SourcePair(
                    key: file.key,
                    split: file.split,
                    path: file.path,
                    sha256: unsafe bytes.withUnsafeBytes { unsafe Checksum.sha256($0) },
                    info: info
                )
            )
        } catch {
            return .failure(error)
        }
    }

    /// Moves pairs that differ from most of the others, where all must agree, to the faults.
    private mutating func removeMisfits(_ recipe: Recipe) {
        if recipe.color == .keep, let common = mostCommon(\.info.channels) {
            remove(where: { $0.info.channels != common.value }) { pair in
                "expected \(common.value) channels as in \(common.count) other images, found "
                    + "\(pair.info.channels); set \"color\": \"rgb\" or \"gray\" in the recipe"
            }
        }
        if recipe.resize == nil, let common = mostCommon(\.info.size) {
            remove(where: { $0.info.size != common.value }) { pair in
                "expected \(common.value) pixels as in \(common.count) other images, found "
                    + "\(pair.info.size); give the recipe a \"resize\""
            }
        }
    }

    private func mostCommon<Value: Hashable>(
        _ property: KeyPath<SourcePair, Value>
    ) -> (value: Value, count: Int)? {
        var counts: [Value: Int] = [:]
        var best: (value: Value, count: Int)?
        for pair in pairs {
            let value = pair[keyPath: property]
            counts[value, default: 0] += 1
        }
        // The first of the most common ones in the order of the pairs: no dictionary's order.
        for pair in pairs {
            let value = pair[keyPath: property]
            if let count = counts[value], count > best?.count ?? 0 { best = (value, count) }
        }
        return best
    }

    private mutating func remove(
        where isMisfit: (SourcePair) -> Bool,
        because message: (SourcePair) -> String
    ) {
        for pair in pairs where isMisfit(pair) {
            faults.append(DatasetError(.mismatch, message(pair), path: pair.path))
        }
        pairs.removeAll(where: isMisfit)
    }
}
