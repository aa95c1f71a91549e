import Augment
public import DatasetKit

/// Measures a generator on pairs that it is not trained on.
public struct Validation {
    /// The outcome of one epoch.
    public struct Outcome: Equatable, Sendable {
        /// How near the generated images are to their targets: means over the images.
        public var quality: ImageQuality
        /// The L1 of always answering the mean training target.
        public var baseline: Double

        /// One metric; `nil` where the images are too small for it.
        public subscript(metric: TrainOptions.Metric) -> Double? {
            switch metric {
            case .l1: quality.l1
            case .psnr: quality.psnr
            case .ssim: quality.ssim
            case .msSSIM: quality.multiScaleSSIM
            }
        }

        /// The values by their names in `metrics.jsonl`.
        public var named: [(name: String, value: Double)] {
            quality.named.map { ("val_\($0.name)", $0.value) } + [("val_L1_mean_target", baseline)]
        }
    }

    /// The most training targets whose mean is taken for the baseline.
    static let maximumBaselinePairs = 4096

    /// The pairs looked at: evenly spread over the split.
    let numbers: [Int]
    private let pairs: EvaluationPairs
    private let use: GeneratorUse
    private let baseline: Double

    /// Prepares a validation, which takes a look at the training targets.
    ///
    /// - Parameters:
    ///   - held: The pairs to look at.
    ///   - training: The pairs trained on.
    ///   - options: Decide the number of pairs, and how a generator is used.
    /// - Throws: ``DatasetError`` where a pair cannot be read.
    init(
        _ held: EvaluationPairs,
        training: EvaluationPairs,
        options: TrainOptions
    ) throws(DatasetError) {
        pairs = held
        use = GeneratorUse(options)
        numbers = held.spread(options.valPairs)
        baseline = try Self.baseline(held, numbers, training)
    }

    /// Measures a generator.
    ///
    /// - Parameters:
    ///   - generator: What to measure.
    ///   - isStopped: Asked before each pair.
    /// - Returns: The outcome; `nil` where it was stopped.
    /// - Throws: ``DatasetError`` or ``TorchError``.
    func measure(_ generator: any Generator, unless isStopped: () -> Bool) throws -> Outcome? {
        var qualities: [ImageQuality] = []
        for number in numbers {
            if isStopped() { return nil }
            let pair = try pairs.pair(number)
            let made = try pairs.generated(from: pair, number: number, by: generator, use)
            qualities += try ImageQuality.measured(made, against: pair.targetTensor(on: .cpu))
        }
        return ImageQuality.mean(of: qualities).map { Outcome(quality: $0, baseline: baseline) }
    }

    /// The L1 of a generator that always answers with the mean of the training targets: what a
    /// trained one must beat.
    ///
    /// Of a large split, the mean is taken of 4096 targets, evenly spread.
    private static func baseline(
        _ held: EvaluationPairs,
        _ numbers: [Int],
        _ training: EvaluationPairs
    ) throws(DatasetError) -> Double {
        let averaged = training.spread(maximumBaselinePairs)
        var sums: [Double] = []
        for number in averaged {
            let target = try training.pair(number).target
            if sums.isEmpty { sums = Array(repeating: 0, count: target.count) }
            for index in target.indices { sums[index] += Double(target[index]) }
        }
        let mean = sums.map { Float($0 / Double(averaged.count)) }
        var total = 0.0
        for number in numbers {
            let target = try held.pair(number).target
            var sum = 0.0
            for index in target.indices { sum += Double(abs(mean[index] - target[index])) }
            total += sum / Double(target.count)
        }
        return total / Double(numbers.count)
    }
}
