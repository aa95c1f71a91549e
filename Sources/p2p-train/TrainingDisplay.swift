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
        let options = settings.options
        let training = dataset.splits[.train]?.samples ?? 0
        let batches = options.accumulate == 1 ? "" : "\(options.accumulate) x "
        Console.message(
            "\(dataset.name): \(training) training pairs at \(settings.imageSize), "
                + "batch \(batches)\(options.batchSize), \(epochs) epochs"
        )
        let (generator, discriminator) = (trainer.model.generator, trainer.model.discriminator)
        Console.message(
            "\(settings.generator.rawValue), ngf \(options.ngf), \(generator.parameterCount) "
                + "parameters; "
                + (discriminator.map {
                    "\(options.discriminator.rawValue) discriminator, ndf \(options.ndf), "
                        + "\($0.parameterCount)"
                } ?? "no discriminator")
        )
        Console.message(
            "\(settings.device), \(settings.threads) threads, libtorch \(Torch.version), seed "
                + "\(options.seed); run folder \(run.path)"
        )
        for (side, range, type) in [
            ("input", options.inputRange, dataset.input.dtype),
            ("target", options.targetRange, dataset.target.dtype),
        ] where type == .f32 {
            guard let range else { continue }
            Console.message("\(side): floats, \(range.low) to \(range.high) become -1 to 1")
        }
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
        case .warning(let warning):
            Console.warning(
                "epoch \(warning.epoch), step \(warning.step): \(warning.message); "
                    + warning.suggestion
            )
        case .epoch(let report):
            line.end()
            Console.result(text(report))
        case .outOfPatience(let best):
            Console.message(
                "no better val_\(settings.options.bestMetric.rawValue) than "
                    + "\(Readable.fixed(best.value, decimals: 4)) of epoch \(best.epoch) for "
                    + "\(settings.options.patience ?? 0) validations: the training ends here"
            )
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
        if let validation = report.validation {
            text += "  val_L1 \(Readable.fixed(validation.quality.l1, decimals: 4))"
            text += " (mean target \(Readable.fixed(validation.baseline, decimals: 4)))"
            text += " PSNR \(Readable.fixed(validation.quality.psnr, decimals: 2))"
            if let ssim = validation.quality.ssim {
                text += " SSIM \(Readable.fixed(ssim, decimals: 4))"
            }
            if report.isBest { text += " (best)" }
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
