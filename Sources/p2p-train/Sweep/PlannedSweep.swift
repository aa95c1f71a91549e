import DatasetKit
import Pix2Pix

/// A sweep that can begin or go on: every run checked, and compared with what lies in its folder.
struct PlannedSweep {
    /// One run.
    struct Run {
        let run: SweepRun
        let plan: TrainingPlan
        let folder: RunFolder
        /// How far it has come.
        let stage: RunFolder.Stage
        /// What the run in the folder does otherwise; empty where it is the same, or there is none.
        let differences: [String]
    }

    let sweep: Sweep
    let dataset: Dataset
    /// The folder of the sweep.
    let folder: String
    /// All runs, in the order in which they are made.
    let runs: [Run]
    /// The operations of runs whose case has none of its own.
    let operations: [JSONValue]
    /// What `sweep.json` says of an earlier time; `nil` where there is none.
    let before: SweepRecord?

    /// Where the results are, for scripts.
    var recordPath: String { "\(folder)/sweep.json" }
    /// Where the results are, for people.
    var pagePath: String { "\(folder)/sweep.html" }

    /// Checks everything; nothing is written.
    ///
    /// - Parameters:
    ///   - sweep: What to try.
    ///   - dataset: What to train on.
    ///   - recipe: What the sweep's options are laid over.
    ///   - parent: The folder with the sweeps' folders.
    ///   - machine: By what machinery.
    /// - Throws: ``DatasetError``, ``TrainingError`` or ``TorchError``.
    init(
        _ sweep: Sweep,
        on dataset: Dataset,
        recipe: Recipe,
        in parent: String,
        by machine: MachineFlags
    ) throws {
        guard dataset.split(.val) != nil else {
            throw TrainingError(
                .unsuitableData,
                "\(dataset.folder): expected pairs in the split val to judge the runs by, found none; "
                    + "name a folder as \"val\" in the recipe's \"split\""
            )
        }
        self.sweep = sweep
        self.dataset = dataset
        folder = "\(parent)/\(sweep.name)"
        operations = sweep.augment ?? recipe.augment
        before = try Self.record(at: "\(folder)/sweep.json")
        let plans = try CasePlanner(sweep, dataset: dataset, recipe: recipe, machine: machine)
            .plans()
        var runs: [Run] = []
        for run in sweep.runs {
            var plan = plans[run.number]
            plan.settings.options.seed = run.seed
            let place = RunFolder(planned: "\(folder)/\(run.name)")
            runs.append(try Run(run, plan, place, on: dataset))
        }
        self.runs = runs
        try checkEarlierRuns()
    }

    private static func record(at path: String) throws -> SweepRecord? {
        guard FileSystem.kind(of: path) != nil else { return nil }
        return try SweepRecord(path: path)
    }

    /// Refuses runs that have begun with other settings.
    private func checkEarlierRuns() throws {
        for run in runs where run.stage == .paused || run.stage == .over {
            guard !run.differences.isEmpty else { continue }
            throw TrainingError(
                .exists,
                "\(run.folder.path): expected the run as the sweep has it now, found another one: "
                    + "\(run.differences.joined(separator: ", ")); give the sweep another name, or remove "
                    + "the folder"
            )
        }
    }

    /// What has changed in the sweep's file since it was last run.
    var changes: [String] {
        before.map { sweep.document.differences(from: $0.sweep) } ?? []
    }

    /// Folders of runs that the sweep no longer has.
    var leftOver: [String] {
        let names = Set(runs.map(\.run.name))
        return (before?.runs ?? []).map(\.folder).filter {
            !names.contains($0) && FileSystem.kind(of: "\(folder)/\($0)") != nil
        }
    }

    /// What is known of the runs before any is made.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    func results() throws(DatasetError) -> [SweepResult] {
        var results: [SweepResult] = []
        for run in runs {
            var result = SweepResult(run.run)
            let earlier = before?.runs.first { $0.folder == run.run.name }
            if run.stage != .absent, run.differences.isEmpty, earlier?.status == .diverged {
                try result.update(.diverged, problem: earlier?.problem, from: run.folder)
            } else if run.stage == .over {
                try result.update(.finished, from: run.folder)
            } else if run.stage == .paused {
                try result.update(.stopped, from: run.folder)
            }
            results.append(result)
        }
        return results
    }
}

extension PlannedSweep.Run {
    /// Looks at a run's folder.
    ///
    /// - Throws: ``DatasetError`` where a file in it is damaged, or it holds something else.
    fileprivate init(
        _ run: SweepRun,
        _ plan: TrainingPlan,
        _ folder: RunFolder,
        on dataset: Dataset
    ) throws {
        let stage = try folder.stage()
        let configuration = try folder.hasConfiguration ? folder.configuration() : nil
        self.init(
            run: run,
            plan: plan,
            folder: folder,
            stage: stage,
            differences: try configuration?.differences(from: plan, on: dataset) ?? []
        )
    }
}
