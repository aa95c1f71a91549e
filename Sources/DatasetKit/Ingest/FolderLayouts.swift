/// Lists side-by-side files: each is a pair.
struct SideBySideLayout {
    let recipe: Recipe
    let folder: String

    /// - Throws: ``DatasetError``: `notFound` if a split's folder is missing.
    func list() throws(DatasetError) -> PairListing {
        var listing = PairListing()
        for place in try SplitFolders(recipe, folder: folder).places(templates: ["{split}"]) {
            let files = try FolderFiles(place.paths[0], in: folder, template: .any)
            listing.ignored += files.others
            if files.paths.isEmpty, let fault = SplitFolders.emptySplit(place, in: folder) {
                listing.faults.append(fault)
            }
            for (key, paths) in files.paths {
                if paths.count > 1 {
                    listing.faults.append(.ambiguous(key, paths, in: folder))
                } else {
                    listing.pairs.append(
                        ListedPair(key: key, split: place.split, files: .sideBySide(paths[0]))
                    )
                }
            }
        }
        return listing
    }
}

/// Lists two folders, or two per split: files of the same key belong together.
struct FoldersLayout {
    let recipe: Recipe
    let folder: String

    /// - Throws: ``DatasetError``: `notFound` if a folder is missing.
    func list() throws(DatasetError) -> PairListing {
        var listing = PairListing()
        let folders = recipe.source.folders
        let templates = [folders.input, folders.target].map(FileSystem.normalized)
        for place in try SplitFolders(recipe, folder: folder).places(templates: templates) {
            let paths = place.paths.map { $0 == "." ? "" : $0 }
            // One folder may lie in the other: its files are not the other's.
            let inputs = try FolderFiles(
                paths[0],
                in: folder,
                template: recipe.source.names.input,
                skipping: [paths[1]]
            )
            let targets = try FolderFiles(
                paths[1],
                in: folder,
                template: recipe.source.names.target,
                skipping: [paths[0]]
            )
            if inputs.paths.isEmpty, targets.paths.isEmpty,
                let fault = SplitFolders.emptySplit(place, in: folder)
            {
                listing.faults.append(fault)
            }
            pair(inputs, targets, split: place.split, into: &listing)
        }
        return listing
    }

    private func pair(
        _ inputs: FolderFiles,
        _ targets: FolderFiles,
        split: DatasetSplit?,
        into listing: inout PairListing
    ) {
        // Where both sides share a folder, each side's files are none of the other's.
        let known = Set(inputs.paths.values.joined()).union(targets.paths.values.joined())
        listing.ignored += Set(inputs.others + targets.others).subtracting(known).sorted()
        for key in Set(inputs.paths.keys).union(targets.paths.keys) {
            let (input, target) = (inputs.paths[key] ?? [], targets.paths[key] ?? [])
            if input.count > 1 || target.count > 1 {
                listing.faults.append(
                    .ambiguous(
                        key,
                        (input.count > 1 ? input : []) + (target.count > 1 ? target : []),
                        in: folder
                    )
                )
            } else if let input = input.first, let target = target.first {
                listing.pairs.append(
                    ListedPair(
                        key: key,
                        split: split,
                        files: .separate(input: input, target: target)
                    )
                )
            } else if let path = input.first ?? target.first {
                listing.faults.append(lone(path, key: key, isInput: !input.isEmpty, split: split))
            }
        }
    }

    /// A file without its partner.
    private func lone(
        _ path: String,
        key: String,
        isInput: Bool,
        split: DatasetSplit?
    ) -> PairFault {
        let other: PairSide = isInput ? .target : .input
        let place = SplitFolders.name(recipe.source.folders[other], split, recipe)
        let name = recipe.source.names[other].text.replacing("{key}", with: key)
        return PairFault(
            isInput ? .inputOnly : .targetOnly,
            .mismatch,
            "expected its \(other.rawValue) \(name) in \(folder)/\(place), found none; add it, or "
                + "say how the names differ with \"inputName\" and \"targetName\"",
            path: "\(folder)/\(path)"
        )
    }
}

