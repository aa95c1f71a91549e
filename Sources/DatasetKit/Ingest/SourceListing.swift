/// The pairs of a source by name, before any file is opened.
package struct SourceListing: Sendable {
    /// The source's folder.
    package let folder: String
    /// The pairs, by split, then by the UTF-8 bytes of their keys.
    package private(set) var pairs: [ListedPair]
    /// Files and rows that make no pair.
    package private(set) var faults: [PairFault]
    /// Files that no pair asks for, relative to the folder, sorted.
    package let ignored: [String]
    /// What the user should know.
    package let notes: [String]

    /// Lists a source.
    ///
    /// - Parameters:
    ///   - recipe: What to look for.
    ///   - folder: The folder with the images.
    ///   - limit: The most pairs of a split, the first ones by key; `nil` for all.
    /// - Throws: ``DatasetError``: `notFound`, `empty`, or what is wrong with a list.
    package init(_ recipe: Recipe, folder: String, limit: Int? = nil) throws(DatasetError) {
        self.folder = folder
        try Self.check(folder)
        var listing =
            switch recipe.source.layout {
            case .sideBySide: try SideBySideLayout(recipe: recipe, folder: folder).list()
            case .folders: try FoldersLayout(recipe: recipe, folder: folder).list()
            case .list: try ListLayout(recipe: recipe, folder: folder).list()
            }
        guard !listing.pairs.isEmpty || !listing.faults.isEmpty else {
            throw DatasetError(
                .empty,
                "no image in it or in the folders it should have (looked for "
                    + ImageFormat.knownExtensions.map { ".\($0)" }.joined(separator: ", ")
                    + (listing.ignored.isEmpty
                        ? ")" : "; \(listing.ignored.count) files have other names)"),
                path: folder
            )
        }
        try SplitAssignment(recipe, folder: folder).assign(&listing)
        pairs = listing.pairs.sorted(by: Self.precedes)
        if let limit { Self.cut(&pairs, to: limit) }
        faults = listing.faults.sorted {
            ($0.error.path ?? "", $0.error.message) < ($1.error.path ?? "", $1.error.message)
        }
        ignored = listing.ignored.sorted { $0.precedesInBytes($1) }
        notes = listing.notes
    }

    private static func check(_ folder: String) throws(DatasetError) {
        guard FileSystem.kind(of: folder) == .folder else {
            throw DatasetError(
                .notFound,
                "expected a folder of images, found none; correct \"path\" in the recipe or give "
                    + "--source DIR",
                path: folder
            )
        }
        guard try !FileSystem.entries(of: folder).isEmpty else {
            throw DatasetError(
                .empty,
                "expected images, found an empty folder; correct \"path\" in the recipe or give "
                    + "--source DIR",
                path: folder
            )
        }
    }

    /// By split in the order train, val, test, then by key.
    private static func precedes(_ first: ListedPair, _ second: ListedPair) -> Bool {
        let (one, other) = (first.split?.rank ?? 0, second.split?.rank ?? 0)
        return one == other
            ? first.key.precedesInBytes(second.key) : one < other
    }

    private static func cut(_ pairs: inout [ListedPair], to limit: Int) {
        var counts: [DatasetSplit: Int] = [:]
        pairs.removeAll { pair in
            guard let split = pair.split else { return true }
            counts[split, default: 0] += 1
            return counts[split, default: 0] > limit
        }
    }
}

extension DatasetSplit {
    /// The place in the order train, val, test.
    var rank: Int {
        switch self {
        case .train: 0
        case .val: 1
        case .test: 2
        }
    }
}
