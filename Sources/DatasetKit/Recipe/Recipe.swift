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
    public var resize: Sides<ResizePlan>?
    /// What becomes of pixels that are not plain 8-bit grey or RGB.
    public var pixels: Sides<PixelPolicy>
    /// The most pixels a file may claim.
    public var maxPixels: Int
    /// How shards are cut.
    public var shards: ShardOptions
    /// The `augment` list as written: `Augment` reads its operations.
    package var augment: [JSONValue]
    /// The training's options.
    public let train: TrainOptions
    /// The `train` section as written: what it does not name is left to defaults and flags.
    let trainSection: [String: JSONValue]
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
        split = try Split(reader.object("split"), source: self.source)
        pixels = try PixelPolicy.sides(&reader)
        try Self.checkHalves(self.source, pixels, reader)
        let palettes = pixels.map(\.palette)
        resize = try reader.object("resize").map { (object) throws(DatasetError) in
            try ResizePlan.sides(object, palettes: palettes)
        }
        maxPixels =
            try reader.integer("maxPixels", in: 1...(1 << 40)) ?? ImageCodec.defaultPixelLimit
        shards = try ShardOptions(reader.object("shards"))
        augment = try reader.array("augment") ?? []
        let training = reader.value("train") ?? .object([:])
        train = try TrainOptions(JSONObjectReader(training, file: file, path: "train"))
        var members: [String: JSONValue] =
            if case .object(let members) = training { members } else { [:] }
        // From the root: the recipe is copied into datasets and runs.
        if let path = train.perceptualWeights {
            let resolved = FileSystem.resolve(path, relativeToFolderOf: file)
            members["perceptualWeights"] = .string(FileSystem.absolute(resolved))
        }
        trainSection = members
        try reader.finish()
    }

    /// Refuses policies that differ between two halves of one file.
    private static func checkHalves(
        _ source: Source,
        _ pixels: Sides<PixelPolicy>,
        _ reader: JSONObjectReader
    ) throws(DatasetError) {
        let (input, target) = (pixels.input, pixels.target)
        guard source.layout == .sideBySide else { return }
        for (key, agrees) in [
            ("palette", input.palette == target.palette), ("icc", input.icc == target.icc),
            ("pages", input.pages == target.pages),
        ] where !agrees {
            throw reader.error(key, "two halves of one file cannot differ in it")
        }
    }

    /// The resolved recipe, every default written out.
    package var json: JSONValue {
        var members: [String: JSONValue] = [
            "name": .string(name), "source": source.json, "split": split.json,
            "maxPixels": .integer(maxPixels), "shards": shards.json,
            "augment": .array(augment), "train": .object(trainSection),
        ]
        members.merge(PixelPolicy.json(pixels)) { $1 }
        members["resize"] = resize.map(ResizePlan.json)
        return .object(members)
    }

    /// The folder with the images: absolute, or relative to the working directory.
    package var sourceFolder: String {
        FileSystem.resolve(source.path, relativeToFolderOf: file)
    }

    /// A file that the recipe names: beside the recipe, or in the folder with the images.
    ///
    /// - Throws: ``DatasetError`` with code `notFound` naming both places.
    func file(named name: String, in folder: String) throws(DatasetError) -> String {
        let places = [FileSystem.resolve(name, relativeToFolderOf: file), "\(folder)/\(name)"]
        for place in places where FileSystem.kind(of: place) == .file { return place }
        throw DatasetError(
            .notFound,
            "expected the file \(name) beside the recipe or in \(folder), found none",
            path: file
        )
    }
}