/// The folders of the splits.
struct SplitFolders {
    /// A split and its folders, relative to the source's folder; no split where it is told later.
    struct Place {
        var split: DatasetSplit?
        var paths: [String]
    }

    private let recipe: Recipe
    private let folder: String

    init(_ recipe: Recipe, folder: String) {
        self.recipe = recipe
        self.folder = folder
    }

    /// A folder's name for one split.
    static func name(_ template: String, _ split: DatasetSplit?, _ recipe: Recipe) -> String {
        guard let split, let name = recipe.split.names[split] else { return template }
        return template.replacing("{split}", with: name)
    }

    /// The folders that exist, by split.
    ///
    /// - Parameter templates: Folder names in which `{split}` is the split's name.
    /// - Returns: One place per split, or one for everything.
    /// - Throws: ``DatasetError`` with code `notFound` if `train`, a split that the recipe names, or
    ///   one of a split's folders is missing.
    func places(templates: [String]) throws(DatasetError) -> [Place] {
        guard recipe.split.from == .folders else {
            let paths = templates.map { $0 == "{split}" ? "" : $0 }
            for path in paths where FileSystem.kind(of: "\(folder)/\(path)") != .folder {
                throw missing("\(folder)/\(path)", what: "a folder of images")
            }
            return [Place(split: nil, paths: paths)]
        }
        var places: [Place] = []
        for split in DatasetSplit.allCases {
            let paths = templates.map { Self.name($0, split, recipe) }
            let absent = paths.first { FileSystem.kind(of: "\(folder)/\($0)") != .folder }
            guard let absent else {
                places.append(Place(split: split, paths: paths))
                continue
            }
            let isOptional = split != .train && !recipe.split.required.contains(split)
            let isWhollyAbsent = paths.allSatisfy {
                FileSystem.kind(of: "\(folder)/\($0)") != .folder
            }
            if isOptional, isWhollyAbsent { continue }
            throw missing("\(folder)/\(absent)", what: "a folder for the split \(split.rawValue)")
        }
        return places
    }

    /// A split whose folder holds files, none of them named as the recipe says.
    static func emptySplit(_ place: Place, in folder: String) -> PairFault? {
        let path = "\(folder)/\(place.paths[0])"
        guard let split = place.split,
            let entries = try? FileSystem.entries(of: path), !entries.isEmpty
        else { return nil }
        return PairFault(
            .unassigned,
            .empty,
            "expected pairs for the split \(split.rawValue), found \(entries.count) files of which none "
                + "is an image that the recipe names; correct \"inputName\" and \"targetName\" (they "
                + "may be lists), or remove the folder",
            path: path
        )
    }

    private func missing(_ path: String, what: String) -> DatasetError {
        let folders = (try? FileSystem.entries(of: folder))?.filter { $0.kind == .folder } ?? []
        let found = folders.isEmpty ? "no folders" : folders.map(\.name).joined(separator: ", ")
        let remedy =
            recipe.split.from == .folders
            ? "name it in the recipe's \"split\", or use \"split\": {\"from\": \"none\"} for images "
                + "that lie in one folder"
            : "correct the recipe's \"source\""
        return DatasetError(
            .notFound,
            "expected \(what), found \(found) in \(folder); \(remedy)",
            path: path
        )
    }
}

extension PairFault {
    /// Several files of one key.
    static func ambiguous(_ key: String, _ paths: [String], in folder: String) -> PairFault {
        let paths = paths.sorted { $0.precedesInBytes($1) }
        return PairFault(
            .ambiguous,
            .mismatch,
            "\(paths.joined(separator: " and ")) are all named \(key); keep one of them",
            path: "\(folder)/\(paths[0])"
        )
    }
}
