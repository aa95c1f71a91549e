/// The folder a dataset is built into: it changes in one step, from what was there to the whole new
/// dataset, or not at all.
struct OutputFolder {
    /// Where the dataset will be.
    let path: String
    /// Where it is built.
    let partialPath: String
    /// Where a dataset waits, for a moment, until its successor has its name.
    private let replacedPath: String
    private let overwrite: Bool

    /// Looks at what stands at the path.
    ///
    /// - Throws: ``DatasetError`` with code `exists` if it is something that must not be lost.
    init(_ path: String, overwrite: Bool) throws(DatasetError) {
        self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        partialPath = "\(self.path).partial"
        replacedPath = "\(self.path).replaced"
        self.overwrite = overwrite
        if FileSystem.kind(of: self.path) == nil, FileSystem.kind(of: replacedPath) == .folder {
            // A build was interrupted between the two names.
            try FileSystem.rename(replacedPath, to: self.path)
        }
        switch FileSystem.kind(of: self.path) {
        case nil: break
        case .folder?:
            let names = try FileSystem.names(in: self.path)
            guard names.isEmpty || names.contains(DatasetIndex.fileName) else {
                throw DatasetError(
                    .exists,
                    "expected a new folder, an empty one or a dataset, found \(names.count) other "
                        + "files in it; give another --out",
                    path: self.path
                )
            }
        case .file?, .other?:
            throw DatasetError(
                .exists,
                "expected a folder, found a file; give another --out",
                path: path
            )
        }
    }

    /// The index of the dataset that is already there; `nil` if there is none, or a damaged one that
    /// may be replaced.
    ///
    /// - Throws: ``DatasetError`` with code `exists` if a damaged one must not be replaced.
    func existing() throws(DatasetError) -> DatasetIndex? {
        guard FileSystem.kind(of: "\(path)/\(DatasetIndex.fileName)") == .file else { return nil }
        do throws(DatasetError) {
            return try Dataset(folder: path).index
        } catch {
            if overwrite { return nil }
            throw DatasetError(
                .exists,
                "it holds a dataset that cannot be used (\(error)); give --overwrite to replace it",
                path: path
            )
        }
    }

    /// Asks whether the dataset that is there may be replaced.
    ///
    /// - Parameters:
    ///   - index: The index of the dataset that is there.
    ///   - changes: What makes the new one another dataset.
    /// - Throws: ``DatasetError`` with code `exists` without `--overwrite`.
    func checkReplacing(_ index: DatasetIndex, changes: [String]) throws(DatasetError) {
        guard !overwrite else { return }
        let reasons = changes.isEmpty ? "its fingerprint differs" : changes.joined(separator: "; ")
        throw DatasetError(
            .exists,
            "it holds another dataset, \(index.name): \(reasons). Give another --out, or --overwrite to "
                + "replace it",
            path: path
        )
    }

    /// Gives the finished folder its name, and removes the dataset that had it.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    func commit() throws(DatasetError) {
        if FileSystem.kind(of: path) != nil {
            try FileSystem.remove(replacedPath)
            try FileSystem.rename(path, to: replacedPath)
        }
        try FileSystem.rename(partialPath, to: path)
        try FileSystem.remove(replacedPath)
    }
}
