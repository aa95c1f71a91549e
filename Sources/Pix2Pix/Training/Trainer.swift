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

    /// What it does.
    public let settings: TrainingSettings
    private let dataset: Dataset
    private let device: Device
    private let run: RunFolder
    private let plan: BatchLoader.Plan
    private let validation: Validation?
    private let samples: SampleSheet
    private let metrics: MetricsLog
    /// Where the training begins or goes on.
    private let start: Int
    /// What has been measured of the epoch in which it goes on.
    private let progress: Checkpoint.Progress

    /// Prepares a training: checks everything, draws the initial weights, writes `config.json`.
    ///
    /// - Parameters:
    ///   - settings: What to do.
    ///   - dataset: What to train on.
    ///   - recipe: Where the augmentation is from: kept in the run's folder.
    ///   - augmentation: What happens to the training pairs.
    ///   - run: The run's folder.
    /// - Throws: ``TrainingError``, ``DatasetError`` or ``TorchError``.
    public convenience init(
        _ settings: TrainingSettings,
        dataset: Dataset,
        recipe: Recipe,
        augmentation: Augmentation,
        run: RunFolder
    ) throws {
        try self.init(settings, dataset, augmentation, run, after: nil) { model in
            try run.make()
            try run.writeConfiguration(
                RunConfiguration(settings: settings, dataset: dataset, recipe: recipe, model: model)
            )
        }
    }

    /// Prepares to go on with a run after its last checkpoint, as if it had never stopped.
    ///
    /// - Parameters:
    ///   - run: The run's folder.
    ///   - configuration: What the run is.
    ///   - dataset: What to train on: the run's dataset, wherever it lies now.
    ///   - takesOtherDataset: Whether another dataset is welcome.
    /// - Throws: ``TrainingError`` with code `unsuitableData` for another dataset, and as for a new run.
    public convenience init(
        resuming run: RunFolder,
        _ configuration: RunConfiguration,
        dataset: Dataset,
        takesOtherDataset: Bool = false
    ) throws {
        let differences = configuration.dataset.differences(in: RunConfiguration.Source(dataset))
        guard differences.isEmpty || takesOtherDataset else {
            throw TrainingError(
                .unsuitableData,
                "\(dataset.folder): expected the dataset of \(run.path), found another one: "
                    + "\(differences.joined(separator: ", ")); give --shards, or --other-dataset to train "
                    + "on this one"
            )
        }
        let checkpoint = try Checkpoint(path: run.checkpointPath)
        let settings = checkpoint.settings
        let recipe = try Recipe(configuration.recipe, file: run.configurationPath)
        let augmentation = try Augmentation(
            recipe,
            for: dataset.index,
            outputSize: settings.imageSize
        )
        try self.init(settings, dataset, augmentation, run, after: checkpoint) { model in
            try Checkpoint.load(run.checkpointPath, into: model)
        }
    }

    private init(
        _ settings: TrainingSettings,
        _ dataset: Dataset,
        _ augmentation: Augmentation,
        _ run: RunFolder,
        after checkpoint: Checkpoint?,
        prepare: (Pix2PixModel) throws -> Void
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
        guard settings.pairsPerStep <= training.count else {
            throw TrainingError(
                .impossibleSettings,
                "batch size: expected at most the \(training.count) training pairs, found "
                    + "\(settings.pairsPerStep)"
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
            batchSize: settings.pairsPerStep,
            seed: UInt64(bitPattern: Int64(settings.options.seed))
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
        if let checkpoint, checkpoint.position.stepsPerEpoch != plan.stepsPerEpoch {
            throw TrainingError(
                .unsuitableData,
                "\(dataset.folder): expected epochs of \(checkpoint.position.stepsPerEpoch) steps as in "
                    + "the checkpoint, found \(plan.stepsPerEpoch); start a new run"
            )
        }
        start = checkpoint?.position.steps ?? 0
        progress =
            checkpoint?.progress
            ?? Checkpoint.Progress(tally: EpochTally(number: 1), isFinished: false)
        try prepare(model)
        metrics =
            try checkpoint.map { try MetricsLog(path: run.metricsPath, after: $0) }
            ?? MetricsLog(path: run.metricsPath)
    }

    /// Steps of the whole schedule.
    public var totalSteps: Int { settings.options.totalEpochs * plan.stepsPerEpoch }

    /// Whether the epoch of the last step before has been validated, where a run goes on.
    public var isFinished: Bool { progress.isFinished }

    /// Steps that were made before, where a run goes on.
    public var stepsBefore: Int { start }

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
        let total = totalSteps
        let end = min(total, maximumSteps ?? total)
        var epoch = progress.tally
        // An epoch that was stopped after its last step still has to be looked at.
        if start > 0, start.isMultiple(of: plan.stepsPerEpoch), !progress.isFinished {
            observer(.validating(epoch: epoch.number))
            try finish(epoch, position: start, isStopped: isStopped, observer: observer)
        }
        guard start < end else { return }
        setLearningRate(epoch: epoch.number)
        let loader = BatchLoader(plan, range: start..<end, threads: settings.readers)
        defer { loader.stop() }
        for number in start..<end {
            let step = number % plan.stepsPerEpoch
            if step == 0 {
                epoch = EpochTally(number: 1 + number / plan.stepsPerEpoch)
                setLearningRate(epoch: epoch.number)
            }
            let report = try makeStep(step, epoch: &epoch, of: total, done: number, loader: loader)
            try metrics.append(report.record)
            observer(.step(report))
            let isLast = number == end - 1
            if step == plan.stepsPerEpoch - 1 || isLast, !isStopped() {
                observer(.validating(epoch: epoch.number))
                try finish(epoch, position: number + 1, isStopped: isStopped, observer: observer)
            }
            if isStopped() {
                return try writeCheckpoint(epoch, position: number + 1, isFinished: false)
            }
        }
    }

    private func setLearningRate(epoch: Int) {
        model.setLearningRate(
            settings.options.lr
                * settings.schedule.factor(epoch: epoch, stepsBefore: 0, reductions: 0)
        )
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
        try Torch.seed(RandomStreams.step(seed: settings.options.seed, epoch: epoch.number, step: step))
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
            epochs: settings.options.totalEpochs,
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
        if isStopped() { return }
        let report = EpochReport(
            epochs: settings.options.totalEpochs,
            tally: epoch,
            validationL1: outcome?.l1,
            baseline: baseline
        )
        try metrics.append(report.record)
        try samples.draw(by: model.generator, to: run.samplePath(epoch: epoch.number))
        try writeCheckpoint(epoch, position: position, isFinished: true)
        observer(.epoch(report))
    }

    private func writeCheckpoint(_ epoch: EpochTally, position: Int, isFinished: Bool) throws {
        try Checkpoint(
            settings: settings,
            position: Checkpoint.Position(steps: position, stepsPerEpoch: plan.stepsPerEpoch),
            progress: Checkpoint.Progress(tally: epoch, isFinished: isFinished),
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
        try Torch.seed(RandomStreams.initialization(seed: settings.options.seed))
        let model = try Pix2PixModel(
            settings.options,
            generator: settings.generator,
            inputChannels: index.input.channels,
            targetChannels: index.target.channels,
            device: device
        )
        try model.initialize()
        return model
    }
}

@available(*, unavailable)
extension Trainer: Sendable {}
