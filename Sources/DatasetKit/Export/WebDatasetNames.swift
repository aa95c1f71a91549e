/// What samples are called in the tar files of WebDataset.
///
/// A reader takes what stands before the first dot of a file's name (folders before it aside) for
/// the sample's name, and what follows for the name of a field
/// (https://github.com/webdataset/webdataset, `base_plus_ext`). So the pair `a/b` is `a/b.input.png`,
/// `a/b.json` and `a/b.target.png`, and a dot in the last part of a pair's name becomes `_`; the name
/// itself stays in the `json` field. Two pairs that would get the same name are refused, and so are
/// folders such as `__x__`, which readers skip.
struct WebDatasetNames: Sendable {
    /// The names that got a `_`, and the pairs that have them.
    private var replaced: [DatasetSplit: [String: String]] = [:]

    /// Looks for the names that have to change.
    ///
    /// - Throws: ``DatasetError`` with code `unsupported` where two of those would be the same.
    init(_ selection: PairSelection) throws(DatasetError) {
        for pair in selection.pairs {
            let key = try selection.key(of: pair)
            let name = Self.name(of: key)
            guard name != key else { continue }
            if let other = replaced[pair.split]?[name] { throw Self.clash(name, key, other) }
            replaced[pair.split, default: [:]][name] = key
        }
    }

    /// The sample's name of a pair.
    static func name(of key: String) -> String {
        guard key.utf8.contains(UInt8(ascii: ".")) else { return key }
        let start = key.lastIndex(of: "/").map(key.index(after:)) ?? key.startIndex
        return String(key[..<start]) + key[start...].replacing(".", with: "_")
    }

    /// Checks that no other pair has the sample's name of this one.
    ///
    /// - Throws: ``DatasetError`` with code `unsupported`.
    func check(_ key: String, in split: DatasetSplit) throws(DatasetError) {
        let first = key.split(separator: "/").first ?? ""
        guard !(first.hasPrefix("__") && first.hasSuffix("__") && first.count < key.count) else {
            throw DatasetError(
                .unsupported,
                "readers of WebDataset skip folders such as \(first), as in the pair \(key); rename "
                    + "its source and build again"
            )
        }
        if let other = replaced[split]?[key], other != key { throw Self.clash(key, key, other) }
    }

    private static func clash(_ name: String, _ first: String, _ second: String) -> DatasetError {
        DatasetError(
            .unsupported,
            "the pairs \(first) and \(second) would both be the sample \(name), as its name ends at "
                + "the first dot; export them one by one with --keys"
        )
    }
}
