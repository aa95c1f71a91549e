public import DatasetKit

/// The images to translate, and the names that the results get.
public struct TranslationList: Sendable {
    /// One image.
    public struct Item: Sendable {
        /// Where it is.
        public enum Place: Sendable {
            /// A file.
            case file(String)
            /// A pair of a split, by its number.
            case pair(Int)
        }

        /// The result's path below the output folder, without its ending; dropout's draws depend on it.
        public var name: String
        /// Where the image is.
        public var place: Place

        /// For messages: the file's path, or the pair's name.
        public var source: String {
            if case .file(let path) = place { path } else { name }
        }
    }

    /// The images: folders in the order of their names' bytes.
    public private(set) var items: [Item] = []
    /// Files in the folders whose names are not those of images.
    public private(set) var ignored: [String] = []
    private var folders: [String] = []

    /// Lists files and folders, with all that is below these.
    ///
    /// Hidden files are left out. A file named by itself may have any name.
    ///
    /// - Throws: ``DatasetError``: `notFound`, `io`, or `empty` for folders without images.
    public init(paths: [String]) throws(DatasetError) {
        for path in paths {
            switch FileSystem.kind(of: path) {
            case .folder?:
                folders.append(path)
                try collect(path, prefix: "", above: [])
            case .file?: items.append(Item(name: FileSystem.stem(of: path), place: .file(path)))
            case .other?:
                throw DatasetError(.io, "expected an image or a folder, found a device", path: path)
            case nil:
                throw DatasetError(
                    .notFound,
                    "expected an image or a folder, found none",
                    path: path
                )
            }
        }
        guard items.isEmpty else { return }
        throw DatasetError(
            .empty,
            "expected images (\(ImageFormat.knownExtensions.joined(separator: ", "))), found none"
                + (ignored.isEmpty ? "" : " among \(ignored.count) files"),
            path: paths.joined(separator: ", ")
        )
    }

    /// Lists the pairs of a split; results have the pairs' names.
    ///
    /// - Throws: ``DatasetError`` where a shard cannot be read, or with code `unsupported` for a name that
    ///   would lead out of the output folder.
    public init(pairsOf reader: SplitReader) throws(DatasetError) {
        for number in 0..<reader.count {
            let key = try reader.key(at: number)
            guard let path = ContainedPath(key), path.text == key else {
                throw DatasetError(
                    .unsupported,
                    "the pair named \"\(key)\" would be a file outside of the folder; rename its source "
                        + "and build the dataset again"
                )
            }
            items.append(Item(name: key, place: .pair(number)))
        }
    }

    private mutating func collect(
        _ folder: String,
        prefix: String,
        above: [String]
    ) throws(DatasetError) {
        let place = FileSystem.canonical(folder)
        // A link to a folder that it lies in has no end.
        guard !above.contains(place) else { return }
        for entry in try FileSystem.entries(of: folder) where !entry.name.hasPrefix(".") {
            let path = folder.hasSuffix("/") ? folder + entry.name : "\(folder)/\(entry.name)"
            if entry.kind == .folder {
                try collect(path, prefix: "\(prefix)\(entry.name)/", above: above + [place])
            } else if entry.kind == .file,
                ImageFormat.knownExtensions.contains(FileSystem.fileExtension(of: entry.name))
            {
                let name = prefix + FileSystem.stem(of: entry.name)
                items.append(Item(name: name, place: .file(path)))
            } else {
                ignored.append(path)
            }
        }
    }

    // MARK: - Results

    /// The path of a result below the output folder.
    func name(of item: Item, _ format: ImageFormat) -> String { "\(item.name).\(format.ending)" }

    /// Looks, before any work, whether results would overwrite anything.
    ///
    /// - Parameters:
    ///   - folder: Where results go.
    ///   - format: What is written.
    ///   - overwriting: Whether results of an earlier time may be replaced.
    /// - Throws: ``DatasetError``: `invalidRecipe` where inputs would be overwritten or two results be one
    ///   file, `exists`.
    public func check(
        output folder: String,
        _ format: ImageFormat,
        overwriting: Bool
    ) throws(DatasetError) {
        if let kind = FileSystem.kind(of: folder), kind != .folder {
            throw DatasetError(.exists, "expected a folder, found a file", path: folder)
        }
        let root = FileSystem.canonical(folder)
        for input in folders {
            let place = FileSystem.canonical(input)
            guard "\(root)/".hasPrefix("\(place)/") || "\(place)/".hasPrefix("\(root)/") else {
                continue
            }
            throw DatasetError(
                .invalidRecipe,
                "--out: expected a folder apart from the inputs' \(input), which it is, lies in or "
                    + "contains; give another one",
                path: folder
            )
        }
        try checkCollisions(folder, format)
        try checkExisting(folder, root, format, overwriting)
    }

    private func checkCollisions(
        _ folder: String,
        _ format: ImageFormat
    ) throws(DatasetError) {
        var sources: [String: String] = [:]
        var clashes: [String] = []
        for item in items {
            let path = "\(folder)/\(name(of: item, format))"
            if let other = sources.updateValue(item.source, forKey: path) {
                clashes.append("\(other) and \(item.source) would both be \(path)")
            }
        }
        guard let first = clashes.first else { return }
        throw DatasetError(
            .invalidRecipe,
            first + (clashes.count > 1 ? ", and \(clashes.count - 1) more" : "")
                + "; translate them into different folders"
        )
    }

    private func checkExisting(
        _ folder: String,
        _ root: String,
        _ format: ImageFormat,
        _ overwriting: Bool
    ) throws(DatasetError) {
        let results = items.map { "\(root)/\(name(of: $0, format))" }
        let existing = results.filter { FileSystem.kind(of: $0) != nil }
        let inputs = Set(
            items.compactMap { item -> String? in
                if case .file(let path) = item.place { FileSystem.canonical(path) } else { nil }
            }
        )
        if let input = existing.first(where: { inputs.contains(FileSystem.canonical($0)) }) {
            throw DatasetError(
                .invalidRecipe,
                "--out: this input would be overwritten; give another folder",
                path: input
            )
        }
        let record = "\(root)/\(TranslationRecord.fileName)"
        let kept = existing + (FileSystem.kind(of: record) == nil ? [] : [record])
        guard overwriting || kept.isEmpty else {
            throw DatasetError(
                .exists,
                "found \(kept.count) of the results already there, such as "
                    + "\(kept[0].dropFirst(root.utf8.count + 1)); add --overwrite, or give another --out",
                path: folder
            )
        }
    }
}
