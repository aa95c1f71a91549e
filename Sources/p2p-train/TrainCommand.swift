import ArgumentParser
import Augment
import CommandKit
import DatasetKit
import FoundationEssentials
import Pix2Pix

/// `p2p-train [train]`: trains the reference model on a dataset.
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a model (the default).",
        discussion: """
            Flags win over the recipe stored in the dataset, which wins over the defaults: those of the \
            reference implementation of pix2pix.
            """
    )

    @Option(
        help:
            "The dataset's folder, as p2p-data build wrote it. (default: out; with --resume the run's)"
    )
    var shards: String?

    @Option(
        help: ArgumentHelp(
            "Go on with a run after its last checkpoint, as if it had never stopped.",
            valueName: "run"
        )
    )
    var resume: String?

    @Flag(help: "With --resume: train on this dataset though it is not the run's.")
    var otherDataset = false

    @Option(
        name: .customLong("run"),
        help: "The run's folder; by default runs/NAME-1, or the next number that is free."
    )
    var runFolder: String?

    @Option(help: "Take augmentation and training options from this recipe, not the dataset's.")
    var recipe: String?

    @Option(
        help: ArgumentHelp(
            """
            Begin with the weights of a checkpoint, a run, or a safetensors file by the reference's \
            names; says what matched.
            """,
            valueName: "file"
        )
    )
    var initFrom: String?

    @OptionGroup var options: TrainFlags

    @Option(help: "The most steps to make.")
    var maxSteps: Int?

    @Option(help: "Threads of the networks' operations. (default: one for each processor)")
    var threads: Int?

    @Option(help: "Threads that read and augment pairs. (default: 2)")
    var readers: Int?

    @Option(help: "auto, cpu, cuda or cuda:N. (default: auto)")
    var device: String?

    func validate() throws {
        for (name, value) in [
            ("--max-steps", maxSteps), ("--threads", threads), ("--readers", readers),
        ] {
            if let value, value < 1 {
                throw ValidationError("\(name) takes a number from 1, found \(value)")
            }
        }
        guard resume != nil else {
            if otherDataset { throw ValidationError("--other-dataset belongs to --resume") }
            return
        }
        let isGiven: [(name: String, isGiven: Bool)] = [
            ("--run", runFolder != nil), ("--recipe", recipe != nil),
            ("--init-from", initFrom != nil),
            ("--threads", threads != nil), ("--readers", readers != nil),
            ("--device", device != nil),
        ]
        let given = isGiven.filter(\.isGiven).map(\.name) + options.given
        guard given.isEmpty else {
            throw ValidationError(
                "--resume goes on with the settings of the run: leave out "
                    + given.joined(separator: ", ")
            )
        }
    }

    func run() throws {
        try reportingTrainingErrors {
            if let resume { return try goOn(with: RunFolder(existing: resume)) }
            let device = try Device(named: device ?? "auto")
            let dataset = try Dataset(folder: shards ?? "out")
            let recipe = try self.recipe.map { try Recipe(path: $0) } ?? dataset.recipe()
            let options = try recipe.trainOptions(options.members)
            let augmentation = try Augmentation(
                recipe,
                for: dataset.index,
                outputSize: options.size.map { ImageSize(width: $0, height: $0) }
            )
            let settings = try TrainingSettings(
                options,
                imageSize: augmentation.outputSize,
                threads: threads ?? ProcessInfo.processInfo.activeProcessorCount,
                readers: readers ?? 2,
                device: device.description
            )
            try train(settings, on: dataset, recipe: recipe, with: augmentation)
        }
    }

    private func train(
        _ settings: TrainingSettings,
        on dataset: Dataset,
        recipe: Recipe,
        with augmentation: Augmentation
    ) throws {
        let stop = StopSignal()
        let folder = try RunFolder(new: runFolder ?? RunFolder.unused(name: dataset.index.name))
        let trainer = try Trainer(
            settings,
            dataset: dataset,
            recipe: recipe,
            augmentation: augmentation,
            run: folder,
            from: initFrom.map { try InitialWeights(path: $0) }
        )
        if let report = trainer.initialWeights {
            Console.message("weights from \(report.file)")
            for line in report.lines { Console.message("  \(line)") }
        }
        try run(trainer, on: dataset, in: folder, until: stop)
    }

    private func goOn(with folder: RunFolder) throws {
        let stop = StopSignal()
        let configuration = try folder.configuration()
        let dataset = try Dataset(folder: shards ?? configuration.datasetFolder)
        let trainer = try Trainer(
            resuming: folder,
            configuration,
            dataset: dataset,
            takesOtherDataset: otherDataset
        )
        guard !trainer.isOver else {
            Console.message(
                trainer.stepsBefore < trainer.totalSteps
                    ? "\(folder.path) has ended after step \(trainer.stepsBefore), out of patience"
                    : "\(folder.path) has made all its \(trainer.totalSteps) steps"
            )
            return Console.result("run: \(folder.path)")
        }
        Console.message(
            "\(folder.path) goes on after step \(trainer.stepsBefore) of \(trainer.totalSteps)"
        )
        try run(trainer, on: dataset, in: folder, until: stop)
    }

    private func run(
        _ trainer: Trainer,
        on dataset: Dataset,
        in folder: RunFolder,
        until stop: StopSignal
    ) throws {
        let display = TrainingDisplay(trainer.settings, dataset: dataset.index, run: folder)
        let report = RunReport(
            of: folder,
            bestBy: trainer.settings.options.bestMetric.recordName
        )
        display.begin(trainer)
        try trainer.train(
            maximumSteps: maxSteps,
            isStopped: { stop.received != nil },
            observer: { event in
                display.show(event)
                if case .epoch = event { report.writeOrWarn() }
            }
        )
        display.end()
        guard let signal = stop.received else { return Console.result("run: \(folder.path)") }
        Console.message("stopped; p2p-train --resume \(folder.path) goes on from here")
        throw ExitCode(128 + signal)
    }
}
