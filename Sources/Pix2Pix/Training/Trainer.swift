public import Augment
public import DatasetKit

/// Trains a model on a dataset, epoch by epoch, and keeps its run folder.
public final class Trainer {
    /// What a training tells of itself.
    public enum Event: Sendable {
        /// A step was made.
        case step(StepReport)
        /// The validation of an epoch goes on.
        case validating(epoch: Int)
        /// An epoch is complete, its sample grid and checkpoint written.
        case epoch(EpochReport)
    }

    /// The L1 of always answering the mean training target, in units of −1…1; `nil` without
    /// validation pairs.
    public let baseline: Double?
    /// How many validation pairs are looked at in an epoch.
    public var validationPairs: Int { validation?.numbers.count ?? 0 }
    /// What learns.
    public let model: Pix2PixModel

    private let settings: TrainingSettings
    private let dataset: Dataset
    private let device: Device
    private let run: RunFolder
    private let plan: BatchLoader.Plan
    private let validation: Validation?
    private let samples: SampleSheet
    private let metrics: MetricsLog

    /// Prepares a training: checks everything, draws the initial weights, writes `config.json`.
    ///
    /// - Parameters:
    ///   - settings: What to do.
    ///   - dataset: What to train on.
    ///   - recipe: Where the augmentation is from: kept in the run's folder.
    ///   - augmentation: What happens to the training pairs.
    ///   - run: The run's folder.
    /// - Throws: ``TrainingError``, ``DatasetError`` or ``TorchError``.
    public init(
        _ settings: TrainingSettings,
        dataset: Dataset,
        recipe: Recipe,
        augmentation: Augmentation,
        run: RunFolder
    ) throws {
        guard let training = dataset.split(.train) else {
            throw TrainingError(
                .unsuitableData,
                "\(dataset.folder): expected pairs in the split train, found none"
            )
        }
        for side in [dataset.index.input, dataset.index.target] where side.dtype == .f32 {
            throw TrainingError(
                .unsuitableData,
                "\(dataset.folder): expected 8-bit or 16-bit images, whose black and white are known, "
                    + "found float samples; build the dataset with \"depth\": 8 or 16"
            )
        }
        guard settings.batchSize <= training.count else {
            throw TrainingError(
                .impossibleSettings,
                "batch size: expected at most the \(training.count) training pairs, found "
                    + "\(settings.batchSize)"
            )
        }
        self.settings = settings
        self.dataset = dataset
        self.run = run
        let device = try Device(named: settings.device)
        self.device = device
        try Torch.setThreads(settings.threads)
        model = try Self.newModel(settings, index: dataset.index, device: device)
        plan = BatchLoader.Plan(
            reader: training,
            augmentation: augmentation,
            batchSize: settings.batchSize,
            seed: UInt64(bitPattern: Int64(settings.seed))
        )
        validation = dataset.split(.val).map {
            Validation($0, augmentation: augmentation, settings: settings, device: device)
        }
        baseline = try validation?.baseline(from: training)
        samples = SampleSheet(
            validation
                ?? Validation(
                    training,
                    augmentation: augmentation,
                    settings: settings,
                    device: device
                ),
            of: dataset.index
        )
        try run.make()
        try run.writeConfiguration(
            RunConfiguration(
                settings: settings,
                dataset: dataset.index,
                recipe: recipe,
                model: model
            )
        )
        metrics = try MetricsLog(path: run.metricsPath)
    }

    /// Trains to the end of the schedule, or until it is stopped.
    ///
    /// - Parameters:
    ///   - maximumSteps: The most steps to make; `nil` for no limit.
    ///   - isStopped: Asked after every step; where it says so, a checkpoint is written and the
    ///     training ends.
    ///   - observer: Told of every step and epoch, on the calling thread.
    /// - Throws: ``DatasetError`` where a pair is damaged, ``TorchError``, or ``TrainingError`` where
    ///   a loss is not finite: the checkpoint of the last complete epoch is then untouched.
    public func train(
        maximumSteps: Int? = nil,
        isStopped: () -> Bool = { false },
        observer: (Event) -> Void
    ) throws {
        let total = settings.schedule.totalEpochs * plan.stepsPerEpoch
        let end = min(total, maximumSteps ?? total)
        let loader = BatchLoader(plan, range: 0..<end, threads: settings.readers)
        defer { loader.stop() }
        var epoch = EpochTally(number: 1)
        for number in 0..<end {
            let step = number % plan.stepsPerEpoch
            if step == 0 {
                epoch = EpochTally(number: 1 + number / plan.stepsPerEpoch)
                model.setLearningRate(settings.lr * settings.schedule.factor(epoch: epoch.number))
            }
            let report = try makeStep(step, epoch: &epoch, of: total, done: number, loader: loader)
            try metrics.append(report.record)
            observer(.step(report))
            let isLast = number == end - 1
            if step == plan.stepsPerEpoch - 1 || isLast, !isStopped() {
                observer(.validating(epoch: epoch.number))
                try finish(epoch, position: number + 1, isStopped: isStopped, observer: observer)
            }
            if isStopped() { return try writeCheckpoint(position: number + 1) }
        }
    }

