import Augment
public import DatasetKit

/// Measures one model, or two on the same pairs, on a split of a dataset.
public struct Evaluator {
    /// What to look at, and how.
    public struct Options: Sendable {
        /// The split.
        public var split = DatasetSplit.test
        /// The most pairs, evenly spread; `nil` for all.
        public var limit: Int?
        /// Images in the networks at once.
        ///
        /// A generator that drops out gets one at a time, as in validation: each image has draws of
        /// its own.
        public var batchSize = 1
        /// Which label maps the targets are; `nil` finds out.
        public var labels: LabelPalette.Kind?
        /// Classes that do not count, by colour or number.
        public var ignored: [String] = []

        /// All pairs of the split test.
        public init() {}
    }

    /// A pair as people look at it: 8-bit grey or RGB.
    public struct Pictures {
        /// The input.
        public var input: Image
        /// What each model made of it.
        public var made: [Image]
        /// What it should have been.
        public var target: Image
    }

    /// The classes of the targets, if they are label maps.
    public let palette: LabelPalette?
    let models: [EvaluatedModel]
    let judges: PretrainedJudges
    let dataset: Dataset
    let options: Options
    let numbers: [Int]
    private let pairs: EvaluationPairs
    private let remarks: [String]

    /// Checks that everything goes together.
    ///
    /// - Parameters:
    ///   - models: One or two, on one device.
    ///   - dataset: Has the pairs.
    ///   - judges: Pretrained networks, on the same device.
    ///   - options: What to look at, and how.
    /// - Throws: ``DatasetError``: `notFound` for a split without pairs, `mismatch` for a dataset of other
    ///   images than the models', `corrupt`; ``TrainingError`` with code `impossibleSettings` for models of
    ///   different sizes.
    public init(
        _ models: [EvaluatedModel],
        on dataset: Dataset,
        judges: PretrainedJudges = PretrainedJudges(),
        options: Options = Options()
    ) throws {
        precondition(1...2 ~= models.count && options.batchSize > 0)
        let reader = try dataset.pairs(of: options.split)
        for model in models { try model.check(dataset) }
        try Self.checkAlike(models)
        let size = models[0].trained.model.imageSize
        try judges.check(channels: dataset.index.target.channels, size: size)
        let (pairs, remark) = try models[0].pairs(reader, of: dataset)
        palette = try LabelPalette.found(
            in: reader,
            of: dataset,
            as: options.labels,
            ignoring: options.ignored
        )
        numbers = pairs.spread(options.limit ?? reader.count)
        remarks = [remark].compactMap(\.self)
        self.pairs = pairs
        self.models = models
        self.judges = judges
        self.dataset = dataset
        self.options = options
    }

    /// What is measured of each image, in the usual order.
    public var measures: [Measure] {
        let size = models[0].trained.model.imageSize
        return Measure.allCases.filter { measure in
            switch measure {
            case .l1, .psnr: true
            case .ssim: TrainOptions.Metric.ssim.exists(for: size)
            case .msSSIM: TrainOptions.Metric.msSSIM.exists(for: size)
            case .lpips: judges.lpips != nil
            case .pixelAccuracy, .meanIoU: palette != nil
            }
        }
    }

    /// Refuses two models that cannot see the same pairs.
    private static func checkAlike(_ models: [EvaluatedModel]) throws(TrainingError) {
        let (first, last) = (models[0].trained, models[models.count - 1].trained)
        guard first.model.imageSize == last.model.imageSize else {
            throw TrainingError(
                .impossibleSettings,
                "--against: expected a model of the same image size, found \(first.path) of "
                    + "\(first.model.imageSize) and \(last.path) of \(last.model.imageSize)"
            )
        }
        let (own, other) = (first.model.options, last.model.options)
        guard own.inputRange == other.inputRange, own.targetRange == other.targetRange else {
            throw TrainingError(
                .impossibleSettings,
                "--against: expected a model that was trained on the same range of floats as "
                    + "\(first.path), found another range in \(last.path)"
            )
        }
    }

    /// Makes and measures all images.
    ///
    /// - Parameter progress: Called now and then: pairs done, of how many.
    /// - Returns: What was found.
    /// - Throws: ``DatasetError`` naming a pair that cannot be read, ``TrainingError`` with code `diverged`
    ///   naming one of which a model makes values that are not finite, or ``TorchError``.
    public func run(progress: (Int, Int) -> Void = { _, _ in }) throws -> EvaluationResult {
        let start = ContinuousClock.now
        var tallies = models.map { _ in EvaluationTally(palette: palette, judges: judges) }
        var wanted = EvaluationTally.Features()
        var keys: [String] = []
        for first in stride(from: 0, to: numbers.count, by: options.batchSize) {
            progress(first, numbers.count)
            let part = Array(numbers[first..<min(first + options.batchSize, numbers.count)])
            let batch = try EvaluationBatch(part.map(pairs.pair), numbers: part)
            keys += try part.map(pairs.reader.key)
            try wanted.add(batch.targets, by: judges, on: device)
            for (place, model) in models.enumerated() {
                let made = try batch.made(by: model)
                try checkFinite(made, keys.suffix(part.count), model)
                try tallies[place].add(made, of: batch, on: device)
            }
        }
        progress(numbers.count, numbers.count)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        return try result(tallies, wanted, keys, seconds: seconds)
    }

