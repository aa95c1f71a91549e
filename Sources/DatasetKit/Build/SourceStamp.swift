import Crypto
import FoundationEssentials
import Synchronization

/// Whether anything a build looks at is as it was: names, sizes and times of files, recipe, options.
///
/// Nothing is opened, so that "nothing to do" is said at once.
///
/// Equal stamps mean an equal build; different ones mean that the files must be looked at.
struct SourceStamp: Equatable {
    /// The stamp's file in a dataset's folder.
    static let fileName = "sources.stamp"

    /// 64 hexadecimal digits.
    let text: String

    /// Computes the stamp of a listing; `nil` where a file of a list is missing.
    ///
    /// - Parameters:
    ///   - listing: The pairs by name.
    ///   - recipe: The recipe.
    ///   - options: The build's options that change its result.
    ///   - jobs: Threads to use.
    init?(_ listing: SourceListing, recipe: Recipe, options: String, jobs: Int) {
        let stamps = Mutex<[Int: [FileStamp]]>([:])
        let chunk = 1024
        let chunks = (listing.pairs.count + chunk - 1) / chunk
        parallelLoop(count: chunks, jobs: jobs) { number in
            let end = min(listing.pairs.count, (number + 1) * chunk)
            let files = listing.pairs[number * chunk..<end].flatMap(\.files.all)
            let found = files.compactMap {
                try? FileStamp(path: SourceScan.path($0, in: listing.folder))
            }
            stamps.withLock { $0[number] = found.count == files.count ? found : nil }
        }
        var found = stamps.withLock { $0 }
        guard found.count == chunks, let settings = try? JSONText.canonical(recipe.json) else {
            return nil
        }
        var hash = SHA256()
        hash.update(data: Data("p2p-sources 1 \(Version.current) \(options)\n".utf8))
        hash.update(data: settings)
        for fault in listing.faults { hash.update(data: Data("\n\(fault)".utf8)) }
        for number in 0..<chunks {
            let end = min(listing.pairs.count, (number + 1) * chunk)
            var files = (found.removeValue(forKey: number) ?? []).makeIterator()
            var text = ""
            for pair in listing.pairs[number * chunk..<end] {
                text += "\n\(pair.split?.rawValue ?? "")\0\(pair.key)\0\(pair.group ?? "")"
                for path in pair.files.all {
                    guard let file = files.next() else { return nil }
                    text += "\0\(path)\0\(file.size) \(file.modified) \(file.changed) \(file.inode)"
                }
            }
            hash.update(data: Data(text.utf8))
        }
        text = Checksum.hexadecimal(hash.finalize())
    }

    /// Whether a dataset's folder was built from exactly this.
    func isThat(of folder: String) -> Bool {
        let path = "\(folder)/\(Self.fileName)"
        guard let bytes = try? FileSystem.contents(of: path) else { return false }
        return bytes == Array("\(text)\n".utf8)
    }

    /// Writes the stamp into a dataset's folder.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    func write(to folder: String) throws(DatasetError) {
        try FileSystem.writeAtomically("\(text)\n".utf8, to: "\(folder)/\(Self.fileName)")
    }
}
