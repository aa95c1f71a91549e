public import Augment
public import DatasetKit

/// How the images of a list are read.
public enum TranslationSource: Sendable {
    /// Files, as the model's recipe has it; at another size, by its filter.
    case files(half: Recipe.Source.Half?, size: ImageSize?)
    /// The inputs of a split, whole, as they are in the shards; at another size, by the recipe's filter.
    case pairs(SplitReader, size: ImageSize?)
    /// The inputs of a split as training sees them, but for chance: the middle of each crop.
    case trainingView(SplitReader, Augmentation)
}

/// An image that was read, and how.
struct ReadImage: Sendable {
    var input: any NetworkInput
    /// Before it was resized.
    var originalSize: ImageSize
    /// What was done to its pixels, by the names that `index.json` has for it.
    var conversions: [String] = []
}

/// Reads the images of a list: on one thread, which may be another one than the generator's.
struct TranslationReader {
    private let source: TranslationSource
    private let scale: SampleScale
    private let decoder: SideDecoder
    /// For the training's view.
    private let pairs: EvaluationPairs?

    /// Prepares to read for a model.
    init(_ source: TranslationSource, for model: ModelDescription, recipe: Recipe?, converts: Bool)
    {
        self.source = source
        scale = SampleScale(model.input, range: model.options.inputRange)
        var half: Recipe.Source.Half?
        if case .files(let wanted, _) = source { half = wanted }
        decoder = SideDecoder(
            .input,
            form: model.input,
            recipe: recipe,
            converts: converts,
            half: half
        )
        pairs =
            if case .trainingView(let reader, let augmentation) = source {
                EvaluationPairs(
                    reader,
                    augmentation: augmentation,
                    ranges: FloatRanges(model.options, input: model.input, target: model.target),
                    device: .cpu
                )
            } else { nil }
    }

    /// Reads one image.
    ///
    /// - Throws: ``DatasetError``.
    func read(_ item: TranslationList.Item) throws(DatasetError) -> ReadImage {
        switch (source, item.place) {
        case (.files(_, let size), .file(let path)):
            let decoded = try decoder.decode(path: path, to: size)
            return ReadImage(
                input: SampledInput(image: decoded.image, scale: scale),
                originalSize: decoded.originalSize,
                conversions: decoded.conversions
            )
        case (.pairs(let reader, let size), .pair(let number)):
            let image = try reader.pair(at: number).input
            let resized = size.map { decoder.resized(image, to: $0) } ?? image
            return ReadImage(
                input: SampledInput(image: resized, scale: scale),
                originalSize: image.size
            )
        case (.trainingView(let reader, _), .pair(let number)):
            guard let pairs else { break }
            let pair = try pairs.pair(number)
            return ReadImage(
                input: PlanarInput(values: pair.input, size: pair.size),
                originalSize: try reader.pair(at: number).input.size
            )
        case (.files, .pair), (.pairs, .file), (.trainingView, .file): break
        }
        preconditionFailure("a list of files for files, of pairs for pairs")
    }
}

extension Dataset {
    /// The pairs of a split whose inputs are what a model takes.
    ///
    /// - Throws: ``DatasetError``: `notFound` for a split without pairs, `mismatch` for inputs of another
    ///   form than the model was trained on.
    public func split(
        _ split: DatasetSplit,
        for model: ModelDescription
    ) throws(DatasetError) -> SplitReader {
        let reader = try pairs(of: split)
        let (found, wanted) = (index.input, model.input)
        guard found.channels == wanted.channels, found.dtype == wanted.dtype,
            found.alpha == wanted.alpha, found.colors == wanted.colors
        else {
            throw DatasetError(
                .mismatch,
                "expected inputs of \(wanted.channels) channels \(wanted.dtype.rawValue) as the model was "
                    + "trained on, found \(found.channels) channels \(found.dtype.rawValue)",
                path: folder
            )
        }
        return reader
    }
}
