import ArgumentParser

/// Where a training begins or goes on, and by what machinery.
struct RunFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            The dataset's folder, as p2p-data build wrote it. (default: out; with --resume the run's)
            """,
            valueName: "folder"
        )
    )
    var shards: String?

    @Option(
        name: .customLong("run"),
        help: ArgumentHelp(
            "The run's folder. (default: runs/NAME-1, or the next number that is free)",
            valueName: "folder"
        )
    )
    var runFolder: String?

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
        help: ArgumentHelp(
            """
            Begin with the weights of a checkpoint, a run, or a safetensors or .pth file by the \
            reference's names; says what matched.
            """,
            valueName: "file"
        )
    )
    var initFrom: String?

    @Option(
        help: ArgumentHelp(
            "Take augmentation and training options from this recipe, not the dataset's.",
            valueName: "file"
        )
    )
    var recipe: String?

    @Option(help: "The most steps to make.")
    var maxSteps: Int?

    @OptionGroup var machine: MachineFlags

    func validate() throws {
        if let maxSteps, maxSteps < 1 {
            throw ValidationError("--max-steps takes a number from 1, found \(maxSteps)")
        }
        if otherDataset, resume == nil {
            throw ValidationError("--other-dataset belongs to --resume")
        }
    }

    /// The flags that are given and belong to new runs only.
    var givenForNewRuns: [String] {
        let flags: [(name: String, isGiven: Bool)] = [
            ("--run", runFolder != nil), ("--init-from", initFrom != nil),
            ("--recipe", recipe != nil), ("--threads", machine.threads != nil),
            ("--readers", machine.readers != nil), ("--device", machine.device != nil),
        ]
        return flags.filter(\.isGiven).map(\.name)
    }
}
