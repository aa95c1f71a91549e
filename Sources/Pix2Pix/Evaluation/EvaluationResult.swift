public import DatasetKit

/// What an evaluation found: everything that stands in its JSON.
public struct EvaluationResult: Encodable, Sendable {
    /// The pairs that were looked at.
    public struct Pairs: Encodable, Sendable {
        /// The dataset's name.
        public var dataset: String
        /// Its folder.
        public var folder: String
        /// Its fingerprint.
        public var fingerprint: String
        /// The split.
        public var split: DatasetSplit
        /// How many pairs were looked at.
        public var count: Int
        /// How many the split has.
        public var splitCount: Int
        /// The size of the images.
        public var size: ImageSize
    }

    /// The distance of the set of made images to that of the targets.
    public struct FID: Encodable, Sendable {
        /// pytorch-fid's value; lower is better.
        public var value: Double
        /// Images on each side: values are only comparable at equal numbers.
        public var images: Int
    }

    /// A model and how good its images are.
    public struct Model: Encodable, Sendable {
        /// The file.
        public var path: String
        /// Where its weights are from, for people.
        public var origin: String
        /// Which of a checkpoint's weights.
        public var weights: TrainedModel.Weights
        /// How it was used.
        public var use: GeneratorUse
        /// The name of the dataset that it was trained on, where it says so.
        public var trainedOn: String?
        /// The fingerprint of that dataset.
        public var trainedOnFingerprint: String?
        /// The measures' distributions over the images.
        public var measures: [Measure: MeasureSummary]
        /// The distance to the set of targets, if it was asked for.
        public var fid: FID?
        /// How well its label maps agree with the targets, if they are label maps.
        public var labels: LabelMapScore?
    }

    /// What was measured of one pair.
    public struct Pair: Encodable, Sendable {
        /// Its name.
        public var key: String
        /// Its number in the split.
        public var number: Int
        /// The values, model by model.
        public var values: [[Measure: Double]]
    }

    /// The pairs.
    public var data: Pairs
    /// One model or two.
    public var models: [Model]
    /// The second model against the first, by measure.
    public var comparison: [Measure: PairedComparison]?
    /// Each pair, in the order of the split.
    public var pairs: [Pair]
    /// What a reader must know to understand the figures.
    public var notes: [String]
    /// Where it was computed.
    public var device: String
    /// Threads of libtorch's operations.
    public var threads: Int
    /// Images in the networks at once.
    public var batchSize: Int
    /// Images made and measured in a second.
    public var imagesPerSecond: Double
    /// What computed it, with versions.
    public var software: [String: String]

    /// The measures that every model has, in their usual order.
    public var measures: [Measure] {
        Measure.allCases.filter { measure in
            models.allSatisfy { $0.measures[measure] != nil }
        }
    }

    /// The pairs that have a measure, from the best to the worst by one model.
    public func ranked(by measure: Measure, model: Int = 0) -> [Pair] {
        pairs.filter { $0.values[model][measure] != nil }.sorted { first, second in
            let (a, b) = (first.values[model][measure] ?? 0, second.values[model][measure] ?? 0)
            return a == b ? first.number < second.number : measure.isBetter(a, than: b)
        }
    }

    /// The pairs in which one model is better than the other, those first where it is by most.
    ///
    /// - Parameters:
    ///   - model: The better one, 0 or 1.
    ///   - measure: What is compared.
    /// - Returns: The pairs; none where there is one model only.
    public func pairs(whereBetter model: Int, by measure: Measure) -> [Pair] {
        guard models.count == 2 else { return [] }
        let gains = pairs.compactMap { pair -> (pair: Pair, gain: Double)? in
            guard let own = pair.values[model][measure],
                let other = pair.values[1 - model][measure],
                measure.isBetter(own, than: other)
            else { return nil }
            return (pair, (own - other).magnitude)
        }
        return gains.sorted { ($1.gain, $0.pair.number) < ($0.gain, $1.pair.number) }.map(\.pair)
    }
}
