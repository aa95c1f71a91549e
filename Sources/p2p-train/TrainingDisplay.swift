import CommandKit
import DatasetKit
import Pix2Pix

/// What a training shows: a live line while it runs, a line for each epoch.
final class TrainingDisplay {
    private let settings: TrainingSettings
    private let dataset: DatasetIndex
    private let run: RunFolder
    private let line = ProgressLine()
    private let clock = ContinuousClock()
    private var start: ContinuousClock.Instant

    init(_ settings: TrainingSettings, dataset: DatasetIndex, run: RunFolder) {
        self.settings = settings
        self.dataset = dataset
        self.run = run
        start = clock.now
    }

    /// Says what is about to be trained.
    func begin(_ trainer: Trainer) {
        let training = dataset.splits[.train]?.samples ?? 0
        Console.message(
            "\(dataset.name): \(training) training pairs at \(settings.imageSize), "
                + "batch \(settings.options.batchSize), \(settings.options.totalEpochs) epochs"
        )
        Console.message(
            "\(settings.generator.rawValue), ngf \(settings.options.ngf), \(trainer.model.generator.parameterCount) "
                + "parameters; \(settings.options.discriminator.rawValue) discriminator, ndf \(settings.options.ndf), "
                + "\(trainer.model.discriminator.parameterCount)"
        )
        Console.message(
            "\(settings.device), \(settings.threads) threads, libtorch \(Torch.version), seed "
                + "\(settings.options.seed); run folder \(run.path)"
        )
        if let held = dataset.splits[.val]?.samples, trainer.validationPairs > 0 {
            Console.message("validation on \(trainer.validationPairs) of \(held) val pairs")
        } else {
            Console.warning(
                "the dataset has no pairs in the split val: nothing is validated, and the samples "
                    + "are training pairs; name a folder as \"val\" in the recipe's \"split\""
            )
        }
        start = clock.now
    }

    /// Shows an event.
    func show(_ event: Trainer.Event) {
        switch event {
        case .step(let report): line.update { text(report) }
        case .validating(let epoch): line.update { "epoch \(epoch)/\(epochs) validation" }
        case .epoch(let report):
            line.end()
            Console.result(text(report))
        }
    }

    /// Removes the live line.
    func end() {
        line.end()
    }

    private var epochs: Int { settings.options.totalEpochs }

    /// The live line: the losses are the epoch's means so far.
    private func text(_ report: StepReport) -> String {
        let elapsed = (clock.now - start).inSeconds
        let left = elapsed / Double(report.stepsDone) * Double(report.stepsTotal - report.stepsDone)
        // What matters most comes first: a narrow terminal cuts the end.
        return "epoch \(report.epoch)/\(report.epochs) "
            + "step \(report.step)/\(report.stepsPerEpoch), \(Readable.duration(seconds: left)) left  \(text(report.tally.losses))  "
            + speed(report.tally)
    }

    private func text(_ report: EpochReport) -> String {
        var text =
            "epoch \(report.tally.number)/\(report.epochs)  \(self.text(report.tally.losses))"
        if let l1 = report.validationL1, let baseline = report.baseline {
            text += "  val_L1 \(Readable.fixed(l1, decimals: 4))"
            text += " (mean target \(Readable.fixed(baseline, decimals: 4)))"
        }
        return text
            + "  \(Readable.duration(seconds: report.tally.seconds)), \(speed(report.tally))"
    }

    private func text(_ losses: StepLosses) -> String {
        losses.named.map { "\($0.name) \(Readable.fixed($0.value, decimals: 3))" }
            .joined(separator: " ")
    }

    private func speed(_ tally: EpochTally) -> String {
        "\(Readable.fixed(tally.pairsPerSecond, decimals: 1)) pairs/s, wait "
            + "\(Readable.fixed(100 * tally.waitingShare, decimals: 1)) %"
    }
}
