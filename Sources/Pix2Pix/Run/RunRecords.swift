import DatasetKit

/// What a run writes down while it goes on: `metrics.jsonl`, TensorBoard's events, pictures.
final class RunRecords {
    /// Steps of an epoch that TensorBoard shows, at most: more would make its files large.
    static let shownStepsPerEpoch = 100

    private let run: RunFolder
    private let metrics: MetricsLog
    private let board: TensorBoardLog

    /// Begins the records, or goes on with them after a checkpoint.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    init(
        _ run: RunFolder,
        settings: TrainingSettings,
        isValidated: Bool,
        after checkpoint: Checkpoint?
    ) throws {
        self.run = run
        metrics =
            try checkpoint.map { try MetricsLog(path: run.metricsPath, after: $0) }
            ?? MetricsLog(path: run.metricsPath)
        board = try TensorBoardLog(folder: run.path, resumingAfter: checkpoint?.position.steps)
        if checkpoint == nil {
            try board.hyperparameters(
                settings.hyperparameters,
                metrics: TrainOptions.Metric.allCases
                    .filter { isValidated && $0.exists(for: settings.imageSize) }
                    .map { "validation/\($0.rawValue)" }
            )
        }
    }

    /// A step was made.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    func append(_ report: StepReport) throws {
        try metrics.append(report.record)
        let interval = max(1, report.stepsPerEpoch / Self.shownStepsPerEpoch)
        guard report.stepsDone.isMultiple(of: interval) else { return }
        try board.scalars(
            report.losses.named.map { (tag: "losses/\($0.name)", value: $0.value) }
                + [(tag: "lr", value: report.learningRate)],
            step: report.stepsDone
        )
    }

    /// An epoch is complete.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    func append(_ report: EpochReport) throws {
        try metrics.append(report.record)
        var scalars = report.tally.losses.named.map {
            (tag: "epoch/mean_\($0.name)", value: $0.value)
        }
        for metric in TrainOptions.Metric.allCases {
            guard let value = report.validation?[metric] else { continue }
            scalars.append((tag: "validation/\(metric.rawValue)", value: value))
        }
        scalars += report.speeds.map { (tag: "speed/\($0.name)", value: $0.value) }
        try board.scalars(scalars, step: report.stepsDone)
    }

    /// A warning was given.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    func append(_ warning: TrainingWarning) throws {
        try metrics.append(warning.record)
        try board.text(
            "warnings",
            markdown: "**\(warning.kind.rawValue)**: \(warning.message). \(warning.suggestion)",
            step: warning.step
        )
    }

    /// The sample grid of an epoch was drawn.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    func append(samples: Image, epoch: Int, step: Int) throws {
        let png = try ImageCodec.encodePNG(samples)
        try FileSystem.writeAtomically(png, to: run.samplePath(epoch: epoch))
        try board.image("samples", png: png, step: step)
    }

    /// The training has come to its end.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    func end() throws {
        try board.end(success: true)
        try board.flush()
    }
}
