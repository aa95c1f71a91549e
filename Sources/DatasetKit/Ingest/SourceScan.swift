import Synchronization

/// Everything found in a source: the pairs, and what is wrong with the rest.
package struct SourceScan: Sendable {
    /// The source's folder.
    package let folder: String
    /// The sound pairs, by split, then by the UTF-8 bytes of their keys.
    package private(set) var pairs: [SourcePair]
    /// One fault for each pair or file that cannot be used.
    package private(set) var faults: [PairFault]

    /// Looks at every file of a listing: its header and its hash.
    ///
    /// - Parameters:
    ///   - listing: The pairs to look at.
    ///   - recipe: What is asked of them.
    ///   - jobs: Threads to use.
    ///   - progress: Called now and then with how many pairs are done, and of how many.
    package init(
        _ listing: SourceListing,
        recipe: Recipe,
        jobs: Int,
        progress: @Sendable (Int, Int) -> Void
    ) {
        folder = listing.folder
        let listed = listing.pairs
        let chunks = (listed.count + Self.chunk - 1) / Self.chunk
        let found = Mutex<[[Result<SourcePair, PairFault>]]>(Array(repeating: [], count: chunks))
        let done = Atomic<Int>(0)
        let looker = HeaderReader(recipe: recipe, folder: folder)
        parallelLoop(count: chunks, jobs: jobs) { number in
            let range = number * Self.chunk..<min(listed.count, (number + 1) * Self.chunk)
            let results = looker.look(at: listed[range])
            found.withLock { $0[number] = results }
            progress(done.wrappingAdd(range.count, ordering: .relaxed).newValue, listed.count)
        }
        pairs = []
        pairs.reserveCapacity(listed.count)
        faults = listing.faults
        for result in found.withLock({ $0 }).joined() {
            switch result {
            case .success(let pair): pairs.append(pair)
            case .failure(let fault): faults.append(fault)
            }
        }
        removeMisfits(recipe)
    }

    /// Pairs looked at in one go: as many as hashes are computed side by side.
    private static let chunk = 16

    /// The path of a file: absolute, or relative to the working directory.
    package static func path(of file: SourceFile, in folder: String) -> String {
        path(file.path, in: folder)
    }

    static func path(_ path: String, in folder: String) -> String {
        path.hasPrefix("/") ? path : "\(folder)/\(path)"
    }

    /// Sets aside pairs that a build found to be damaged.
    ///
    /// - Parameter faults: The faults by the number of the pair.
    mutating func remove(_ faults: [(pair: Int, fault: PairFault)]) {
        let bad = Set(faults.map(\.pair))
        self.faults += faults.map(\.fault)
        pairs = pairs.enumerated().filter { !bad.contains($0.offset) }.map(\.element)
    }

    // MARK: - What does not fit

    /// All images of a side have one form and size: sets aside those that differ from most.
    private mutating func removeMisfits(_ recipe: Recipe) {
        removeSinglePictures(recipe)
        for side in PairSide.allCases {
            removeUncommon(recipe, { $0[side].form }) { found, common, count in
                "expected \(common.text) as in the \(side.rawValue) of \(count) pairs, found "
                    + "\(found.text); set \(Self.policy(for: found, common)) in the recipe"
            }
            removeUncommon(recipe, { $0[side].size }) { found, common, count in
                "expected \(common) pixels as in the \(side.rawValue) of \(count) pairs, found "
                    + "\(found); give the recipe a \"resize\" with \"width\" and \"height\""
            }
        }
    }

    private static func policy(for found: PixelForm, _ common: PixelForm) -> String {
        if found.hasAlpha != common.hasAlpha {
            return "\"alpha\" to {\"over\": \"#ffffff\"} or \"drop\""
        }
        if found.colors != common.colors { return "\"color\" to \"rgb\" or \"gray\"" }
        if found.sampleType != common.sampleType { return "\"depth\" to 8, 16 or \"float\"" }
        return "\"color\" to \"rgb\" or \"gray\""
    }

    /// Sets aside the pairs in which something is not as in the largest number of pairs.
    private mutating func removeUncommon<Value: Hashable>(
        _ recipe: Recipe,
        _ property: (PairGeometry) -> Value,
        because message: (_ found: Value, _ common: Value, _ count: Int) -> String
    ) {
        var counts: [Value: Int] = [:]
        let values = pairs.map { pair -> Value? in
            // Headers that give no geometry have become faults before.
            (try? PairGeometry(pair, recipe: recipe, folder: folder)).map(property)
        }
        for case let value? in values { counts[value, default: 0] += 1 }
        guard counts.count > 1, let most = counts.values.max(),
            // The first of the most common ones in the order of the pairs: no dictionary's order.
            let common = values.lazy.compactMap({ $0 }).first(where: { counts[$0] == most })
        else { return }
        var misfits: [(pair: Int, fault: PairFault)] = []
        for (number, value) in values.enumerated() {
            guard let value, value != common else { continue }
            misfits.append(
                (
                    number,
                    PairFault(
                        .misfit,
                        .mismatch,
                        message(value, common, most),
                        path: Self.path(of: pairs[number].files.all[0], in: folder)
                    )
                )
            )
        }
        remove(misfits)
    }

    /// A file of half the others' width is one picture, not two: cut in half it would be misread.
    private mutating func removeSinglePictures(_ recipe: Recipe) {
        guard recipe.source.layout == .sideBySide else { return }
        let halves = SideBySide(input: recipe.source.input)
        let sizes = pairs.map { halves.half(of: $0.files[.input].info.size) }
        var counts: [AspectRatio: Int] = [:]
        for size in sizes { counts[AspectRatio(size), default: 0] += 1 }
        guard let common = counts.max(by: { $0.value < $1.value }),
            common.value * 10 >= sizes.count * 9
        else { return }
        var found: [(pair: Int, fault: PairFault)] = []
        for (number, size) in sizes.enumerated() {
            let whole = pairs[number].files[.input].info.size
            guard AspectRatio(size) != common.key, AspectRatio(whole) == common.key else {
                continue
            }
            found.append(
                (
                    number,
                    PairFault(
                        .oddSeam,
                        .mismatch,
                        "expected two images side by side, found \(whole) pixels: one image of the shape "
                            + "that a half has in \(common.value) other files; join it with its partner",
                        path: Self.path(of: pairs[number].files[.input], in: folder)
                    )
                )
            )
        }
        remove(found)
    }

    /// Width to height in lowest terms.
    private struct AspectRatio: Hashable {
        var width: Int
        var height: Int

        init(_ size: ImageSize) {
            var (a, b) = (size.width, size.height)
            while b != 0 { (a, b) = (b, a % b) }
            (width, height) = (size.width / a, size.height / a)
        }
    }
}
