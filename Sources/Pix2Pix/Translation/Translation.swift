public import DatasetKit
import Dispatch

/// Translates a list of images into a folder.
///
/// The next images are read on a thread of their own while the generator works, and finished ones are
/// encoded and written on another. Memory holds a few images beside those that are being made.
public struct Translation {
    /// Which images are made twice, in tiles and as a whole, to see what the tiles change.
    public enum Comparison: Sendable {
        /// The first one that is taken apart and has at most ``largestCompared`` tiles' pixels.
        case first
        /// All that are taken apart.
        case all
    }

    /// The most tiles' pixels that an image has to be compared unasked: it then takes not much more memory
    /// than its tiles.
    public static let largestCompared = 4

    /// What to use.
    public let translator: Translator
    /// What to translate.
    public let list: TranslationList
    private let source: TranslationSource
    private let recipe: Recipe?

    /// The most images of one padded size that are made at once: fewer where dropout draws, as draws are
    /// an image's own.
    public var batchSize = 1
    /// Which images are also made as a whole.
    public var comparison = Comparison.first
    /// Whether files that the model's recipe has no policy for are converted to its inputs' form.
    public var converts = false

    /// Prepares a translation.
    ///
    /// - Throws: ``DatasetError`` for a model whose recipe is damaged, or for pairs of another form than it was
    ///   trained on.
    public init(
        _ list: TranslationList,
        from source: TranslationSource,
        by translator: Translator
    ) throws(DatasetError) {
        self.list = list
        self.source = source
        self.translator = translator
        let model = translator.model
        recipe = try model.model.recipe.map { (recipe) throws(DatasetError) in
            try Recipe(recipe, file: model.path)
        }
    }

    /// What happens meanwhile.
    public enum Event: Sendable {
        /// So many images are done, well or not.
        case done(Int)
        /// What tiles changed in an image.
        case compared(source: String, ImageDifference)
    }

    /// Translates everything that can be.
    ///
    /// - Parameters:
    ///   - folder: Receives the results and the record.
    ///   - format: What to write.
    ///   - record: Says how; its results and failures are added.
    ///   - isStopped: Asked before each image, from several threads.
    ///   - observer: Called from several threads.
    /// - Returns: The record, as it was written.
    /// - Throws: ``DatasetError`` with code `io` where nothing can be written: what was finished stays.
    public func run(
        to folder: String,
        _ format: ImageFormat,
        record: TranslationRecord,
        unless isStopped: @escaping @Sendable () -> Bool,
        observer: @escaping @Sendable (Event) -> Void
    ) throws -> TranslationRecord {
        try FileSystem.makeFolder(folder)
        let model = translator.model.model
        let writer = TranslationWriter(to: folder, format, of: model.target)
        let isOver = { @Sendable in isStopped() || writer.problem != nil }
        let read = Handover<Read?>(room: 2)
        let made = Handover<TranslationWriter.Made?>(room: 2)
        let threads = DispatchGroup()
        let (items, source, recipe, converts) = (list.items, source, recipe, converts)
        DispatchQueue(label: "p2p.translate-reader").async(group: threads) {
            let reader = TranslationReader(
                source,
                for: model,
                recipe: recipe,
                converts: converts
            )
            for (number, item) in items.enumerated() where !isOver() {
                do throws(DatasetError) {
                    read.put(Read(number: number, image: try reader.read(item)))
                } catch {
                    writer.fail(number, source: item.source, because: error.message)
                    observer(.done(writer.count))
                }
            }
            read.put(nil)
        }
        DispatchQueue(label: "p2p.translate-writer").async(group: threads) {
            while let image = made.take() {
                writer.write(image)
                observer(.done(writer.count))
            }
        }
        generate(from: read, to: made, format, writer, unless: isOver, observer)
        threads.wait()
        var record = record
        writer.complete(&record)
        try FileSystem.writeAtomically(
            try JSONText.pretty(record),
            to: "\(folder)/\(TranslationRecord.fileName)"
        )
        if let problem = writer.problem { throw problem }
        return record
    }

    // MARK: - The generator's thread

