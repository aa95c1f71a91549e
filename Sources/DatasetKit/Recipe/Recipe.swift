import FoundationEssentials

/// What to do with a dataset, from `recipes/*.json`: where the pairs are, how they become shards,
/// how they are augmented and trained on.
///
/// Unknown keys, wrong types and impossible values are errors that name the JSON path.
public struct Recipe: Equatable, Sendable {
    /// The dataset's name.
    public var name: String
    /// Where the pairs are.
    public var source: Source
    /// Which pairs belong to which split.
    public var split: Split
    /// The size of the images in the shards; `nil` keeps the images' own.
    public var resize: Resize?
    /// How many channels the images in the shards have.
    public var color: ColorPolicy
    /// How shards are cut.
    public var shards: ShardOptions
    /// The `augment` list as written: `Augment` reads its operations.
    package var augment: [JSONValue]
    /// The training's options.
    public var train: TrainOptions
    /// The recipe's file, which relative paths are relative to.
    package var file: String

    /// Reads a recipe from a file.
    ///
    /// - Throws: ``DatasetError``: `notFound`, `io`, or `invalidRecipe` with the JSON path.
    public init(path: String) throws(DatasetError) {
        let bytes = try FileSystem.contents(of: path)
        try self.init(
            JSONValue.parse(Data(bytes), path: path, code: .invalidRecipe),
            file: path
        )
    }

    /// Reads a recipe from a parsed document.
    package init(_ document: JSONValue, file: String) throws(DatasetError) {
        var reader = try JSONObjectReader(document, file: file, path: "")
        self.file = file
        _ = try reader.string("$schema")
        let stem = FileSystem.stem(of: file)
        name = try reader.string("name") ?? stem
        guard !name.isEmpty, !name.contains("/") else {
            throw reader.error("name", "expected a name without /, found \"\(name)\"")
        }
        guard let source = try reader.object("source") else {
            throw reader.error("source", "expected an object that says where the pairs are")
        }
        self.source = try Source(source)
        split = try Split(reader.object("split"))
        resize = try reader.object("resize").map { (object) throws(DatasetError) in
            try Resize(object)
        }
        color = try reader.choice("color", as: ColorPolicy.self) ?? .keep
        shards = try ShardOptions(reader.object("shards"))
        augment = try reader.array("augment") ?? []
        train = try TrainOptions(reader.object("train"))
        try reader.finish()
    }

    /// The resolved recipe, every default written out.
    package var json: JSONValue {
        var members: [String: JSONValue] = [
            "name": .string(name), "source": source.json, "split": split.json,
            "color": .string(color.rawValue), "shards": shards.json,
            "augment": .array(augment), "train": train.json,
        ]
        members["resize"] = resize?.json
        return .object(members)
    }

    /// The folder with the images: absolute, or relative to the working directory.
    package var sourceFolder: String {
        FileSystem.resolve(source.path, relativeToFolderOf: file)
    }
}

/// How many channels the images in the shards have.
public enum ColorPolicy: String, Sendable, CaseIterable {
    /// As in the files, which must agree.
    case keep
    /// One: colour becomes luma as Pillow's mode L computes it.
    case gray
    /// Three: grey is repeated.
    case rgb
}
