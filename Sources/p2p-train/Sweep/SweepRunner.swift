import CommandKit
import DatasetKit
import Pix2Pix

/// Makes the runs of a sweep, one after the other, and keeps its results up to date.
final class SweepRunner {
    private let planned: PlannedSweep
    private let stop: StopSignal
    private let display: SweepDisplay
    /// What has become of the runs so far, in their order.
    private(set) var results: [SweepResult]

    /// Takes note of the runs that are there.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    init(_ planned: PlannedSweep, until stop: StopSignal) throws(DatasetError) {
        self.planned = planned
        self.stop = stop
        display = SweepDisplay(planned)
        results = try planned.results()
    }

    /// Makes what is left to do, until a signal comes.
    ///
    /// - Throws: What ends a training, but for a loss that is not finite.
    func run() throws {
        try FileSystem.makeFolder(planned.folder)
        display.begin(results)
        try completeReports()
        try write()
        for place in results.indices where stop.received == nil {
            guard [.waiting, .stopped].contains(results[place].status) else { continue }
            try make(place)
            try write()
        }
    }

    /// Writes the results as they are now: `sweep.json` and `sweep.html`.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    func write() throws {
        let record = SweepRecord(planned.sweep, on: planned.dataset, results)
        try FileSystem.writeAtomically(try JSONText.pretty(record), to: planned.recordPath)
        let page = SweepPage(planned, results)
        try FileSystem.writeAtomically(page.html.utf8, to: planned.pagePath)
    }

    /// Begins or goes on with a run.
    private func make(_ place: Int) throws {
        let folder = planned.runs[place].folder
        let trainer = try trainer(of: planned.runs[place])
        do {
            display.begin(trainer, number: place, name: results[place].run.name)
            defer { display.endLine() }
            try trainer.train(in: folder, until: stop, observer: display.show)
            let isOver = try folder.stage() == .over
            try results[place].update(isOver ? .finished : .stopped, from: folder)
        } catch let error as TrainingError where error.code == .diverged {
            try results[place].update(.diverged, problem: error.message, from: folder)
        }
        display.end(results[place])
    }

    private func trainer(of run: PlannedSweep.Run) throws -> Trainer {
        switch run.stage {
        case .paused, .over:
            return try Trainer(
                resuming: run.folder,
                run.folder.configuration(),
                dataset: planned.dataset
            )
        case .begun, .absent:
            // Killed before its first checkpoint: there is nothing to go on with.
            if run.stage == .begun { try run.folder.clear() }
            return try Trainer(
                run.plan.settings,
                dataset: planned.dataset,
                recipe: run.plan.recipe,
                augmentation: run.plan.augmentation,
                run: run.folder
            )
        }
    }

    /// Writes the reports of runs that came to their end when nobody could take note of it.
    private func completeReports() throws(DatasetError) {
        for (run, result) in zip(planned.runs, results) where result.status == .finished {
            let earlier = planned.before?.runs.first { $0.folder == run.run.name }
            if earlier?.status == .finished { continue }
            let metric = run.plan.settings.options.bestMetric.recordName
            RunReport(of: run.folder, bestBy: metric).writeOrWarn()
        }
    }
}
