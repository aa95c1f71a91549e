import Augment
import DatasetKit

/// What is gathered of one model while its images are made.
struct EvaluationTally {
    /// The features of a set of images, for FID.
    struct Features {
        private var values: [Float] = []
        private var images = 0

        /// Adds images, rounded to the levels of 8 bits: as what is saved of them.
        ///
        /// - Throws: ``TorchError``.
        mutating func add(
            _ tensor: Tensor,
            by judges: PretrainedJudges,
            on device: Device
        ) throws(TorchError) {
            guard let inception = judges.inception else { return }
            let levels = try tensor.floats().map { value in
                max(0, min(255, ((value + 1) * 127.5).rounded())) / 127.5 - 1
            }
            let rounded = try Tensor.floats(levels, shape: tensor.shape).moved(to: device)
            values += try inception(rounded).floats()
            images += tensor.shape[0]
        }

        /// The Fréchet distance to another set of as many images; `nil` of fewer than 2.
        ///
        /// - Throws: ``TorchError`` where a feature is not finite.
        func distance(to other: Features) throws(TorchError) -> EvaluationResult.FID? {
            guard images > 1, images == other.images else { return nil }
            let value = try distribution().frechetDistance(to: other.distribution())
            return EvaluationResult.FID(value: value, images: images)
        }

        private func distribution() throws(TorchError) -> FeatureDistribution {
            try FeatureDistribution(.floats(values, shape: [images, values.count / images]))
        }
    }

    /// The measures of each image.
    private(set) var values: [[Measure: Double]] = []
    /// The features of the made images.
    private(set) var features = Features()
    /// How well label maps agree; `nil` where there are none.
    private(set) var score: LabelMapScore?
    private let judges: PretrainedJudges

    /// A tally of no images.
    init(palette: LabelPalette?, judges: PretrainedJudges) {
        score = palette.map(LabelMapScore.init)
        self.judges = judges
    }

    /// The measures' distributions.
    var summaries: [Measure: MeasureSummary] {
        var summaries: [Measure: MeasureSummary] = [:]
        for measure in Measure.allCases {
            summaries[measure] = MeasureSummary(values.compactMap { $0[measure] })
        }
        return summaries
    }

    /// Adds what a model made of a batch.
    ///
    /// - Throws: ``TorchError``.
    mutating func add(
        _ made: Tensor,
        of batch: EvaluationBatch,
        on device: Device
    ) throws(TorchError) {
        var measured = try ImageQuality.measured(made, against: batch.targets).map(\.measures)
        if let lpips = judges.lpips {
            let distances = try withoutGradients { () throws(TorchError) in
                try lpips(of: made.moved(to: device), against: batch.targets.moved(to: device))
            }
            for (place, distance) in try distances.floats().enumerated() {
                measured[place][.lpips] = Double(distance)
            }
        }
        for (place, values) in try labelMeasures(made, of: batch).enumerated() {
            measured[place].merge(values) { $1 }
        }
        try features.add(made, by: judges, on: device)
        values += measured
    }

    /// Compares label maps, each image for itself and all together.
    private mutating func labelMeasures(
        _ made: Tensor,
        of batch: EvaluationBatch
    ) throws(TorchError) -> [[Measure: Double]] {
        guard let palette = score?.palette else { return [] }
        let (found, wanted) = (try made.floats(), try batch.targets.floats())
        let shape = made.shape
        let size = ImageSize(width: shape[3], height: shape[2])
        return (0..<shape[0]).map { place in
            let offset = place * shape[1] * shape[2] * shape[3]
            func classes(_ planes: [Float]) -> [UInt8] {
                palette.classes(
                    of: Image(planes: planes, at: offset, size: size, channels: shape[1])
                )
            }
            var image = LabelMapScore(palette)
            image.add(classes(found), against: classes(wanted))
            score?.add(image)
            return image.measures
        }
    }
}
