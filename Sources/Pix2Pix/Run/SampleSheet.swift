import Augment
import DatasetKit

/// The picture of an epoch: the same few pairs each time, as input, generated and target.
struct SampleSheet {
    /// How many pairs are shown.
    static let count = 4

    private let pairs: EvaluationPairs
    private let use: GeneratorUse
    private let index: DatasetIndex
    private let numbers: [Int]

    /// Chooses pairs evenly spread over those that are validated.
    init(
        _ pairs: EvaluationPairs,
        options: TrainOptions,
        of index: DatasetIndex
    ) {
        self.pairs = pairs
        use = GeneratorUse(options)
        self.index = index
        let looked = pairs.spread(options.valPairs)
        let count = min(Self.count, looked.count)
        numbers = (0..<count).map { looked[$0 * looked.count / count] }
    }

    /// Draws the grid.
    ///
    /// - Throws: ``DatasetError`` or ``TorchError``.
    func drawn(by generator: any Generator) throws -> Image {
        let rows = try numbers.map { number in
            let pair = try pairs.pair(number)
            let made = try pairs.generated(from: pair, number: number, by: generator, use)
                .floats()
            return ImageGrid.Row(
                title: try pairs.reader.key(at: number),
                images: [
                    index.input.displayed(image(pair.input, pair.sides.input, pair.size)),
                    index.target.displayed(image(made, pair.sides.target, pair.size)),
                    index.target.displayed(image(pair.target, pair.sides.target, pair.size)),
                ]
            )
        }
        return ImageGrid(columnTitles: ["input", "generated", "target"], rows: rows).drawn()
    }

    /// Values in −1…1 as levels: floats too, so that what is made and what was wanted compare.
    private func image(_ planes: [Float], _ form: SideForm, _ size: ImageSize) -> Image {
        Image(planes: planes, size: size, channels: form.channels)
    }
}
