import Augment
import DatasetKit

/// The picture of an epoch: the same few pairs each time, as input, generated and target.
struct SampleSheet {
    /// How many pairs are shown.
    static let count = 4

    private let validation: Validation
    private let index: DatasetIndex
    private let numbers: [Int]

    /// Chooses pairs evenly spread over those that are validated.
    init(_ validation: Validation, of index: DatasetIndex) {
        self.validation = validation
        self.index = index
        let count = min(Self.count, validation.numbers.count)
        numbers = (0..<count).map { validation.numbers[$0 * validation.numbers.count / count] }
    }

    /// Draws the grid and writes it as PNG.
    ///
    /// - Throws: ``DatasetError`` or ``TorchError``.
    func draw(by generator: UNetGenerator, to path: String) throws {
        let rows = try numbers.map { number in
            let batch = try validation.pair(number)
            let planes = try validation.generated(number, from: batch, by: generator).floats()
            let pair = batch.pair(at: 0)
            let made = Image(planes: planes, size: pair.target.size, channels: pair.target.channels)
            let (input, target) = (index.input, index.target)
            return ImageGrid.Row(
                images: [
                    input.displayed(pair.input), target.displayed(made),
                    target.displayed(pair.target),
                ]
            )
        }
        let grid = ImageGrid(columnTitles: ["input", "generated", "target"], rows: rows)
        try FileSystem.writeAtomically(try ImageCodec.encodePNG(grid.drawn()), to: path)
    }
}
