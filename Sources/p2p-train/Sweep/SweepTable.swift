import CommandKit
import DatasetKit
import Pix2Pix

/// The cases of a sweep as a table of text, the best first.
struct SweepTable {
    private let comparison: SweepComparison
    private let operations: [JSONValue]

    init(_ results: [SweepResult], of planned: PlannedSweep) {
        comparison = SweepComparison(results, of: planned.sweep)
        operations = planned.operations
    }

    /// For a terminal.
    var lines: [String] {
        let header = ["case", "runs"] + names + ["last \(comparison.metric.rawValue)", "pairs/s"]
        let rows =
            [header]
            + comparison.ranked().map { item in
                [item.sweepCase.name, "\(item.finished.count)\(Self.others(item))"] + values(item)
                    + [
                        Self.text(item.last[comparison.metric], comparison.metric),
                        item.pairsPerSecond.map { Readable.fixed($0, decimals: 1) } ?? "",
                    ]
            }
        return TextTable(rows: rows).lines
    }

    /// For documents: a table of the runs' best epochs and one of their last, in which differences beyond
    /// all runs' spread are bold.
    var markdown: String {
        let best =
            "In each run's best epoch by \(comparison.metric.rawValue):\n\n\(markdown(of: .best))"
        return best + "\nIn each run's last epoch:\n\n\(markdown(of: .last))"
    }

    private func markdown(of epochs: SweepComparison.Epochs) -> String {
        func row(_ cells: [String]) -> String {
            "| \(cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ")) |\n"
        }
        let header = ["case", "what differs", "runs"] + names
        let rows = comparison.ranked(by: epochs).map { item in
            let differences = item.sweepCase.differences(from: operations).map { "`\($0)`" }
            return row(
                [item.sweepCase.name, differences.joined(separator: ", ")]
                    + ["\(item.finished.count)\(Self.others(item))"]
                    + values(item, in: epochs, bold: true)
            )
        }
        return row(header) + row(header.map { _ in "---" }) + rows.joined()
    }

    private var names: [String] {
        metrics.flatMap { ["val \($0.rawValue)", "difference"] }
    }

    /// The metric that decides, then the others.
    private var metrics: [TrainOptions.Metric] {
        [comparison.metric] + comparison.metrics.filter { $0 != comparison.metric }
    }

    /// Each metric and its difference to the first case.
    private func values(
        _ item: SweepComparison.Case,
        in epochs: SweepComparison.Epochs = .best,
        bold: Bool = false
    ) -> [String] {
        metrics.flatMap { metric -> [String] in
            let difference = comparison.difference(of: item, by: metric, in: epochs)
                .map { difference in
                    let text = metric.signed(difference.value)
                    return bold && difference.isApart ? "**\(text)**" : text
                }
            return [Self.text(item.values(in: epochs)[metric], metric), difference ?? ""]
        }
    }

    /// Such as `0.3212 ± 0.0021`; the deviation only of several runs.
    static func text(_ spread: Spread?, _ metric: TrainOptions.Metric) -> String {
        guard let spread else { return "" }
        return metric.text(spread.mean) + (spread.deviation.map { " ± \(metric.text($0))" } ?? "")
    }

    /// Runs that do not count.
    static func others(_ item: SweepComparison.Case) -> String {
        let diverged = item.results.count { $0.status == .diverged }
        let left = item.results.count - item.finished.count - diverged
        return (diverged > 0 ? ", \(diverged) diverged" : "") + (left > 0 ? ", \(left) to do" : "")
    }
}
