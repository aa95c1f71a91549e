import Augment
import DatasetKit

/// Measures a generator on pairs that it is not trained on.
struct Validation {
    /// The outcome of one epoch.
    struct Outcome {
        /// The mean absolute difference to the targets, in units of −1…1.
        var l1: Double
    }

    /// The most training targets whose mean is taken for the baseline.
    static let maximumBaselinePairs = 4096

    private let reader: SplitReader
    private let renderer: PairRenderer
    private let augmentation: Augmentation
    private let device: Device
    private let seed: Int
    /// The pairs looked at: evenly spread over the split.
    let numbers: [Int]

    /// Prepares a validation.
    ///
    /// - Parameters:
    ///   - reader: The split.
    ///   - augmentation: Gives the pairs' size, without chance.
    ///   - settings: Decide the number of pairs and the seed.
    ///   - device: Where the generator is.
    init(
        _ reader: SplitReader,
        augmentation: Augmentation,
        settings: TrainingSettings,
        device: Device
    ) {
        self.reader = reader
        self.device = device
        self.augmentation = augmentation
        renderer = PairRenderer(augmentation, of: reader)
        seed = settings.options.seed
        let count = min(settings.options.valPairs, reader.count)
        let total = reader.count
        numbers = (0..<count).map { $0 * total / count }
    }

    /// A pair as the generator gets it for validation.
    func pair(_ number: Int) throws(DatasetError) -> PairBatch {
        try Self.pair(number, augmentation.evaluation, by: renderer)
    }

    private static func pair(
        _ number: Int,
        _ transform: PairTransform,
        by renderer: PairRenderer
    ) throws(DatasetError) -> PairBatch {
        var batch = renderer.batch(of: 1)
        try renderer.render(transform, of: number, into: &batch, at: 0)
        return batch
    }

    /// What the generator makes of one pair's input: in test mode as the paper has it, with the
    /// image's own statistics and with dropout.
    func generated(
        _ number: Int,
        from pair: PairBatch,
        by generator: UNetGenerator
    ) throws -> Tensor {
        try Torch.seed(RandomStreams.validation(seed: seed, sample: number))
        return try withoutGradients {
            try generator(
                pair.inputTensor(on: device),
                mode: .inference(batchStatistics: true, dropout: true)
            )
        }
    }

    /// Measures the generator.
    ///
    /// - Parameters:
    ///   - generator: What to measure.
    ///   - isStopped: Asked before each pair.
    /// - Returns: The outcome; `nil` where it was stopped.
    /// - Throws: ``DatasetError`` or ``TorchError``.
    func measure(_ generator: UNetGenerator, unless isStopped: () -> Bool) throws -> Outcome? {
        var sum = 0.0
        for number in numbers {
            if isStopped() { return nil }
            let pair = try pair(number)
            let made = try generated(number, from: pair, by: generator).floats()
            sum += Self.l1(made, pair.target)
        }
        return Outcome(l1: sum / Double(numbers.count))
    }

    /// The L1 of a generator that always answers with the mean of the training targets: what a
    /// trained one must beat.
    ///
    /// - Parameter training: The split whose targets are averaged; of a large one, 4096 of them,
    ///   evenly spread.
    /// - Returns: The mean absolute difference, in units of −1…1.
    /// - Throws: ``DatasetError`` where a pair cannot be read.
    func baseline(from training: SplitReader) throws(DatasetError) -> Double {
        let count = min(training.count, Self.maximumBaselinePairs)
        let (transform, renderer) = (
            augmentation.evaluation, PairRenderer(augmentation, of: training)
        )
        var sums: [Double] = []
        for place in 0..<count {
            let number = place * training.count / count
            let target = try Self.pair(number, transform, by: renderer).target
            if sums.isEmpty { sums = Array(repeating: 0, count: target.count) }
            for index in target.indices { sums[index] += Double(target[index]) }
        }
        let mean = sums.map { Float($0 / Double(count)) }
        var total = 0.0
        for number in numbers { total += Self.l1(mean, try pair(number).target) }
        return total / Double(numbers.count)
    }

    private static func l1(_ first: [Float], _ second: [Float]) -> Double {
        var sum = 0.0
        for index in first.indices { sum += Double(abs(first[index] - second[index])) }
        return sum / Double(first.count)
    }
}
