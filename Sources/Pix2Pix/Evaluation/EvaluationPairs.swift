import Augment
import DatasetKit

/// The pairs of a split as they are shown to a network outside of training: without chance.
struct EvaluationPairs {
    /// The split.
    let reader: SplitReader
    private let augmentation: Augmentation
    private let renderer: PairRenderer
    private let ranges: FloatRanges
    private let device: Device

    /// Takes the pairs of a split.
    ///
    /// - Parameters:
    ///   - reader: The split.
    ///   - augmentation: Gives the pairs' size.
    ///   - ranges: What of floats becomes −1…1.
    ///   - device: Where the generator is that shall see them.
    init(
        _ reader: SplitReader,
        augmentation: Augmentation,
        ranges: FloatRanges,
        device: Device
    ) {
        self.reader = reader
        self.device = device
        self.augmentation = augmentation
        self.ranges = ranges
        renderer = PairRenderer(augmentation, of: reader)
    }

    /// One pair, in −1…1.
    ///
    /// - Throws: ``DatasetError`` where it cannot be read.
    func pair(_ number: Int) throws(DatasetError) -> PairBatch {
        var batch = renderer.batch(of: 1)
        try renderer.render(augmentation.evaluation, of: number, into: &batch, at: 0)
        try ranges.apply(to: &batch) { (_) throws(DatasetError) in try reader.key(at: number) }
        return batch
    }

    /// What a generator makes of one pair's input, the same each time.
    ///
    /// - Returns: `[1, C, H, W]` on the CPU, in −1…1.
    /// - Throws: ``TorchError``.
    func generated(
        from pair: PairBatch,
        number: Int,
        by generator: any Generator,
        _ use: GeneratorUse
    ) throws(TorchError) -> Tensor {
        try use.generated(from: pair.inputTensor(on: device), number: number, by: generator)
    }

    /// The numbers of some pairs, evenly spread.
    func spread(_ most: Int) -> [Int] {
        let count = min(most, reader.count)
        return (0..<count).map { $0 * reader.count / count }
    }
}
