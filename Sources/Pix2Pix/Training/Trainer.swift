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
        /// Something looks wrong.
        case warning(TrainingWarning)
        /// An epoch is complete, its sample grid and checkpoint written.
        case epoch(EpochReport)
        /// The validations have not improved for as long as the options allow.
        case outOfPatience(best: ValidationWatch.Best)
    }

    /// What learns.
    public let model: Pix2PixModel
    /// What it does.
    public let settings: TrainingSettings
    /// What became of the weights it was told to begin with.
    public let initialWeights: InitialWeights.Report?
    /// Steps that were made before, where a run goes on.
    public let stepsBefore: Int

    let dataset: Dataset
    let recipe: JSONValue
    let device: Device
    let plan: BatchLoader.Plan
    let validation: Validation?
    let samples: SampleSheet
    let records: RunRecords
    let store: CheckpointStore
    var progress: TrainingProgress
    var lastCheckpoint = ContinuousClock.now

    /// Prepares a training: checks everything, draws the initial weights, writes `config.json`.
    ///
    /// - Parameters:
    ///   - settings: What to do.
    ///   - dataset: What to train on.
    ///   - recipe: Where the augmentation is from: kept in the run's folder.
    ///   - augmentation: What happens to the training pairs.
    ///   - run: The run's folder.
    ///   - weights: What to begin with; `nil` for random weights.
    /// - Throws: ``TrainingError``, ``DatasetError`` or ``TorchError``.
    public convenience init(
        _ settings: TrainingSettings,
        dataset: Dataset,
        recipe: Recipe,
        augmentation: Augmentation,
        run: RunFolder,
        from weights: InitialWeights? = nil
    ) throws {
        let setup = try TrainingSetup(settings, dataset, augmentation)
        let model = try setup.newModel()
        let report = try weights?.load(into: model)
        try run.make()
        try run.writeConfiguration(
            RunConfiguration(
                settings: setup.settings,
                dataset: dataset,
                recipe: recipe,
                model: model,
                initialWeights: report
            )
        )
        try self.init(setup, model, recipe, run, after: nil, initialWeights: report)
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
        let recipe = try Recipe(configuration.recipe, file: run.configurationPath)
        let setup = try TrainingSetup(
            checkpoint.settings,
            dataset,
            Augmentation(
                recipe,
                for: dataset.index,
                outputSize: checkpoint.settings.imageSize
            )
        )
        guard checkpoint.position.stepsPerEpoch == setup.plan.stepsPerEpoch else {
            throw TrainingError(
                .unsuitableData,
                "\(dataset.folder): expected epochs of \(checkpoint.position.stepsPerEpoch) steps as in "
                    + "the checkpoint, found \(setup.plan.stepsPerEpoch); start a new run"
            )
        }
        let model = try setup.newModel()
        try Checkpoint.load(run.checkpointPath, into: model)
        try self.init(setup, model, recipe, run, after: checkpoint, initialWeights: nil)
    }

    private init(
        _ setup: TrainingSetup,
        _ model: Pix2PixModel,
        _ recipe: Recipe,
        _ run: RunFolder,
        after checkpoint: Checkpoint?,
        initialWeights: InitialWeights.Report?
    ) throws {
        self.model = model
        self.initialWeights = initialWeights
        settings = setup.settings
        dataset = setup.dataset
        self.recipe = recipe.json
        device = setup.device
        plan = setup.plan
        validation = try setup.validation()
        samples = SampleSheet(
            setup.held ?? setup.training,
            options: setup.settings.options,
            of: setup.dataset.index
        )
        stepsBefore = checkpoint?.position.steps ?? 0
        progress = checkpoint?.progress ?? TrainingProgress()
        store = CheckpointStore(run: run, kept: setup.settings.options.keepCheckpoints)
        records = try RunRecords(
            run,
            settings: setup.settings,
            isValidated: validation != nil,
            after: checkpoint
        )
    }

    /// How many validation pairs are looked at in an epoch.
    public var validationPairs: Int { validation?.numbers.count ?? 0 }

    /// Steps of the whole schedule.
    public var totalSteps: Int { settings.options.totalEpochs * plan.stepsPerEpoch }

    /// Whether a run that goes on has nothing left to do.
    public var isOver: Bool {
        progress.isFinished
            && (stepsBefore >= totalSteps || progress.validations.isOver(settings.options))
    }

    /// Trains to the end of the schedule, or until it is stopped.
    ///
    /// - Parameters:
    ///   - maximumSteps: The most steps to make; `nil` for no limit.
    ///   - isStopped: Asked after every step; where it says so, a checkpoint is written and the
    ///     training ends.
    ///   - observer: Told of every step and epoch, on the calling thread.
    /// - Throws: ``DatasetError`` where a pair is damaged, ``TorchError``, or ``TrainingError`` where
    ///   a loss is not finite: the last checkpoint is then untouched.
    public func train(
        maximumSteps: Int? = nil,
        isStopped: () -> Bool = { false },
        observer: (Event) -> Void
    ) throws {
        let end = min(totalSteps, maximumSteps ?? totalSteps)
        // An epoch that was stopped after its last step still has to be looked at.
        if endsEpoch(stepsBefore), !progress.isFinished {
            guard try endEpoch(stepsBefore, isStopped, observer) else { return }
        }
        guard stepsBefore < end, !isOver else { return }
        lastCheckpoint = .now
        let loader = BatchLoader(plan, range: stepsBefore..<end, threads: settings.readers)
        defer { loader.stop() }
        for number in stepsBefore..<end {
            try makeStep(number, loader, observer)
            let position = number + 1
            if endsEpoch(position) {
                guard try endEpoch(position, isStopped, observer) else { return }
            } else if isStopped() {
                return try writeCheckpoint(position)
            } else if position == end {
                // In the middle of an epoch: it is shown, and goes on where the run is resumed.
                _ = try look(position, isStopped, observer)
                try writeCheckpoint(position)
            } else if isCheckpointDue {
                try writeCheckpoint(position)
            }
        }
    }

    /// Whether so many steps are whole epochs.
    func endsEpoch(_ position: Int) -> Bool {
        position > 0 && position.isMultiple(of: plan.stepsPerEpoch)
    }

    /// Whether the minutes from one checkpoint to the next are over.
    private var isCheckpointDue: Bool {
        settings.options.checkpointMinutes.map {
            ContinuousClock.now - lastCheckpoint >= .seconds(60 * $0)
        } ?? false
    }

    /// Makes one step.
    private func makeStep(
        _ number: Int,
        _ loader: BatchLoader,
        _ observer: (Event) -> Void
    ) throws {
        let (epoch, step) = (1 + number / plan.stepsPerEpoch, number % plan.stepsPerEpoch)
        if step == 0 { progress.tally = EpochTally(number: epoch) }
        progress.isFinished = false
        model.setLearningRates(
            factor: settings.schedule.factor(
                epoch: epoch,
                stepsBefore: number,
                reductions: progress.validations.reductions
            )
        )
        model.prepare(
            stepsBefore: number,
            augmentation: progress.augmentation.probability
        )
        let start = ContinuousClock.now
        guard let batch = try loader.next() else {
            throw TrainingError(.unsuitableData, "the batches ended early")
        }
        defer { loader.reuse(batch) }
        let waited = ContinuousClock.now - start
        let outcome = try model.step(parts(of: batch, epoch: epoch, step: step))
        guard outcome.losses.isFinite else {
            throw diverged(outcome.losses, epoch: epoch, step: step)
        }
        progress.tally.add(
            outcome.losses,
            pairs: batch.count,
            seconds: ContinuousClock.now - start,
            waiting: waited
        )
        if let sign = outcome.diagnostics.realSign {
            progress.augmentation.see(sign: sign, pairs: batch.count, settings.options)
        }
        let report = StepReport(
            epoch: epoch,
            epochs: settings.options.totalEpochs,
            step: step + 1,
            stepsPerEpoch: plan.stepsPerEpoch,
            stepsDone: number + 1,
            stepsTotal: totalSteps,
            losses: outcome.losses,
            learningRate: model.generatorOptimizer.learningRate,
            tally: progress.tally
        )
        try records.append(report)
        observer(.step(report))
        let warnings = progress.collapse.see(
            outcome,
            targetDeviation: batch.targetDeviation,
            settings.options,
            epoch: epoch,
            step: number + 1
        )
        for warning in warnings {
            try records.append(warning)
            observer(.warning(warning))
        }
    }

    /// A batch in the parts that the networks see at once.
    private func parts(
        of batch: PairBatch,
        epoch: Int,
        step: Int
    ) throws(TorchError) -> [TrainingPart] {
        var parts: [TrainingPart] = []
        let size = settings.options.batchSize
        for start in stride(from: 0, to: batch.count, by: size) {
            let places = start..<min(start + size, batch.count)
            parts.append(
                TrainingPart(
                    input: try batch.inputTensor(on: device, places),
                    target: try batch.targetTensor(on: device, places),
                    seed: RandomStreams.step(
                        seed: settings.options.seed,
                        epoch: epoch,
                        step: step,
                        part: parts.count
                    )
                )
            )
        }
        return parts
    }

    private func diverged(_ losses: StepLosses, epoch: Int, step: Int) -> TrainingError {
        let values = losses.named.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
        let path = store.run.checkpointPath
        let kept =
            FileSystem.kind(of: path) == nil
            ? "there is no checkpoint yet" : "the last checkpoint is kept: \(path)"
        return TrainingError(
            .diverged,
            "epoch \(epoch), step \(step + 1): a loss is not finite (\(values)); \(kept); try a lower "
                + "--lr, or --clip-gradients 1"
        )
    }
}

@available(*, unavailable)
extension Trainer: Sendable {}
