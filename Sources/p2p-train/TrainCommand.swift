import ArgumentParser
import CommandKit
import DatasetKit
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

    @OptionGroup(title: "Run") var start: RunFlags
    @OptionGroup var options: TrainFlags

    func validate() throws {
        guard start.resume != nil else { return }
        let given = start.givenForNewRuns + options.given
        guard given.isEmpty else {
            throw ValidationError(
                "--resume goes on with the settings of the run: leave out "
                    + given.joined(separator: ", ")
            )
        }
    }

    func run() throws {
        try reportingTrainingErrors {
            if let resume = start.resume { return try goOn(with: RunFolder(existing: resume)) }
            let device = try start.machine.usedDevice()
            let dataset = try Dataset(folder: start.shards ?? "out")
            let plan = try TrainingPlan(
                start.recipe.map { try Recipe(path: $0) } ?? dataset.recipe(),
                options: options.members,
                for: dataset,
                threads: start.machine.usedThreads,
                readers: start.machine.usedReaders,
                device: device
            )
            try train(plan, on: dataset)
        }
    }

    private func train(_ plan: TrainingPlan, on dataset: Dataset) throws {
        let stop = StopSignal()
        let folder = try RunFolder(
            new: start.runFolder ?? RunFolder.unused(name: dataset.index.name)
        )
        let trainer = try Trainer(
            plan.settings,
            dataset: dataset,
            recipe: plan.recipe,
            augmentation: plan.augmentation,
            run: folder,
            from: start.initFrom.map { try InitialWeights(path: $0) }
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
        let dataset = try Dataset(folder: start.shards ?? configuration.datasetFolder)
        let trainer = try Trainer(
            resuming: folder,
            configuration,
            dataset: dataset,
            takesOtherDataset: start.otherDataset
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
        display.begin(trainer)
        try trainer.train(
            in: folder,
            until: stop,
            maximumSteps: start.maxSteps,
            observer: display.show
        )
        display.end()
        guard let signal = stop.received else { return Console.result("run: \(folder.path)") }
        Console.message("stopped; p2p-train --resume \(folder.path) goes on from here")
        throw ExitCode(128 + signal)
    }
}
