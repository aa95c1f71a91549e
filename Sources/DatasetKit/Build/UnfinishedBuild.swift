import FoundationEssentials

/// The folder a dataset is built in, `<out>.partial`: what is finished in it survives an interruption.
///
/// Beside the finished shards it holds `.build/`: whose build it is (`fingerprint`), a lock against a
/// second build, what is known of the finished shards, and which pairs were found damaged. When the
/// dataset is whole, `.build/` goes and the folder takes its name.
final class UnfinishedBuild: Sendable {
    /// What must be known of a finished shard besides its bytes, to go on as if nothing had happened.
    struct Receipt: Codable {
        /// What was done to its images.
        var conversions: [String: Int]
        /// What the decoders found odd.
        var warnings: [String]
    }

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
    /// - Returns: Whether something of this dataset may be there.
    /// - Throws: ``DatasetError`` with code `io`.
    func begin(fingerprint: String) throws(DatasetError) -> Bool {
        let file = "\(notes)/fingerprint"
        if let found = try? FileSystem.contents(of: file), found == Array(fingerprint.utf8) {
            return true
        }
        for entry in try FileSystem.entries(of: path) where entry.name != ".build" {
            try FileSystem.remove("\(path)/\(entry.name)")
        }
        for entry in try FileSystem.entries(of: notes)
        where entry.name != "lock" && entry.name != Self.damageFile {
            try FileSystem.remove("\(notes)/\(entry.name)")
        }
        try FileSystem.writeAtomically(fingerprint.utf8, to: file)
        return false
    }

    /// Notes that a shard is finished.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    func finish(_ shard: String, _ receipt: Receipt) throws(DatasetError) {
        try write(receipt, to: "\(shard).json")
    }

    /// What was noted of a finished shard; `nil` if it was not finished.
    func receipt(of shard: String) -> Receipt? {
        read(Receipt.self, from: "\(shard).json")
    }

    /// The pairs that were found damaged so far.
    var damages: [Damage] {
        read([Damage].self, from: Self.damageFile) ?? []
    }

    /// Notes the pairs that were found damaged.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    func note(_ damages: [Damage]) throws(DatasetError) {
        try write(damages, to: Self.damageFile)
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

    private func write(_ value: some Encodable, to name: String) throws(DatasetError) {
        let path = "\(notes)/\(name)"
        guard let bytes = try? JSONText.canonical(value) else {
            throw DatasetError(.io, "cannot encode it", path: path)
        }
        try FileSystem.writeAtomically(bytes, to: path)
    }

    private func read<Value: Decodable>(_ type: Value.Type, from name: String) -> Value? {
        // Written whole or not at all: what cannot be read is as good as not there.
        guard let bytes = try? FileSystem.contents(of: "\(notes)/\(name)") else { return nil }
        return try? JSONDecoder().decode(type, from: Data(bytes))
    }
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
