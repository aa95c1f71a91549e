/// The files of a source by name, before any is opened.
struct SourceListing {
    /// One image file and the pair it will be.
    struct File: Sendable {
        var key: String
        var split: DatasetSplit
        var path: String
    }

    /// The image files, by split, then by the UTF-8 bytes of their keys.
    private(set) var files: [File] = []
    /// Files whose keys clash.
    private(set) var faults: [DatasetError] = []
    /// Files that are no images by their names.
    private(set) var ignored: [String] = []

    /// Lists a source's files.
    ///
    /// - Throws: ``DatasetError``: `notFound` or `empty`.
    init(_ recipe: Recipe, folder: String) throws(DatasetError) {
        guard FileSystem.kind(of: folder) == .folder else {
            throw DatasetError(
                .notFound,
                "expected a folder of images, found none; correct \"path\" in the recipe or give "
                    + "--source DIR",
                path: folder
            )
        }
        guard try !FileSystem.names(in: folder).isEmpty else {
            throw DatasetError(
                .empty,
                "expected images, found an empty folder; correct \"path\" in the recipe or give "
                    + "--source DIR",
                path: folder
            )
        }
        switch recipe.split.from {
        case .none: try list(folder, as: .train)
        case .folders:
            for split in DatasetSplit.allCases {
                guard let name = recipe.split.folders[split] else { continue }
                let path = "\(folder)/\(name)"
                if FileSystem.kind(of: path) == .folder {
                    try list(path, as: split)
                } else if split == .train || recipe.split.required.contains(split) {
                    let found = try FileSystem.names(in: folder)
                        .filter { FileSystem.kind(of: "\(folder)/\($0)") == .folder }
                    throw DatasetError(
                        .notFound,
                        "expected a folder for the split \(split.rawValue), found "
                            + (found.isEmpty ? "no folders" : found.joined(separator: ", "))
                            + " in \(folder); name it in the recipe's \"split\", or use "
                            + "\"split\": {\"from\": \"none\"} for images that lie in one folder",
                        path: path
                    )
                }
            }
        }
        guard !files.isEmpty else {
            throw DatasetError(
                .empty,
                "no image in it or in the folders of its splits (looked for "
                    + ImageFormat.knownExtensions.map { ".\($0)" }.joined(separator: ", ") + ")",
                path: folder
            )
        }
    }

    /// Adds one split's files, nested folders included.
    private mutating func list(_ folder: String, as split: DatasetSplit) throws(DatasetError) {
        var found: [File] = []
        try collect(folder, keyPrefix: "", split: split, into: &found)
        found.sort { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        var start = 0
        while start < found.count {
            var end = start + 1
            while end < found.count, found[end].key == found[start].key { end += 1 }
            if end - start == 1 {
                files.append(found[start])
            } else {
                let names = found[start..<end].map { FileSystem.name(of: $0.path) }
                faults.append(
                    DatasetError(
                        .mismatch,
                        "ambiguous: \(names.joined(separator: " and ")) are all named "
                            + "\(found[start].key); keep one of them",
                        path: found[start].path
                    )
                )
            }
            start = end
        }
    }

    private mutating func collect(
        _ folder: String,
        keyPrefix: String,
        split: DatasetSplit,
        into found: inout [File]
    ) throws(DatasetError) {
        for name in try FileSystem.names(in: folder) where !name.hasPrefix(".") {
            let path = "\(folder)/\(name)"
            if FileSystem.kind(of: path) == .folder {
                try collect(path, keyPrefix: "\(keyPrefix)\(name)/", split: split, into: &found)
            } else if ImageFormat.knownExtensions.contains(FileSystem.fileExtension(of: name)) {
                let key = keyPrefix + FileSystem.stem(of: name)
                found.append(File(key: key, split: split, path: path))
            } else {
                ignored.append(path)
            }
        }
    }
}
