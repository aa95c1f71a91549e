import Augment
import DatasetKit

/// What a training works with, checked before any time is spent.
struct TrainingSetup {
    /// What to do: with the ranges of floats measured.
    let settings: TrainingSettings
    let dataset: Dataset
    let device: Device
    /// Which batches there are.
    let plan: BatchLoader.Plan
    /// The pairs trained on, without chance.
    let training: EvaluationPairs
    /// The pairs of the split val, without chance; `nil` without any.
    let held: EvaluationPairs?

    /// Checks that settings and dataset go together.
    ///
    /// - Throws: ``TrainingError``, ``DatasetError`` or ``TorchError``.
    init(
        _ wanted: TrainingSettings,
        _ dataset: Dataset,
        _ augmentation: Augmentation
    ) throws {
        guard let training = dataset.split(.train) else {
            throw TrainingError(
                .unsuitableData,
                "\(dataset.folder): expected pairs in the split train, found none"
            )
        }
        guard wanted.pairsPerStep <= training.count else {
            let parts =
                wanted.options.accumulate == 1
                ? "" : " (\(wanted.options.accumulate) batches of \(wanted.options.batchSize))"
            throw TrainingError(
                .impossibleSettings,
                "batch size: expected at most the \(training.count) training pairs, found "
                    + "\(wanted.pairsPerStep)\(parts)"
            )
        }
        var settings = wanted
        settings.options = try settings.options.withFloatRanges(for: dataset, training: training)
        device = try Device(named: settings.device)
        try Torch.setThreads(settings.threads)
        plan = BatchLoader.Plan(
            reader: training,
            augmentation: augmentation,
            options: settings.options,
            of: dataset.index
        )
        let ranges = FloatRanges(settings.options, for: dataset.index)
        let device = self.device
        func pairs(_ reader: SplitReader) -> EvaluationPairs {
            EvaluationPairs(reader, augmentation: augmentation, ranges: ranges, device: device)
        }
        self.training = pairs(training)
        held = dataset.split(.val).map(pairs)
        self.settings = settings
        self.dataset = dataset
        try checkValidation()
    }

    /// Refuses options that need a validation where there is none, or not the metric.
    private func checkValidation() throws(TrainingError) {
        let (options, size) = (settings.options, settings.imageSize)
        if held == nil {
            for (name, isUsed) in [
                ("patience", options.patience != nil),
                ("lrSchedule plateau", options.lrSchedule == .plateau),
            ] where isUsed {
                throw TrainingError(
                    .impossibleSettings,
                    "\(name): expected pairs in the split val to judge by, found none in "
                        + "\(dataset.folder); name a folder as \"val\" in the recipe's \"split\""
                )
            }
        }
        if !options.bestMetric.exists(for: size) {
            throw TrainingError(
                .impossibleSettings,
                "bestMetric \(options.bestMetric.rawValue): expected images of at least "
                    + "\(options.bestMetric.minimumSide) pixels a side, found \(size); choose L1 or PSNR"
            )
        }
    }

    /// A validation, where there is something to validate on.
    ///
    /// - Throws: ``DatasetError`` where a pair cannot be read.
    func validation() throws(DatasetError) -> Validation? {
        guard let held else { return nil }
        return try Validation(held, training: training, options: settings.options)
    }

    /// Two new networks with the reference's initial weights: generator first, as there.
    ///
    /// - Throws: ``TorchError``, or ``TrainingError`` for images that the discriminator cannot take.
    func newModel() throws -> Pix2PixModel {
        let model = try Pix2PixModel(
            settings.options,
            generator: settings.generator,
            inputChannels: dataset.index.input.channels,
            targetChannels: dataset.index.target.channels,
            perceptualLoss: settings.options.makePerceptualLoss(
                channels: dataset.index.target.channels,
                size: settings.imageSize,
                device: device
            ),
            device: device
        )
        let side = min(settings.imageSize.width, settings.imageSize.height)
        if let needed = model.discriminator?.minimumSide, side < needed {
            throw TrainingError(
                .impossibleSettings,
                "discriminator \(settings.options.discriminator.rawValue): expected images of at least "
                    + "\(needed) pixels a side, found \(settings.imageSize); choose fewer --n-layers-d, or "
                    + "pixel"
            )
        }
        try Torch.seed(RandomStreams.initialization(seed: settings.options.seed))
        try model.initialize()
        return model
    }
}
