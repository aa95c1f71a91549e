import DatasetKit

/// What happens between epochs: validation, samples, records, checkpoints.
extension Trainer {
    /// Ends an epoch: looks at it, judges it, writes its checkpoint.
    ///
    /// - Returns: Whether the training goes on.
    func endEpoch(
        _ position: Int,
        _ isStopped: () -> Bool,
        _ observer: (Event) -> Void
    ) throws -> Bool {
        let (options, epoch) = (settings.options, progress.tally.number)
        guard let report = try look(position, isStopped, observer) else {
            try writeCheckpoint(position)
            return false
        }
        progress.isFinished = true
        let isOver = progress.validations.isOver(options)
        let isDue = epoch.isMultiple(of: options.checkpointEpochs) || position == totalSteps
        if isDue || isOver || isStopped() {
            try writeCheckpoint(position)
            try store.keepLatest(epoch: epoch)
            if report.isBest { try store.makeLatestBest() }
        } else if report.isBest {
            try store.writeBest(checkpoint(position), of: model)
        }
        if isOver || position == totalSteps { try records.end() }
        observer(.epoch(report))
        if isOver, let best = progress.validations.best, position < totalSteps {
            observer(.outOfPatience(best: best))
        }
        return !isOver && !isStopped()
    }

    /// Validates, draws the sample grid, writes both down.
    ///
    /// - Returns: The report; `nil` where it was stopped.
    func look(
        _ position: Int,
        _ isStopped: () -> Bool,
        _ observer: (Event) -> Void
    ) throws -> EpochReport? {
        let (options, epoch) = (settings.options, progress.tally.number)
        let isWhole = endsEpoch(position)
        var outcome: Validation.Outcome?
        if let validation,
            epoch.isMultiple(of: options.valEvery) || position == totalSteps || !isWhole
        {
            observer(.validating(epoch: epoch))
            outcome = try validation.measure(model.usedGenerator, unless: isStopped)
        }
        if isStopped() { return nil }
        // Only whole epochs count, so that a run that pauses in one ends like one that does not.
        if isWhole, let value = outcome?[options.bestMetric] {
            _ = progress.validations.see(value, epoch: epoch, options)
        }
        let report = EpochReport(
            epochs: options.totalEpochs,
            stepsDone: position,
            tally: progress.tally,
            learningRate: model.generatorOptimizer.learningRate,
            validation: outcome,
            best: progress.validations.best,
            memory: Hardware.usedMemory
        )
        try records.append(report)
        let sheet = try samples.drawn(by: model.usedGenerator)
        try records.append(samples: sheet, epoch: epoch, step: position)
        if !isWhole { observer(.epoch(report)) }
        return report
    }

    private func checkpoint(_ position: Int) -> Checkpoint {
        Checkpoint(
            settings: settings,
            position: Checkpoint.Position(steps: position, stepsPerEpoch: plan.stepsPerEpoch),
            progress: progress,
            dataset: Checkpoint.DatasetIdentity(
                name: dataset.index.name,
                fingerprint: dataset.index.fingerprint,
                input: dataset.index.input,
                target: dataset.index.target,
                recipe: dataset.index.recipe
            ),
            recipe: recipe
        )
    }

    /// Writes the newest checkpoint, after so many steps.
    func writeCheckpoint(_ position: Int) throws {
        try store.write(checkpoint(position), of: model)
        lastCheckpoint = .now
    }
}
