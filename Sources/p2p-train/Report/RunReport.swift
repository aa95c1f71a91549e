import CommandKit
import DatasetKit
import FoundationEssentials
import Pix2Pix

/// The report of a run: `report.html` and `samples/montage.png` in its folder.
///
/// Both are functions of what lies in the folder, so that a run that was stopped, went on, or was made
/// by an older version has them too. Whoever writes them after each epoch keeps the report: it reads
/// only the new lines, and encodes only the new pictures.
final class RunReport {
    private let run: RunFolder
    /// What the best epoch is best by, such as `val_L1`.
    private let metric: String
    private let pictures = ShownEpochs()
    private var history: RunHistory?

    /// Prepares the report of a run; nothing is read yet.
    init(of run: RunFolder, bestBy metric: String = "val_L1") {
        self.run = run
        self.metric = metric
    }

    /// What was written.
    struct Outcome {
        /// The paths of the files.
        var files: [String]
        /// Epochs that are in the report.
        var epochs: Int
        /// Whether the metric by which the best epoch is told was never measured, though others were.
        var lacksMetric: Bool
    }

    /// Writes both files; without samples there is no montage.
    ///
    /// - Throws: ``DatasetError`` where a file cannot be read or written.
    @discardableResult
    func write() throws(DatasetError) -> Outcome {
        let description = try RunDescription(of: run)
        let history = try updatedHistory()
        let best = history.best(by: metric)?.number
        var files = [run.reportPath]
        if let size = description.imageSize {
            let samples = try RunSamples(of: run, pictureSize: size)
            let jobs = ProcessInfo.processInfo.activeProcessorCount
            try pictures.update(samples, best: best, jobs: jobs)
            if try SampleMontage(samples).write() { files.append(run.montagePath) }
        }
        let page = RunPage(
            name: name,
            description: description,
            history: history,
            pictures: pictures,
            best: best.map { (epoch: $0, name: metric) }
        )
        try FileSystem.writeAtomically(page.html.utf8, to: run.reportPath)
        return Outcome(
            files: files,
            epochs: history.epochs.count,
            lacksMetric: best == nil && history.names.contains { $0.hasPrefix("val_") }
        )
    }

    /// The history as far as it goes now.
    private func updatedHistory() throws(DatasetError) -> RunHistory {
        var new: RunHistory
        if let history {
            new = history
            try new.update()
        } else {
            new = try RunHistory(of: run)
        }
        history = new
        return new
    }

    /// The same where a training goes on in any case: what went wrong becomes a warning.
    func writeOrWarn() {
        do {
            try write()
        } catch {
            Console.warning("the report was not written: \(error)")
        }
    }

    /// The name of the run's folder.
    private var name: String {
        let current = FileManager.default.currentDirectoryPath
        let path = run.path.hasPrefix("/") ? run.path : "\(current)/\(run.path)"
        return path.split(separator: "/").last { $0 != "." }.map(String.init) ?? "run"
    }
}
