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

    @OptionGroup var options: TrainOptionFlags

    @Option(help: "The most steps to make.")
    var maxSteps: Int?

    @Option(help: "The most validation pairs to look at in an epoch.")
    var valPairs: Int?

    @Option(help: "Threads of the networks' operations. (default: one for each processor)")
    var threads: Int?

    @Option(help: "Threads that read and augment pairs. (default: 2)")
    var readers: Int?

    @Option(help: "auto, cpu, cuda or cuda:N. (default: auto)")
    var device: String?

    func validate() throws {
        for (name, value) in [
            ("--max-steps", maxSteps), ("--val-pairs", valPairs), ("--threads", threads),
            ("--readers", readers),
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
            ("--val-pairs", valPairs != nil), ("--threads", threads != nil),
            ("--readers", readers != nil), ("--device", device != nil),
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
            let options = try options.over(recipe.train)
            let augmentation = try Augmentation(
                recipe,
                for: dataset.index,
                outputSize: options.size.map { ImageSize(width: $0, height: $0) }
            )
            var settings = try TrainingSettings(
                options,
                imageSize: augmentation.outputSize,
                threads: threads ?? ProcessInfo.processInfo.activeProcessorCount,
                readers: readers ?? 2,
                device: device.description
            )
            if let valPairs { settings.valPairs = valPairs }
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
            run: folder
        )
        try run(trainer, settings, on: dataset, in: folder, until: stop)
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
        guard trainer.stepsBefore < trainer.totalSteps || !trainer.isFinished else {
            Console.message("\(folder.path) has made all its \(trainer.totalSteps) steps")
            return Console.result("run: \(folder.path)")
        }
        Console.message(
            "\(folder.path) goes on after step \(trainer.stepsBefore) of \(trainer.totalSteps)"
        )
        try run(trainer, trainer.settings, on: dataset, in: folder, until: stop)
    }

    private func run(
        _ trainer: Trainer,
        _ settings: TrainingSettings,
        on dataset: Dataset,
        in folder: RunFolder,
        until stop: StopSignal
    ) throws {
        let display = TrainingDisplay(settings, dataset: dataset.index, run: folder)
        let report = RunReport(of: folder)
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

/// The training's options as flags, named as in the `train` section of a recipe.
struct TrainOptionFlags: ParsableArguments {
    @Option(help: "Epochs at the full learning rate. (default: 100)")
    var epochs: Int?

    @Option(help: "Epochs of linear decay after them. (default: 100; 0 where --epochs is given)")
    var decayEpochs: Int?

    @Option(help: "Pairs per step. (default: 1)")
    var batchSize: Int?

    @Option(help: "Adam's learning rate. (default: 0.0002)")
    var lr: Double?

    @Option(name: .customLong("lambda-l1"), help: "The weight of the L1 loss. (default: 100)")
    var lambdaL1: Double?

    @Option(help: "Filters of the generator's first layer. (default: 64)")
    var ngf: Int?

    @Option(help: "Filters of the discriminator's first layer. (default: 64)")
    var ndf: Int?

    @Option(
        help: "unet_32 to unet_1024. (default: unet_256, or the largest the images' size allows)"
    )
    var generator: String?

    @Option(help: "basic: the 70x70 PatchGAN. (default: basic)")
    var discriminator: String?

    @Option(
        help: """
            The images' side in pixels; the same part of each picture at another resolution. \
            (default: as the recipe's operations give it)
            """
    )
    var size: Int?

    @Option(help: "The seed of everything random. (default: 0)")
    var seed: Int?

    /// The flags that are given.
    var given: [String] {
        let flags: [(name: String, isGiven: Bool)] = [
            ("--epochs", epochs != nil), ("--decay-epochs", decayEpochs != nil),
            ("--batch-size", batchSize != nil), ("--lr", lr != nil),
            ("--lambda-l1", lambdaL1 != nil), ("--ngf", ngf != nil), ("--ndf", ndf != nil),
            ("--generator", generator != nil), ("--discriminator", discriminator != nil),
            ("--size", size != nil), ("--seed", seed != nil),
        ]
        return flags.filter(\.isGiven).map(\.name)
    }

    /// These options where they are given, a recipe's where not.
    ///
    /// - Throws: ``DatasetError`` with code `invalidRecipe`, as for a recipe with these values.
    func over(_ recipe: TrainOptions) throws(DatasetError) -> TrainOptions {
        var options = recipe
        options.epochs = epochs ?? options.epochs
        // Whoever asks for N epochs gets N, not N and the recipe's decay.
        options.decayEpochs = decayEpochs ?? (epochs == nil ? options.decayEpochs : 0)
        options.batchSize = batchSize ?? options.batchSize
        options.lr = lr ?? options.lr
        options.lambdaL1 = lambdaL1 ?? options.lambdaL1
        options.ngf = ngf ?? options.ngf
        options.ndf = ndf ?? options.ndf
        options.generator = generator ?? options.generator
        options.discriminator = discriminator ?? options.discriminator
        options.size = size ?? options.size
        options.seed = seed ?? options.seed
        return try options.checked()
    }
}
