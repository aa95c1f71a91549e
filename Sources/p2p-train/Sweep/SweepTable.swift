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

    /// For a terminal: columns of equal width.
    var lines: [String] {
        let rows = [header] + comparison.ranked.map { cells($0) }
        let widths = header.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let padded = zip(row, widths).map { cell, width in
                cell + String(repeating: " ", count: width - cell.count)
            }
            return String(padded.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
        }
    }

    /// For documents: what differs has a column, and differences beyond all runs' spread are bold.
    var markdown: String {
        func row(_ cells: [String]) -> String {
            "| \(cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ")) |\n"
        }
        var names = header
        names.insert("what differs", at: 1)
        var text = row(names) + row(names.map { _ in "---" })
        for item in comparison.ranked {
            var cells = cells(item, bold: true)
            let differences = item.sweepCase.differences(from: operations).map { "`\($0)`" }
            cells.insert(differences.joined(separator: ", "), at: 1)
            text += row(cells)
        }
        return text
    }

    private var header: [String] {
        ["case", "runs"]
            + metrics.flatMap { ["val \($0.rawValue)", "difference"] }
            + ["last \(comparison.metric.rawValue)", "pairs/s"]
    }

    /// The metric that decides, then the others.
    private var metrics: [TrainOptions.Metric] {
        [comparison.metric] + comparison.metrics.filter { $0 != comparison.metric }
    }

    private func cells(_ item: SweepComparison.Case, bold: Bool = false) -> [String] {
        let values = metrics.flatMap { metric -> [String] in
            let difference = comparison.difference(of: item, by: metric).map { difference in
                let text = metric.signed(difference.value)
                return bold && difference.isApart ? "**\(text)**" : text
            }
            return [Self.text(item.best[metric], metric), difference ?? ""]
        }
        return [item.sweepCase.name, "\(item.finished.count)\(Self.others(item))"] + values
            + [
                Self.text(item.last, comparison.metric),
                item.pairsPerSecond.map { Readable.fixed($0, decimals: 1) } ?? "",
            ]
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