    /// An image that was read.
    private struct Read: Sendable {
        /// The number of its item.
        var number: Int
        var image: ReadImage
    }

    /// Takes what is read, batch by batch, and hands on what is made of it.
    private func generate(
        from read: Handover<Read?>,
        to made: Handover<TranslationWriter.Made?>,
        _ format: ImageFormat,
        _ writer: TranslationWriter,
        unless isOver: () -> Bool,
        _ observer: (Event) -> Void
    ) {
        var isCompared = false
        func put(_ entry: Read, _ image: Image) {
            var result = result(of: entry, image, format)
            if result.tiles != nil, wantsComparison(entry.image.input.size, after: isCompared) {
                isCompared = true
                result.tileDifference = difference(image, from: entry)
                if let difference = result.tileDifference {
                    observer(.compared(source: result.source, difference))
                }
            }
            made.put(TranslationWriter.Made(number: entry.number, image: image, result: result))
        }
        func make(_ batch: [Read]) {
            guard !isOver() else { return }
            let names = batch.map { list.items[$0.number].name }
            do {
                if batch.count > 1 {
                    let inputs = batch.map(\.image.input)
                    let images = try translator.translateWhole(inputs, names: names)
                    for (entry, image) in zip(batch, images) { put(entry, image) }
                } else if let entry = batch.first {
                    put(entry, try translator.translate(entry.image.input, name: names[0]))
                }
            } catch {
                // Alone, the others may do well.
                if batch.count > 1 { return batch.forEach { make([$0]) } }
                for entry in batch {
                    let source = list.items[entry.number].source
                    writer.fail(entry.number, source: source, because: reason(error))
                    observer(.done(writer.count))
                }
            }
        }
        var batch: [Read] = []
        while let entry = read.take() {
            if let first = batch.first, !canJoin(entry, first) || batch.count == batchSize {
                make(batch)
                batch = []
            }
            batch.append(entry)
        }
        make(batch)
        made.put(nil)
    }

    /// Whether two images can be made at once.
    private func canJoin(_ entry: Read, _ other: Read) -> Bool {
        let (size, first) = (entry.image.input.size, other.image.input.size)
        return !translator.use.dropout && !translator.isTiled(size) && !translator.isTiled(first)
            && translator.padding(of: size).size(of: size)
                == translator.padding(of: first).size(of: first)
    }

    private func result(
        of entry: Read,
        _ image: Image,
        _ format: ImageFormat
    ) -> TranslationRecord.Result {
        let item = list.items[entry.number]
        let (padding, tiles) = (
            translator.padding(of: image.size), translator.tileCount(image.size)
        )
        return TranslationRecord.Result(
            source: item.source,
            output: list.name(of: item, format),
            originalSize: "\(entry.image.originalSize)",
            size: "\(image.size)",
            padding: padding.size(of: image.size) == image.size ? nil : padding,
            tiles: tiles > 1 ? tiles : nil,
            conversions: entry.image.conversions.isEmpty ? nil : entry.image.conversions
        )
    }

    private func reason(_ error: any Error) -> String {
        if let error = error as? DatasetError { return error.message }
        let text = "\(error)"
        guard text.contains("memory"), translator.tiling == nil else { return text }
        return "\(text); --tile \(max(512, translator.kind.sizeMultiple)) takes it apart"
    }

    // MARK: - What tiles change

    private func wantsComparison(_ size: ImageSize, after isCompared: Bool) -> Bool {
        guard comparison == .first else { return true }
        let padded = translator.padding(of: size).size(of: size)
        let tile = translator.tiling?.tile ?? 0
        return !isCompared && padded.width * padded.height <= Self.largestCompared * tile * tile
    }

    /// How far an image is from the one made as a whole; `nil` where there is no memory for that.
    private func difference(_ image: Image, from entry: Read) -> ImageDifference? {
        let name = list.items[entry.number].name
        let whole = try? translator.translateWhole([entry.image.input], names: [name])
        return whole?.first.map { ImageDifference(image, $0) }
    }
}

@available(*, unavailable)
extension Translation: Sendable {}
