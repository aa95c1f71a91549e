import CommandKit
import DatasetKit
import Pix2Pix

/// What a sweep says while it runs: a live line, and a line for each run that has come to its end.
final class SweepDisplay {
    private let planned: PlannedSweep
    private let line = ProgressLine()
    private var title = ""
    private var warnings = 0

    init(_ planned: PlannedSweep) {
        self.planned = planned
    }

    /// Says what is there, and what is left to do.
    func begin(_ results: [SweepResult]) {
        let sweep = planned.sweep
        Console.message(
            "\(sweep.name): \(Readable.count(sweep.cases.count, "case")) with "
                + "\(Readable.count(sweep.seeds.count, "seed")), \(Readable.count(results.count, "run")) on "
                + "\(planned.dataset.index.name); in \(planned.folder)"
        )
        let changes = planned.changes
        if !changes.isEmpty {
            let more = changes.count > 4 ? " and \(changes.count - 4) more" : ""
            Console.warning(
                "\(sweep.file) has changed since: \(changes.prefix(4).joined(separator: ", "))\(more); "
                    + "runs whose settings are the same are kept"
            )
        }
        let left = planned.leftOver
        if !left.isEmpty {
            Console.warning(
                "no longer in the sweep, and left where they are: \(left.joined(separator: ", "))"
            )
        }
        for (status, words) in [
            (SweepResult.Status.finished, "finished before, and kept"), (.stopped, "to go on with"),
            (.diverged, "diverged before; remove the folder to try again"),
        ] {
            let found = results.filter { $0.status == status }
            guard !found.isEmpty else { continue }
            let names = found.count > 3 ? "" : ": " + found.map(\.run.name).joined(separator: ", ")
            Console.message("\(Readable.count(found.count, "run")) \(words)\(names)")
        }
    }

    /// A run begins, or goes on.
    func begin(_ trainer: Trainer, number: Int, name: String) {
        title = "\(number + 1)/\(planned.runs.count) \(name)"
        warnings = 0
        if trainer.stepsBefore > 0 {
            Console.message("\(title) goes on after step \(trainer.stepsBefore)")
        }
    }

    /// Shows an event of a run.
    func show(_ event: Trainer.Event) {
        switch event {
        case .step(let report):
            line.update {
                "\(title)  epoch \(report.epoch)/\(report.epochs) step \(report.step)/"
                    + "\(report.stepsPerEpoch)  "
                    + "\(Readable.fixed(report.tally.pairsPerSecond, decimals: 1)) pairs/s"
            }
        case .validating(let epoch): line.update { "\(title)  epoch \(epoch) validation" }
        case .warning: warnings += 1
        case .epoch, .outOfPatience: break
        }
    }

    /// Removes the live line.
    func endLine() { line.end() }

    /// A run has ended.
    func end(_ result: SweepResult) {
        let metric = planned.sweep.metric
        if result.status == .diverged {
            return Console.error("\(title): \(result.problem ?? "")")
        }
        var parts = [title + (result.status == .stopped ? " was stopped" : "")]
        if let best = result.best(by: metric), let value = best.values[metric.recordName] {
            parts.append("\(metric.rawValue) \(metric.text(value)) (epoch \(best.number))")
        }
        parts.append(Readable.duration(seconds: result.seconds))
        if let speed = result.pairsPerSecond {
            parts.append("\(Readable.fixed(speed, decimals: 1)) pairs/s")
        }
        if warnings > 0 { parts.append("\(Readable.count(warnings, "warning")), see its report") }
        Console.message(parts.joined(separator: "  "))
    }
}

extension TrainOptions.Metric {
    /// A value of the metric as tables have it: PSNR is in dB, the others are about 1.
    func text(_ value: Double) -> String { Readable.fixed(value, decimals: decimals) }

    /// A difference, with its sign.
    func signed(_ value: Double) -> String {
        let text = text(abs(value))
        return text.contains { $0 != "0" && $0 != "." } ? (value < 0 ? "−" : "+") + text : text
    }

    private var decimals: Int { self == .psnr ? 2 : 4 }
}
