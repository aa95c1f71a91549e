import ArgumentParser
import Augment
import CommandKit
import DatasetKit
import Pix2Pix

/// `p2p-train translate`: what a trained model makes of images.
struct TranslateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "translate",
        abstract: "Translate images with a trained model.",
        discussion: """
            Takes images, folders of images with all below them, or the inputs of a dataset's split. Only \
            inputs are needed. A file that holds both images of a pair, as the facades do, is taken whole \
            unless --side names the input's half. Results have the names of the inputs, and the size, bit \
            depth and channels of the model's targets; translate.json beside them says how they were made.

            Images that cannot be translated are listed at the end (exit code 2), the others are.
            """
    )

    @Argument(
        help: ArgumentHelp(
            "A checkpoint, a run's folder (its newest checkpoint), or a model file.",
            valueName: "model"
        ),
        completion: .file()
    )
    var checkpoint: String

    @Argument(
        help: ArgumentHelp("Images and folders of images.", valueName: "input"),
        completion: .file()
    )
    var inputs: [String] = []

    @Option(help: ArgumentHelp("The folder for the results.", valueName: "folder"))
    var out: String

    @Option(help: ArgumentHelp("Instead of files: a dataset's inputs.", valueName: "folder"))
    var shards: String?

    @Option(help: "With --shards: the split. (default: test)")
    var split: DatasetSplit?

    @Option(help: "Of files that hold both images of a pair, the half that is the input.")
    var side: Recipe.Source.Half?

    @Flag(
        help: """
            Convert images that the model's recipe has no policy for, as Pillow's convert does it: grey to \
            RGB, transparency dropped, 16 bits to 8, the first of several pages.
            """
    )
    var convert = false

    @Option(
        help: ArgumentHelp(
            """
            original keeps each image's size; model, N or WxH resize first, by the recipe's filter, and \
            results have that size. With --shards, model is the part that training sees, without chance.
            """,
            valueName: "size"
        )
    )
    var size = TranslationSize.original

    @Option(help: "What to write. (default: png; tiff for what PNG does not hold, such as floats)")
    var format: ImageFormat?

    @Flag(help: "Replace results of an earlier time.")
    var overwrite = false

    @Option(
        help: """
            Translate larger images in tiles of this side, which fade into each other: memory is that of a \
            tile.
            """
    )
    var tile: Int?

    @Option(help: "Pixels that neighbouring tiles share. (default: an eighth of a tile)")
    var overlap: Int?

    @Flag(
        help: """
            Measure for every image what tiles change, by making it as a whole too. (default: for the first \
            image of at most four tiles' pixels)
            """
    )
    var compareUntiled = false

    @Option(
        help: """
            The most images that are made at once, if they have one size and nothing drops out. Beyond 1, \
            sums are rounded otherwise, which moves a few samples by one level.
            """
    )
    var batchSize = 1

    @OptionGroup(title: "Model") var generator: GeneratorFlags

    @Flag(help: "Print translate.json.")
    var json = false

    func validate() throws {
        guard inputs.isEmpty != (shards == nil) else {
            throw ValidationError("expected images or folders to translate, or --shards")
        }
        guard shards != nil || split == nil else {
            throw ValidationError("--split belongs to --shards")
        }
        guard shards == nil || side == nil else {
            throw ValidationError("--side is for files: shards hold inputs alone")
        }
        guard shards == nil || !convert else {
            throw ValidationError(
                "--convert is for files: shards hold what the recipe made of them"
            )
        }
        guard batchSize >= 1 else {
            throw ValidationError("--batch-size takes a number from 1, found \(batchSize)")
        }
        guard tile != nil || (overlap == nil && !compareUntiled) else {
            throw ValidationError("--overlap and --compare-untiled belong to --tile")
        }
    }

    func run() throws {
        try reportingTrainingErrors {
            let model = try generator.model(at: checkpoint)
            let format = try outputFormat(for: model.model)
            let (list, source) = try images(for: model)
            try list.check(output: out, format, overwriting: overwrite)
            let kind = try model.model.generator
            let translator = try Translator(
                model,
                use: generator.use(of: model),
                tiling: try tile.map { try Tiling(tile: $0, overlap: overlap, for: kind) }
            )
            var translation = try Translation(list, from: source, by: translator)
            translation.batchSize = batchSize
            translation.converts = convert
            translation.comparison = compareUntiled ? .all : .first
            try translate(translation, format)
        }
    }

    // MARK: - What to translate

    private func images(
        for model: TrainedModel
    ) throws -> (TranslationList, TranslationSource) {
        let wanted = size.size(for: model.model)
        guard let shards else {
            return (try TranslationList(paths: inputs), .files(half: side, size: wanted))
        }
        let dataset = try Dataset(folder: shards)
        let reader = try dataset.split(split ?? .test, for: model.model)
        let list = try TranslationList(pairsOf: reader)
        guard case .model = size else { return (list, .pairs(reader, size: wanted)) }
        let view = try model.view(of: dataset)
        if let remark = view.remark { Console.warning(remark) }
        return (list, .trainingView(reader, view.augmentation))
    }

    private func outputFormat(for model: ModelDescription) throws -> ImageFormat {
        let side = model.target
        let lossless = ImageFormat.lossless(for: side)
        let format = self.format ?? lossless
        guard format.holds(side) else {
            throw ValidationError(
                "--format \(format.rawValue) does not hold what this model makes, \(side.channels) channels "
                    + "\(side.dtype.rawValue)\(side.alpha == true ? " with alpha" : ""); leave it out, or "
                    + "take \(lossless.rawValue)"
            )
        }
        return format
    }

    private var part: String {
        guard shards != nil else { return side?.rawValue ?? "all" }
        let view = if case .model = size { "as training sees them" } else { "whole" }
        return "split \((split ?? .test).rawValue), \(view)"
    }

    private func text(of size: ImageSize?) -> String {
        size.map { "\($0)" } ?? "original"
    }

    // MARK: - Translating

    private func translate(_ translation: Translation, _ format: ImageFormat) throws {
        let stop = StopSignal()
        let model = translation.translator.model.model
        let record = try TranslationRecord(
            translation,
            size: text(of: size.size(for: model)),
            part: part,
            format: format,
            threads: generator.threadCount
        )
        announce(translation, record)
        let (unit, decimals) = model.target.dtype == .f32 ? ("", 6) : (" levels", 2)
        let progress = CountProgress(unit: "images")
        let clock = ContinuousClock()
        let start = clock.now
        defer { progress.end() }
        let outcome = try translation.run(
            to: out,
            format,
            record: record,
            unless: stop.isReceived
        ) { event in
            switch event {
            case .done(let count): progress.update("translate", done: count, of: record.total)
            case .compared(let source, let difference):
                Console.message(
                    "\(source): in tiles it differs from the whole by "
                        + "\(Readable.fixed(difference.mean, decimals: decimals))\(unit) on average, by "
                        + "\(Readable.fixed(difference.largest, decimals: decimals)) at most"
                )
            }
        }
        progress.end()
        try report(outcome, seconds: (clock.now - start).inSeconds, stop)
    }

    /// Says what is used, and what to know of tiles.
    private func announce(_ translation: Translation, _ record: TranslationRecord) {
        let use = record.use
        Console.message(
            "\(record.model.file): \(record.model.generator.rawValue), \(record.model.weights.rawValue) "
                + "weights, \(use.norm.rawValue) statistics, dropout \(use.dropout ? "on" : "off"), seed "
                + "\(use.seed); \(record.device), \(record.threads) threads"
        )
        if record.ignored > 0 {
            Console.message("\(record.ignored) files with names of no image are left out")
        }
        guard record.tiling != nil, translation.translator.dependsOnWholeImage else { return }
        let norm = translation.translator.model.model.options.norm
        Console.warning(
            "each tile is normalised by its own statistics, not by the image's: neighbours may differ in "
                + "tone; "
                + (norm == .batch
                    ? "--norm running uses the training's for all" : "larger tiles differ less")
        )
    }

    private func report(
        _ record: TranslationRecord,
        seconds: Double,
        _ stop: StopSignal
    ) throws {
        let rate = seconds > 0 ? Double(record.images.count) / seconds : 0
        Console.message(
            "\(record.images.count) of \(record.total) images in "
                + "\(Readable.duration(seconds: seconds)), \(Readable.fixed(rate, decimals: 1)) images/s"
        )
        var counts: [String: Int] = [:]
        for name in record.images.compactMap(\.conversions).joined() {
            counts[name, default: 0] += 1
        }
        for (name, count) in counts.sorted(by: { $0.key < $1.key }) {
            Console.message("  \(name): \(Readable.count(count, "image"))")
        }
        for failure in record.failures {
            Console.error("\(failure.source): \(failure.reason)")
        }
        if json {
            let text = String(decoding: try JSONText.pretty(record), as: UTF8.self)
            Console.result(String(text.dropLast()))
        } else {
            Console.result("\(out): \(Readable.count(record.images.count, "image"))")
        }
        if let signal = stop.received {
            Console.message("stopped; the images that were finished are in \(out)")
            throw ExitCode(128 + signal)
        }
        guard record.failures.isEmpty else {
            Console.message(
                "\(Readable.count(record.failures.count, "image")) could not be translated"
                    + (convert || shards != nil
                        ? "" : "; --convert takes images of other colours, depths and transparency")
            )
            throw ExitCode.dataFoundWanting
        }
    }
}
