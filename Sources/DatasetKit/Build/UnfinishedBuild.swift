import FoundationEssentials

/// The folder a dataset is built in, `<out>.partial`: what is finished in it survives an interruption.
///
/// Beside the finished shards it holds `.build/`: whose build it is (`fingerprint`), a lock against a
/// second build, what is known of the finished shards, and which pairs were found damaged. When the
/// dataset is whole, `.build/` goes and the folder takes its name.
final class UnfinishedBuild: Sendable {
    /// A pair that was found damaged: it is not looked at again while its file is the same.
    struct Damage: Codable {
        var path: String
        var sha256: [String]
        var kind: String
        var code: String
        var message: String
    }

    /// The folder.
    let path: String
    private let notes: String
    private let lock: LockedFile

    /// Takes the folder for this process, made if there is none.
    ///
    /// - Throws: ``DatasetError`` with code `exists` while another build writes to it, or `io`.
    init(path: String) throws(DatasetError) {
        self.path = path
        notes = "\(path)/.build"
        try FileSystem.makeFolder(notes)
        guard let lock = try LockedFile(path: "\(notes)/lock") else {
            throw DatasetError(
                .exists,
                "another build is writing to it; wait until it ends, or give another --out",
                path: path
            )
        }
        self.lock = lock
    }

    /// Makes the folder that of the dataset with a fingerprint; what is of another one is removed.
    ///
    /// - Returns: What is finished of it.
    /// - Throws: ``DatasetError`` with code `io`.
    func begin(fingerprint: String) throws(DatasetError) -> ShardReceipts {
        let file = "\(notes)/fingerprint"
        let receipts = "\(notes)/shards.jsonl"
        if let found = try? FileSystem.contents(of: file), found == Array(fingerprint.utf8) {
            return try ShardReceipts(path: receipts)
        }
        for entry in try FileSystem.entries(of: path) where entry.name != ".build" {
            try FileSystem.remove("\(path)/\(entry.name)")
        }
        for entry in try FileSystem.entries(of: notes)
        where entry.name != "lock" && entry.name != Self.damageFile {
            try FileSystem.remove("\(notes)/\(entry.name)")
        }
        try FileSystem.writeAtomically(fingerprint.utf8, to: file)
        return try ShardReceipts(path: receipts)
    }

    /// The pairs that were found damaged so far.
    var damages: [Damage] {
        // Written whole or not at all: what cannot be read is as good as not there.
        guard let bytes = try? FileSystem.contents(of: "\(notes)/\(Self.damageFile)") else {
            return []
        }
        return (try? JSONDecoder().decode([Damage].self, from: Data(bytes))) ?? []
    }

    /// Notes the pairs that were found damaged.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    func note(_ damages: [Damage]) throws(DatasetError) {
        let path = "\(notes)/\(Self.damageFile)"
        guard let bytes = try? JSONText.canonical(damages) else {
            throw DatasetError(.io, "cannot encode it", path: path)
        }
        try FileSystem.writeAtomically(bytes, to: path)
    }

    /// Removes the folder's own files, which are no part of a dataset.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    func removeNotes() throws(DatasetError) {
        try FileSystem.remove(notes)
    }

    /// Removes the folder with everything in it.
    func abandon() {
        // Whatever cannot be removed is taken over by the next build.
        try? FileSystem.remove(path)
    }

    private static let damageFile = "damaged.json"
}

extension UnfinishedBuild.Damage {
    init(_ fault: PairFault, of pair: SourcePair) {
        path = fault.error.path ?? ""
        sha256 = pair.files.all.map(\.sha256.hexadecimal)
        kind = fault.kind.rawValue
        code = fault.error.code.rawValue
        message = fault.error.message
    }

    /// The fault again; `nil` if another version wrote it.
    var fault: PairFault? {
        guard let kind = PairFault.Kind(rawValue: kind),
            let code = DatasetError.Code(rawValue: code)
        else { return nil }
        return PairFault(kind, DatasetError(code, message, path: path))
    }
}

extension SourceScan {
    /// Sets aside pairs that an interrupted build found damaged, as long as their files are the same.
    mutating func remove(damaged: [UnfinishedBuild.Damage]) {
        var known: [[String]: PairFault] = [:]
        for damage in damaged { known[damage.sha256] = damage.fault }
        guard !known.isEmpty else { return }
        var found: [(pair: Int, fault: PairFault)] = []
        for (number, pair) in pairs.enumerated() {
            if let fault = known[pair.files.all.map(\.sha256.hexadecimal)] {
                found.append((number, fault))
            }
        }
        remove(found)
    }
}
