import Augment
public import DatasetKit

/// Measures a generator on pairs that it is not trained on.
public struct Validation {
    /// The outcome of one epoch: means over the images, of values in −1…1.
    public struct Outcome: Codable, Equatable, Sendable {
        /// The mean absolute difference to the targets.
        public var l1: Double
        /// The peak signal-to-noise ratio in decibels, of a range of 2.
        public var psnr: Double
        /// The structural similarity; `nil` for images below 11 pixels.
        public var ssim: Double?
        /// The multi-scale structural similarity; `nil` for images up to 160 pixels.
        public var msSSIM: Double?
        /// The L1 of always answering the mean training target.
        public var baseline: Double

        /// One metric.
        public subscript(metric: TrainOptions.Metric) -> Double? {
            switch metric {
            case .l1: l1
            case .psnr: psnr
            case .ssim: ssim
            case .msSSIM: msSSIM
            }
        }

        /// The values by their names in `metrics.jsonl`.
        public var named: [(name: String, value: Double)] {
            TrainOptions.Metric.allCases.compactMap { metric in
                self[metric].map { (metric.recordName, $0) }
            } + [("val_L1_mean_target", baseline)]
        }
    }

    /// The most training targets whose mean is taken for the baseline.
    static let maximumBaselinePairs = 4096

    /// The pairs looked at: evenly spread over the split.
    let numbers: [Int]
    private let pairs: EvaluationPairs
    private let user: GeneratorUse
    private let baseline: Double

    /// Prepares a validation, which takes a look at the training targets.
    ///
    /// - Parameters:
    ///   - held: The pairs to look at.
    ///   - training: The pairs trained on.
    ///   - user: How a generator is used.
    ///   - options: Decide the number of pairs.
    /// - Throws: ``DatasetError`` where a pair cannot be read.
    init(
        _ held: EvaluationPairs,
        training: EvaluationPairs,
        user: GeneratorUse,
        options: TrainOptions
    ) throws(DatasetError) {
        pairs = held
        self.user = user
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
            let made = try user.generated(from: pair, number: number, by: generator)
            qualities.append(try ImageQuality(of: made, against: pair.targetTensor(on: .cpu)))
        }
        func mean(_ values: [Double?]) -> Double? {
            let known = values.compactMap { $0 }
            return known.count == values.count
                ? known.reduce(0, +) / Double(max(known.count, 1)) : nil
        }
        return Outcome(
            l1: mean(qualities.map(\.l1)) ?? 0,
            psnr: mean(qualities.map(\.psnr)) ?? 0,
            ssim: mean(qualities.map(\.ssim)),
            msSSIM: mean(qualities.map(\.msSSIM)),
            baseline: baseline
        )
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
