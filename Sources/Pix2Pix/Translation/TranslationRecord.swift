public import DatasetKit

/// What a translation did and with what: the `translate.json` beside its results.
public struct TranslationRecord: Codable, Sendable {
    /// The model.
    public struct Model: Codable, Sendable {
        /// Its file.
        public var file: String
        /// SHA-256 of the file, in hexadecimal.
        public var sha256: String
        /// Where the weights are from, in its own words.
        public var origin: String
        /// The architecture.
        public var generator: TrainOptions.Generator
        /// Which weights of the file.
        public var weights: TrainedModel.Weights
    }

    /// One image.
    public struct Result: Codable, Sendable {
        /// Its file, or the pair's name.
        public var source: String
        /// The result, in the folder of the record.
        public var output: String
        /// The size of the image, such as `512x256`.
        public var originalSize: String
        /// The size of the result.
        public var size: String
        /// What was added around the image for the generator, and cut off again; `nil` for nothing.
        public var padding: ReflectPadding?
        /// How many tiles it was made of; `nil` for an image made as a whole.
        public var tiles: Int?
        /// What was done to the image's pixels, by the names of a dataset's counts; `nil` for nothing.
        public var conversions: [String]?
        /// What the tiles changed, where that was measured.
        public var tileDifference: ImageDifference?
    }

    /// One image that could not be translated.
    public struct Failure: Codable, Sendable {
        /// Its file, or the pair's name.
        public var source: String
        /// What was expected, what was found, and what to do.
        public var reason: String
    }

    /// The record's name in the folder.
    public static let fileName = "translate.json"

    /// The model.
    public var model: Model
    /// How it was used.
    public var use: GeneratorUse
    /// `original`, or the size that images were given before.
    public var size: String
    /// Which part of the images was taken: a half of each file, a split and its view, or all.
    public var part: String
    /// Whether images that the model's recipe has no policy for were converted to its inputs' form.
    public var converts: Bool
    /// How larger images were taken apart.
    public var tiling: Tiling?
    /// The format of the results.
    public var format: String
    /// The most images that were made at once.
    public var batchSize: Int
    /// Where it was done.
    public var device: String
    /// By so many threads.
    public var threads: Int
    /// By what: names and versions.
    public var software: [String: String]
    /// Files in the folders that are no images, by their names.
    public var ignored: Int
    /// How many images there were to translate.
    public var total: Int
    /// The results, in the order of the inputs.
    public var images: [Result] = []
    /// What could not be translated.
    public var failures: [Failure] = []

    /// Describes a translation that is about to begin.
    ///
    /// - Parameters:
    ///   - translation: What is translated, and by what.
    ///   - size: `original`, or the size that images are given before.
    ///   - part: Which part of the images is taken.
    ///   - format: The format of the results.
    ///   - threads: How many the generator works with.
    /// - Throws: ``DatasetError`` if the model's file cannot be read.
    public init(
        _ translation: Translation,
        size: String,
        part: String,
        format: ImageFormat,
        threads: Int
    ) throws {
        let translator = translation.translator
        let model = translator.model
        self.model = Model(
            file: model.path,
            sha256: try Checksum.sha256(ofFile: model.path),
            origin: model.model.origin,
            generator: translator.kind,
            weights: model.weights
        )
        use = translator.use
        self.size = size
        self.part = part
        converts = translation.converts
        tiling = translator.tiling
        self.format = format.rawValue
        batchSize = translation.batchSize
        device = model.device.description
        self.threads = threads
        software = ["p2p": Version.current, "libtorch": Torch.version]
        software.merge(ImageCodec.libraryVersions) { $1 }
        ignored = translation.list.ignored.count
        total = translation.list.items.count
    }
}
