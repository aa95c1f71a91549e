import FoundationEssentials

/// The folder a dataset is built into: it changes in one step, from what was there to the whole new
/// dataset, or not at all.
struct OutputFolder {
    private let path: String
    private let partialPath: String
    private let overwrite: Bool

    /// Looks at what stands at the path.
    ///
    /// - Throws: ``DatasetError`` with code `exists` if it is something that must not be lost.
    init(_ path: String, overwrite: Bool) throws(DatasetError) {
        self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        partialPath = "\(self.path).partial"
        self.overwrite = overwrite
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

    /// The index of the dataset that is already there, if it is the one to be built.
    ///
    /// - Throws: ``DatasetError`` with code `exists` if it is another one and must not be replaced.
    func existing(with fingerprint: String) throws(DatasetError) -> DatasetIndex? {
        guard FileSystem.kind(of: "\(path)/\(DatasetIndex.fileName)") == .file else { return nil }
        let dataset: Dataset
        do throws(DatasetError) {
            dataset = try Dataset(folder: path)
        } catch {
            // A damaged dataset: what is left of it may be replaced by the one it was.
            if overwrite { return nil }
            throw DatasetError(
                .exists,
                "it holds a dataset that cannot be used (\(error)); give --overwrite to replace it",
                path: path
            )
        }
        if dataset.index.fingerprint == fingerprint { return dataset.index }
        guard overwrite else {
            throw DatasetError(
                .exists,
                "it holds another dataset (\(dataset.index.name), fingerprint "
                    + "\(dataset.index.fingerprint.prefix(12))…, this one is \(fingerprint.prefix(12))…);"
                    + " give another --out, or --overwrite to replace it",
                path: path
            )
        }
        return nil
    }

    /// Makes the folder to write into, empty.
    ///
    /// - Returns: Its path.
    /// - Throws: ``DatasetError`` with code `io`.
    func begin() throws(DatasetError) -> String {
        try FileSystem.remove(partialPath)
        try FileSystem.makeFolder(partialPath)
        return partialPath
    }

    /// Removes what was written so far.
    func abandon() {
        // Whatever cannot be removed is replaced by the next build.
        try? FileSystem.remove(partialPath)
    }

    /// Gives the written folder its name, and removes the dataset that had it.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    func commit() throws(DatasetError) {
        guard FileSystem.kind(of: path) != nil else {
            return try FileSystem.rename(partialPath, to: path)
        }
        let replacedPath = "\(path).replaced"
        try FileSystem.remove(replacedPath)
        try FileSystem.rename(path, to: replacedPath)
        do throws(DatasetError) {
            try FileSystem.rename(partialPath, to: path)
        } catch {
            try FileSystem.rename(replacedPath, to: path)
            throw error
        }
        try FileSystem.remove(replacedPath)
    }
}
