/// The pairs of a recipe's source, in the sizes and colours of their files.
package struct RecipeInspectionSource: InspectionSource {
    package let name: String
    package let items: [InspectionItem]
    package let losses: [DatasetError]
    private let pairs: [SourcePair]
    private let decoder: PairDecoder

    /// Looks for the pairs of a recipe.
    ///
    /// - Parameters:
    ///   - recipe: What to look for.
    ///   - folder: The folder with the images, in place of the recipe's.
    ///   - jobs: Threads to use.
    ///   - progress: Called after each file with how many are done, and of how many.
    /// - Throws: ``DatasetError``: `notFound` (no such folder) or `empty` (no images).
    package init(
        _ recipe: Recipe,
        folder: String? = nil,
        jobs: Int,
        progress: @Sendable (Int, Int) -> Void
    ) throws(DatasetError) {
        let scan = try SourceScan(
            recipe,
            folder: folder ?? recipe.sourceFolder,
            jobs: jobs,
            progress: progress
        )
        var original = recipe
        original.resize = nil
        original.color = .keep
        name = recipe.name
        pairs = scan.pairs
        losses = scan.faults
        items = scan.pairs.map { InspectionItem(key: $0.key, split: $0.split, paths: [$0.path]) }
        decoder = PairDecoder(recipe: original, pixelLimit: ImageCodec.defaultPixelLimit)
    }

    package func pair(at index: Int) throws(DatasetError) -> ImagePair {
        var counts = ConversionCounts()
        return try decoder.decode(pairs[index], counting: &counts)
    }

    /// The recipe that a bare folder of images most likely wants: side by side, with the splits
    /// that it has folders for, images of any size and kind.
    ///
    /// - Throws: ``DatasetError`` if the folder cannot be read.
    package static func guessedRecipe(forFolder folder: String) throws(DatasetError) -> Recipe {
        let names = try FileSystem.names(in: folder)
        let hasSplits = names.contains {
            $0 == DatasetSplit.train.rawValue && FileSystem.kind(of: "\(folder)/\($0)") == .folder
        }
        let name = FileSystem.name(of: FileSystem.normalized(folder))
        return try Recipe(
            .object([
                "name": .string(name == "." || name == ".." ? "images" : name),
                "source": .object(["path": .string(folder)]),
                "split": .object(["from": .string(hasSplits ? "folders" : "none")]),
                "resize": .object(["width": .integer(256), "height": .integer(256)]),
                "color": .string(ColorPolicy.rgb.rawValue),
            ]),
            file: "recipe.json"
        )
    }
}