    /// Makes one step.
    private func makeStep(
        _ step: Int,
        epoch: inout EpochTally,
        of total: Int,
        done: Int,
        loader: BatchLoader
    ) throws -> StepReport {
        let clock = ContinuousClock()
        let start = clock.now
        guard let batch = try loader.next() else {
            throw TrainingError(.unsuitableData, "the batches ended early")
        }
        defer { loader.reuse(batch) }
        let waited = clock.now - start
        try Torch.seed(RandomStreams.step(seed: settings.seed, epoch: epoch.number, step: step))
        let losses = try model.step(
            input: batch.inputTensor(on: device),
            target: batch.targetTensor(on: device)
        )
        guard losses.isFinite else {
            throw TrainingError(
                .diverged,
                "epoch \(epoch.number), step \(step + 1): a loss is not finite ("
                    + losses.named.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
                    + "); try a lower --lr"
            )
        }
        epoch.add(losses, pairs: batch.count, seconds: clock.now - start, waiting: waited)
        return StepReport(
            epoch: epoch.number,
            epochs: settings.schedule.totalEpochs,
            step: step + 1,
            stepsPerEpoch: plan.stepsPerEpoch,
            stepsDone: done + 1,
            stepsTotal: total,
            losses: losses,
            learningRate: model.generatorOptimizer.learningRate,
            tally: epoch
        )
    }

    /// Validates, draws the sample grid, writes the checkpoint.
    private func finish(
        _ epoch: EpochTally,
        position: Int,
        isStopped: () -> Bool,
        observer: (Event) -> Void
    ) throws {
        let outcome = try validation?.measure(model.generator, unless: isStopped)
        let report = EpochReport(
            epochs: settings.schedule.totalEpochs,
            tally: epoch,
            validationL1: outcome?.l1,
            baseline: baseline
        )
        try metrics.append(report.record)
        try samples.draw(by: model.generator, to: run.samplePath(epoch: epoch.number))
        try writeCheckpoint(position: position)
        observer(.epoch(report))
    }

    private func writeCheckpoint(position: Int) throws {
        try Checkpoint(
            settings: settings,
            position: Checkpoint.Position(steps: position, stepsPerEpoch: plan.stepsPerEpoch),
            dataset: Checkpoint.DatasetIdentity(
                name: dataset.index.name,
                fingerprint: dataset.index.fingerprint,
                inputChannels: dataset.index.input.channels,
                targetChannels: dataset.index.target.channels
            )
        ).write(model, to: run.checkpointPath)
    }

    /// Two new networks with the reference's initial weights: generator first, as there.
    private static func newModel(
        _ settings: TrainingSettings,
        index: DatasetIndex,
        device: Device
    ) throws -> Pix2PixModel {
        let generator = try UNetGenerator(
            levels: GeneratorName.levels(settings.generator, for: settings.imageSize),
            filters: settings.ngf,
            inputChannels: index.input.channels,
            outputChannels: index.target.channels,
            device: device
        )
        let discriminator = try PatchDiscriminator(
            filters: settings.ndf,
            channels: index.input.channels + index.target.channels,
            device: device
        )
        try Torch.seed(RandomStreams.initialization(seed: settings.seed))
        try generator.initialize()
        try discriminator.initialize()
        return try Pix2PixModel(
            generator: generator,
            discriminator: discriminator,
            learningRate: settings.lr,
            beta1: settings.beta1,
            beta2: settings.beta2,
            lambdaL1: settings.lambdaL1
        )
    }
}

@available(*, unavailable)
extension Trainer: Sendable {}
