import CommandKit
import DatasetKit
import Pix2Pix

/// The metric of a sweep over the epochs: a curve for each case, the mean of its runs.
struct SweepCharts {
    /// Curves in a diagram besides that of the first case: there are six colours.
    private static let curves = 5

    private let comparison: SweepComparison

    init(_ comparison: SweepComparison) {
        self.comparison = comparison
    }

    /// The section; empty before the first validation.
    var html: String {
        guard let first = comparison.cases.first else { return "" }
        let others = comparison.cases.dropFirst().filter { !points($0).isEmpty }
        let groups = stride(from: 0, to: max(1, others.count), by: Self.curves).map {
            others.dropFirst($0).prefix(Self.curves)
        }
        let figures = groups.map { group in
            let reference = LineChart.Series(
                name: first.sweepCase.name,
                points: points(first),
                color: 5,
                style: .dashed
            )
            let curves = group.enumerated().map { color, item in
                LineChart.Series(
                    name: item.sweepCase.name,
                    points: points(item),
                    color: color
                )
            }
            return LineChart(
                title: comparison.metric.recordName,
                note: comparison.metric.isHigherBetter ? "higher is better" : "lower is better",
                unit: "epoch",
                range: 0...Double(max(1, lastEpoch)),
                series: [reference] + curves
            ).html
        }.joined()
        guard !figures.isEmpty else { return "" }
        return """
            <h2 id="curves">Over the epochs</h2><p class="meaning">Means over the seeds, of all runs \
            that came so far; dashed is \(Markup.escaped(first.sweepCase.name)).</p>
            <div class="charts">\(figures)</div>
            """
    }

    private var lastEpoch: Int {
        comparison.cases.flatMap(\.results).compactMap { $0.epochs.last?.number }.max() ?? 0
    }

    /// The means of those epochs that every run of the case with any epochs has.
    private func points(_ item: SweepComparison.Case) -> [LineChart.Series.Point] {
        let runs = item.results.map(\.epochs).filter { !$0.isEmpty }
        var values: [Int: [Double]] = [:]
        for epoch in runs.joined() {
            guard let value = epoch.values[comparison.metric.recordName] else { continue }
            values[epoch.number, default: []].append(value)
        }
        return values.sorted { $0.key < $1.key }.compactMap { number, values in
            guard values.count == runs.count, let mean = Spread(values)?.mean else { return nil }
            return .init(x: Double(number), y: mean)
        }
    }
}