    /// One pair and what the models make of it, the same as when it was measured.
    ///
    /// - Parameter number: The pair's number in the split.
    /// - Returns: The pictures.
    /// - Throws: ``DatasetError`` or ``TorchError``.
    public func pictures(of number: Int) throws -> Pictures {
        let pair = try pairs.pair(number)
        let batch = try EvaluationBatch([pair], numbers: [number])
        let made = try models.map { try batch.made(by: $0).floats() }
        let index = dataset.index
        func picture(_ planes: [Float], _ side: DatasetIndex.Side) -> Image {
            side.displayed(Image(planes: planes, size: pair.size, channels: side.channels))
        }
        return Pictures(
            input: picture(pair.input, index.input),
            made: made.map { picture($0, index.target) },
            target: picture(pair.target, index.target)
        )
    }

    /// Where the networks are.
    var device: Device { models[0].trained.device }

    private func checkFinite(
        _ made: Tensor,
        _ keys: ArraySlice<String>,
        _ model: EvaluatedModel
    ) throws {
        let values = try made.floats()
        guard let place = values.firstIndex(where: { !$0.isFinite }) else { return }
        let key = keys[keys.startIndex + place * keys.count / values.count]
        throw TrainingError(
            .diverged,
            "\(model.trained.path) makes an image of pair \(key) that holds \(values[place]): expected "
                + "values in -1...1; take an earlier checkpoint"
        )
    }
}

extension Evaluator {
    private func result(
        _ tallies: [EvaluationTally],
        _ wanted: EvaluationTally.Features,
        _ keys: [String],
        seconds: Double
    ) throws -> EvaluationResult {
        let index = dataset.index
        let found = try zip(models, tallies).map { model, tally in
            EvaluationResult.Model(
                path: model.trained.path,
                origin: model.trained.model.origin,
                weights: model.trained.weights,
                use: model.use,
                trainedOn: model.trained.trainedOn?.name,
                trainedOnFingerprint: model.trained.trainedOn?.fingerprint,
                measures: tally.summaries,
                fid: try tally.features.distance(to: wanted),
                labels: tally.score
            )
        }
        let pairs = numbers.indices.map { place in
            EvaluationResult.Pair(
                key: keys[place],
                number: numbers[place],
                values: tallies.map { $0.values[place] }
            )
        }
        return EvaluationResult(
            data: EvaluationResult.Pairs(
                dataset: index.name,
                folder: dataset.folder,
                fingerprint: index.fingerprint,
                split: options.split,
                count: numbers.count,
                splitCount: self.pairs.reader.count,
                size: models[0].trained.model.imageSize
            ),
            models: found,
            comparison: models.count == 2 ? Self.comparison(pairs) : nil,
            pairs: pairs,
            notes: remarks + notes,
            device: device.description,
            threads: try Torch.threads,
            batchSize: options.batchSize,
            imagesPerSecond: Double(numbers.count * models.count) / max(seconds, 1e-9),
            software: ["p2p": Version.current, "libtorch": Torch.version]
        )
    }

    private static func comparison(
        _ pairs: [EvaluationResult.Pair]
    ) -> [Measure: PairedComparison] {
        var found: [Measure: PairedComparison] = [:]
        for measure in Measure.allCases {
            let both = pairs.compactMap { pair -> (Double, Double)? in
                guard let first = pair.values[0][measure], let second = pair.values[1][measure]
                else { return nil }
                return (first, second)
            }
            found[measure] = PairedComparison(both.map(\.0), both.map(\.1), by: measure)
        }
        return found
    }

    /// What a reader must know to understand the figures.
    private var notes: [String] {
        var notes: [String] = []
        for model in models {
            guard let trainedOn = model.trained.trainedOn else { continue }
            if trainedOn.fingerprint != dataset.index.fingerprint {
                notes.append(
                    "\(model.trained.path) was trained on another dataset: \(trainedOn.name), fingerprint "
                        + "\(trainedOn.fingerprint.prefix(12))"
                )
            } else if options.split == .train {
                notes.append(
                    "these are the pairs that \(model.trained.path) was trained on: the figures say nothing "
                        + "of new images"
                )
            }
        }
        if let first = models.first, let last = models.last,
            first.trained.recipe != last.trained.recipe
        {
            notes.append(
                "the two models were trained with different recipes: the pairs are cut as that of "
                    + "\(first.trained.path) says"
            )
        }
        if judges.inception != nil, numbers.count < 2 {
            notes.append("FID needs at least 2 images: it is left out")
        } else if judges.inception != nil, numbers.count < PretrainedJudges.fewImages {
            notes.append(
                "FID of \(numbers.count) images is far too large: compare it only with FID of as many "
                    + "images; \(PretrainedJudges.fewImages) are the least that its features need"
            )
        }
        if let palette, !palette.isExact {
            notes.append(
                "the targets' label colours are blurred: each pixel counts as the nearest of "
                    + "\(palette.names.count) main colours"
            )
        }
        return notes
    }
}

@available(*, unavailable)
extension Evaluator: Sendable {}
