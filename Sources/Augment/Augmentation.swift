public import DatasetKit

/// The operations of a recipe's `augment` list, ready for images of one size.
///
/// What happens to a pair is a pure function of (seed, epoch, sample): the same on any number of
/// threads, in any batch, on every machine.
public struct Augmentation: Sendable {
    /// The size of the pairs in the dataset.
    public let imageSize: ImageSize
    /// The size of the pairs afterwards.
    public let outputSize: ImageSize
    /// Scales the images before everything else, where another output size was asked for.
    private var rescaling: Rescaling?
    private let steps: [Step]

    private struct Step: Sendable {
        var operation: any GeometricOperation
        var probability: Double?
        /// The size of the images it is given.
        var inputSize: ImageSize
    }

    /// Reads a recipe's operations.
    ///
    /// - Parameters:
    ///   - recipe: The recipe.
    ///   - imageSize: The size of the dataset's images.
    ///   - outputSize: The size to train at; `nil` takes what the operations give. With another
    ///     size, images and operations are scaled so that the same part of each picture is seen at
    ///     another resolution: 286 cropped to 256 becomes, for 128, 143 cropped to 128.
    /// - Throws: ``DatasetError`` with code `invalidRecipe`, naming the JSON path.
    public init(
        _ recipe: Recipe,
        imageSize: ImageSize,
        outputSize: ImageSize? = nil
    ) throws(DatasetError) {
        self.imageSize = imageSize
        var entries: [Entry] = []
        for (position, value) in recipe.augment.enumerated() {
            entries.append(try Entry(value, file: recipe.file, path: "augment[\(position)]"))
        }
        let natural = try Self.steps(entries, from: imageSize)
        guard let outputSize, outputSize != natural.outputSize else {
            (steps, self.outputSize, rescaling) = (natural.steps, natural.outputSize, nil)
            return
        }
        let scale = ImageScale(from: natural.outputSize, to: outputSize)
        let start = scale.applied(to: imageSize)
        for index in entries.indices {
            entries[index].operation = entries[index].operation.scaled(by: scale)
        }
        let scaled = try Self.steps(entries, from: start)
        guard scaled.outputSize == outputSize else {
            throw DatasetError(
                .invalidRecipe,
                "augment: the operations give \(scaled.outputSize) where \(outputSize) was asked for; "
                    + "build the dataset at another size, or ask for \(natural.outputSize)",
                path: recipe.file
            )
        }
        (steps, self.outputSize) = (scaled.steps, scaled.outputSize)
        rescaling = Rescaling(
            size: start,
            filters: recipe.resize?.map(\.filter) ?? Sides(both: .bicubic),
            resampler: recipe.resize?.input.resampler ?? .pillow13
        )
    }

    /// Reads a recipe's operations for the pairs of a dataset.
    ///
    /// - Parameters:
    ///   - recipe: The recipe.
    ///   - dataset: What the pairs look like.
    ///   - outputSize: As above. Label numbers are scaled by picking the nearest, whatever the recipe.
    /// - Throws: ``DatasetError`` with code `unsupported` where inputs and targets have different
    ///   sizes: no operation could treat them alike; else as above.
    public init(
        _ recipe: Recipe,
        for dataset: DatasetIndex,
        outputSize: ImageSize? = nil
    ) throws(DatasetError) {
        guard dataset.input.size == dataset.target.size else {
            throw DatasetError(
                .unsupported,
                "expected inputs and targets of one size to treat alike, found inputs of "
                    + "\(dataset.input.size) and targets of \(dataset.target.size); build the dataset "
                    + "with one \"resize\" for both",
                path: recipe.file
            )
        }
        try self.init(recipe, imageSize: dataset.input.size, outputSize: outputSize)
        if dataset.input.colors == .indices { rescaling?.filters.input = .nearest }
        if dataset.target.colors == .indices { rescaling?.filters.target = .nearest }
    }

    /// Draws what happens to one pair.
    ///
    /// - Parameters:
    ///   - seed: The run's seed.
    ///   - epoch: The epoch, from 1.
    ///   - sample: The pair's number in its split, from 0.
    /// - Returns: What to apply to both images.
    public func draw(seed: UInt64, epoch: Int, sample: Int) -> PairTransform {
        var transforms: [any GeometricTransform] = []
        for (position, step) in steps.enumerated() {
            var generator = Philox(
                seed: seed,
                stream: .augment,
                position: position,
                epoch: epoch,
                sample: sample
            )
            if let probability = step.probability, !generator.nextBool(p: probability) { continue }
            transforms.append(step.operation.draw(for: step.inputSize, using: &generator))
        }
        return PairTransform(rescaling: rescaling, transforms: transforms)
    }

    /// What happens to a pair where nothing may be random: sizes as in training, the middle of
    /// each crop, no flips.
    public var evaluation: PairTransform {
        PairTransform(
            rescaling: rescaling,
            transforms: steps.compactMap { $0.operation.evaluation(for: $0.inputSize) }
        )
    }

    private static func steps(
        _ entries: [Entry],
        from imageSize: ImageSize
    ) throws(DatasetError) -> (steps: [Step], outputSize: ImageSize) {
        var size = imageSize
        var steps: [Step] = []
        for entry in entries {
            steps.append(
                Step(operation: entry.operation, probability: entry.probability, inputSize: size)
            )
            do throws(ImpossibleOperation) {
                size = try entry.operation.outputSize(for: size)
            } catch {
                throw DatasetError(
                    .invalidRecipe,
                    "\(entry.path).\(error.key): \(error.message)",
                    path: entry.file
                )
            }
        }
        return (steps, size)
    }
}

/// One object of the `augment` list.
private struct Entry {
    var operation: any GeometricOperation
    var probability: Double?
    var file: String
    var path: String

    /// The operations by name, and how each is read.
    private static let readers:
        [String: @Sendable (inout JSONObjectReader) throws(DatasetError) -> any GeometricOperation] =
            [
                Crop.name: { (reader) throws(DatasetError) in try Crop(&reader) },
                FlipHorizontal.name: { (reader) throws(DatasetError) in FlipHorizontal() },
            ]

    init(_ value: JSONValue, file: String, path: String) throws(DatasetError) {
        self.file = file
        self.path = path
        var reader = try JSONObjectReader(value, file: file, path: path)
        let name = try reader.string("op")
        guard let name, let read = Self.readers[name] else {
            let names = Self.readers.keys.sorted().map { "\"\($0)\"" }.joined(separator: ", ")
            let found = name.map { "\"\($0)\"" } ?? "none"
            throw reader.error("op", "expected one of \(names), found \(found)")
        }
        operation = try read(&reader)
        if let defaultProbability = type(of: operation).defaultProbability {
            probability = try reader.number("p", in: 0...1) ?? defaultProbability
        }
        try reader.finish()
    }
}
