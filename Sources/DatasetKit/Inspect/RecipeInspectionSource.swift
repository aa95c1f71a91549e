/// The pairs of a recipe's source, in the sizes and colours of their files.
package struct RecipeInspectionSource: InspectionSource {
    package let name: String
    package let items: [InspectionItem]
    package let losses: [DatasetError]
    private let pairs: [SourcePair]
    private let decoder: PairDecoder
    private let policies: Sides<PixelPolicy>

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
        let listing = try SourceListing(recipe, folder: folder ?? recipe.sourceFolder)
        let scan = SourceScan(listing, recipe: recipe, jobs: jobs, progress: progress)
        var original = recipe
        original.resize = nil
        for side in PairSide.allCases {
            original.pixels[side].color = .keep
            original.pixels[side].depth = .keep
        }
        name = recipe.name
        pairs = scan.pairs
        losses = scan.faults.map(\.error)
        items = scan.pairs.map { pair in
            InspectionItem(
                key: pair.key,
                split: pair.split,
                group: pair.group,
                paths: pair.files.all.map { SourceScan.path(of: $0, in: scan.folder) }
            )
        }
        decoder = PairDecoder(recipe: original, folder: scan.folder)
        policies = original.pixels
    }

    package func pair(at index: Int) throws(DatasetError) -> ImagePair {
        do throws(PairFault) {
            return try decoder.decode(pairs[index]).pair
        } catch {
            throw error.error
        }
    }

    package func displayedPair(at index: Int) throws(DatasetError) -> ImagePair {
        let pair = try pair(at: index)
        return ImagePair(
            input: try displayed(pair.input, .input, of: pairs[index]),
            target: try displayed(pair.target, .target, of: pairs[index])
        )
    }

    private func displayed(
        _ image: Image,
        _ side: PairSide,
        of pair: SourcePair
    ) throws(DatasetError) -> Image {
        let file = pair.files[side]
        let form = try PixelConversion(policies[side], file.info, path: file.path).form
        return DatasetIndex.Side(
            size: image.size,
            channels: form.channels,
            dtype: form.sampleType,
            colors: form.colors,
            hasAlpha: form.hasAlpha
        ).displayed(image)
    }

    /// The recipe that a bare folder of images most likely wants, for images of any size and kind:
    /// two folders per split, two folders, or side by side with the splits it has folders for.
    ///
    /// - Throws: ``DatasetError`` if the folder cannot be read.
    package static func guessedRecipe(forFolder folder: String) throws(DatasetError) -> Recipe {
        let entries = try FileSystem.entries(of: folder)
        let folders = entries.filter { $0.kind == .folder }.map(\.name)
        var source: [String: JSONValue] = ["path": .string(folder)]
        var split = "none"
        let endings = [
            ("A", "B"), ("_label", "_img"), ("_label", "_picture"), ("_input", "_target"),
        ]
        let pairs = [("A", "B"), ("input", "target"), ("inputs", "targets"), ("label", "image")]
        if let found = endings.first(where: {
            folders.contains("train\($0.0)") && folders.contains("train\($0.1)")
        }) {
            source["layout"] = .string("folders")
            source["inputs"] = .string("{split}\(found.0)")
            source["targets"] = .string("{split}\(found.1)")
            split = "folders"
        } else if let found = pairs.first(where: {
            folders.contains($0.0) && folders.contains($0.1)
        }) {
            source["layout"] = .string("folders")
            source["inputs"] = .string(found.0)
            source["targets"] = .string(found.1)
        } else if folders.contains(DatasetSplit.train.rawValue) {
            split = "folders"
        }
        let name = FileSystem.name(of: FileSystem.normalized(folder))
        return try Recipe(
            .object([
                "name": .string(name == "." || name == ".." ? "images" : name),
                "source": .object(source),
                "split": .object(["from": .string(split)]),
                "resize": .object(["width": .integer(256), "height": .integer(256)]),
                "color": .string(ColorPolicy.rgb.rawValue),
                "depth": .integer(8),
                "alpha": .string("drop"),
                "pages": .string(PagesPolicy.first.rawValue),
            ]),
            file: "recipe.json"
        )
    }
}
