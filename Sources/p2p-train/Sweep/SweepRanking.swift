import CommandKit
import DatasetKit
import Pix2Pix

/// The cases of a sweep on its page: the best first, each run a dot on a common scale.
struct SweepRanking {
    private let comparison: SweepComparison
    private let operations: [JSONValue]
    private let scale: AxisScale?

    init(_ comparison: SweepComparison, operations: [JSONValue]) {
        self.comparison = comparison
        self.operations = operations
        let spreads = comparison.cases.compactMap { $0.best[comparison.metric] }
        if let low = spreads.map(\.lowest).min(), let high = spreads.map(\.highest).max() {
            let room = high > low ? 0.03 * (high - low) : max(abs(high), 1) * 0.01
            scale = AxisScale(exactly: low - room...high + room, ticks: 3)
        } else {
            scale = nil
        }
    }

    private var metric: TrainOptions.Metric { comparison.metric }

    private var others: [TrainOptions.Metric] { comparison.metrics.filter { $0 != metric } }

    /// The section.
    var html: String {
        let names =
            ["case", "val_\(metric.rawValue)", "runs", "difference"]
            + others.flatMap { ["val_\($0.rawValue)", "difference"] }
            + ["last \(metric.rawValue)", "pairs/s"]
        let first = comparison.cases.first?.sweepCase.name ?? ""
        return """
            <h2 id="cases">Cases</h2><p class="meaning">Mean ± standard deviation over the seeds, in \
            each run's best epoch; a dot is a run, the line goes from the lowest to the highest. Differences \
            are those to \(Markup.escaped(first)); strong where all runs of the one are better than all of \
            the other.</p>
            <div class="panel wide-table"><table class="ranking"><thead><tr>\
            \(names.map { "<th>\(Markup.escaped($0))</th>" }.joined())</tr></thead>\
            <tbody>\(comparison.ranked().map(row).joined())</tbody></table></div>
            """
    }

    private func row(_ item: SweepComparison.Case) -> String {
        let isFirst = item.number == 0 ? " class=\"first\"" : ""
        let cells =
            [value(item.best[metric], metric), dots(item), difference(item, metric)]
            + others.flatMap { [value(item.best[$0], $0), difference(item, $0)] }
            + [
                value(item.last[metric], metric),
                item.pairsPerSecond.map { Readable.fixed($0, decimals: 1) } ?? "",
            ]
        return "<tr\(isFirst)><th>\(title(item))</th>"
            + cells.map { "<td>\($0)</td>" }.joined() + "</tr>"
    }

    private func title(_ item: SweepComparison.Case) -> String {
        let differences = item.sweepCase.differences(from: operations)
            .map { "<code>\(Markup.escaped($0))</code>" }
        let others = SweepTable.others(item)
        let state =
            others.isEmpty ? "" : " <small>\(item.finished.count)\(Markup.escaped(others))</small>"
        return "<b>\(Markup.escaped(item.sweepCase.name))</b>\(state)\(differences.joined())"
    }

    private func value(_ spread: Spread?, _ metric: TrainOptions.Metric) -> String {
        guard let spread else { return "" }
        let deviation = spread.deviation.map { " <small>± \(metric.text($0))</small>" } ?? ""
        let range = "\(metric.text(spread.lowest)) to \(metric.text(spread.highest))"
        return "<span title=\"\(range)\"><b>\(metric.text(spread.mean))</b>\(deviation)</span>"
    }

    private func difference(
        _ item: SweepComparison.Case,
        _ metric: TrainOptions.Metric
    ) -> String {
        guard let difference = comparison.difference(of: item, by: metric) else { return "" }
        let state = difference.isApart ? (difference.isBetter ? "better" : "worse") : "within"
        return "<span class=\"\(state)\">\(metric.signed(difference.value))</span>"
    }

    /// The runs' values on the common scale.
    private func dots(_ item: SweepComparison.Case) -> String {
        guard let scale, let spread = item.best[metric] else { return "" }
        func place(_ value: Double) -> String {
            Readable.fixed(100 * scale.place(of: value), decimals: 1)
        }
        let width = Readable.fixed(
            100 * (scale.place(of: spread.highest) - scale.place(of: spread.lowest)),
            decimals: 1
        )
        let dots = item.finished.compactMap { result -> String? in
            guard let value = result.best(by: metric)?.values[metric.recordName] else { return nil }
            let title = "seed \(result.run.seed): \(metric.text(value))"
            return "<b style=\"left:\(place(value))%\" title=\"\(title)\"></b>"
        }
        let first = comparison.cases.first?.best[metric]
            .map { "<u style=\"left:\(place($0.mean))%\"></u>" }
        return """
            <div class="dots">\(first ?? "")<i style="left:\(place(spread.lowest))%;width:\(width)%"></i>\
            \(dots.joined())</div>
            """
    }

    /// The looks of a sweep's page.
    static let css = """
        .wide-table{overflow-x:auto}
        .wide-table table{width:auto;min-width:100%;margin:0;font-variant-numeric:tabular-nums}
        .wide-table th,.wide-table td{white-space:nowrap;width:auto;text-align:right;\
        padding:5px 0 5px 16px}
        .wide-table th:first-child{text-align:left;padding-left:0;color:var(--text)}
        .wide-table thead th{border:0;color:var(--dim)}
        .wide-table pre{margin:0;font:12px/1.5 ui-monospace,Menlo,Consolas,monospace}
        .wide-table a{color:var(--accent)}
        .wide-table tr.diverged td{color:var(--grave)}
        .wide-table tr.waiting td{color:var(--dim)}
        .ranking th:first-child{white-space:normal;min-width:170px;max-width:280px}
        .ranking code{display:block;color:var(--dim)}
        .ranking small{color:var(--dim)}
        .ranking .first th b{color:var(--accent)}
        .better{color:var(--c2);font-weight:600}.worse{color:var(--grave);font-weight:600}
        .within{color:var(--dim)}
        .dots{position:relative;width:150px;height:20px}
        .dots i,.dots b,.dots u{position:absolute}
        .dots i{top:9px;height:2px;background:var(--c0);opacity:.5}
        .dots b{top:6px;width:8px;height:8px;margin-left:-4px;border-radius:4px;background:var(--c0)}
        .dots u{top:-6px;bottom:-6px;border-left:1px dashed var(--dim)}
        .card b{overflow-wrap:anywhere}
        """
}
