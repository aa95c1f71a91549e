import CommandKit
import DatasetKit
import FoundationEssentials
import Pix2Pix

/// A sweep as one HTML file that links to its runs' reports.
struct SweepPage {
    private let planned: PlannedSweep
    private let results: [SweepResult]
    private let comparison: SweepComparison

    init(_ planned: PlannedSweep, _ results: [SweepResult]) {
        self.planned = planned
        self.results = results
        comparison = SweepComparison(results, of: planned.sweep)
    }

    /// The whole page.
    var html: String {
        let name = planned.sweep.name
        return Markup.page(
            title: "\(name): sweep",
            style: PageStyle.css + LineChart.css + SweepRanking.css,
            body: """
                <header><h1>\(Markup.escaped(name))</h1><p>\(Markup.escaped(state))</p></header>
                \(cards)
                \(problems)
                \(SweepRanking(comparison, operations: planned.operations).html)
                \(SweepCharts(comparison).html)
                \(runs)
                \(document)
                <footer>p2p \(Version.current)</footer>
                <script>\(LineChart.script)</script>
                """
        )
    }

    private func count(_ status: SweepResult.Status) -> Int {
        results.count { $0.status == status }
    }

    private var state: String {
        let metric = comparison.metric
        return "\(count(.finished)) of \(Readable.count(results.count, "run")) finished, on "
            + "\(planned.dataset.index.name); judged by val_\(metric.rawValue), where "
            + "\(metric.isHigherBetter ? "higher" : "lower") is better, in the best epoch of each run"
    }

    private var cards: String {
        var cards = [card("\(count(.finished))", "of \(results.count) runs")]
        let ranked = comparison.ranked().first
        if let ranked, let best = ranked.best[comparison.metric] {
            cards.append(
                card(comparison.metric.text(best.mean), "best: \(ranked.sweepCase.name)")
            )
        }
        if let first = comparison.cases.first, first.number != ranked?.number,
            let own = first.best[comparison.metric]
        {
            cards.append(
                card(comparison.metric.text(own.mean), "the first: \(first.sweepCase.name)")
            )
        }
        let seconds = results.map(\.seconds).reduce(0, +)
        cards.append(card(Readable.duration(seconds: seconds), "of training steps"))
        if count(.diverged) > 0 { cards.append(card("\(count(.diverged))", "diverged", "grave")) }
        return "<div class=\"cards\">\(cards.joined())</div>"
    }

    private func card(_ value: String, _ title: String, _ state: String = "") -> String {
        "<div class=\"card \(state)\"><b>\(Markup.escaped(value))</b>"
            + "<span>\(Markup.escaped(title))</span></div>"
    }

    /// What went wrong, run by run.
    private var problems: String {
        let items = results.compactMap { result in
            result.problem.map {
                "<li><b>\(Markup.escaped(result.run.name))</b> \(Markup.escaped($0))</li>"
            }
        }
        return items.isEmpty ? "" : "<h2>Diverged</h2><ul>\(items.joined())</ul>"
    }

    /// All runs, in their order.
    private var runs: String {
        let metric = comparison.metric
        func value(_ epoch: RunHistory.Epoch?) -> String {
            epoch?.values[metric.recordName].map(metric.text) ?? ""
        }
        let rows = results.map { result in
            let best = result.best(by: metric)
            let name = Markup.escaped(result.run.name)
            let cells = [
                result.status.rawValue, value(best), best.map { "\($0.number)" } ?? "",
                value(result.last(with: metric)),
                result.epochs.last.map { "\($0.number)" } ?? "",
                result.epochs.isEmpty ? "" : Readable.duration(seconds: result.seconds),
                result.pairsPerSecond.map { Readable.fixed($0, decimals: 1) } ?? "",
            ]
            // A run without an epoch has no report.
            let title =
                result.epochs.isEmpty
                ? name : "<a href=\"\(Self.address(result.run.name))/report.html\">\(name)</a>"
            return "<tr class=\"\(result.status.rawValue)\"><th>\(title)</th>"
                + cells.map { "<td>\($0)</td>" }.joined() + "</tr>"
        }
        let names = [
            "run", "", "val_\(metric.rawValue)", "epoch", "last", "epochs", "time", "pairs/s",
        ]
        return """
            <h2 id="runs">Runs</h2><p class="meaning">Each name leads to the run's own report.</p>
            <div class="panel wide-table"><table><thead><tr>\
            \(names.map { "<th>\($0)</th>" }.joined())</tr></thead>\
            <tbody>\(rows.joined())</tbody></table></div>
            """
    }

    private var document: String {
        let text = (try? JSONText.pretty(planned.sweep.document)) ?? Data()
        return """
            <h2>The sweep</h2><details><summary>\(Markup.escaped(planned.sweep.file))</summary>\
            <div class="panel wide-table"><pre>\(Markup.escaped(String(decoding: text, as: UTF8.self)))\
            </pre></div></details>
            """
    }

    /// A folder's name as a part of an address: RFC 3986, section 2.3.
    private static func address(_ name: String) -> String {
        let hexadecimal = Array("0123456789ABCDEF")
        return name.utf8.map { byte in
            let character = Character(UnicodeScalar(byte))
            let isPlain =
                byte < 0x80
                && (character.isLetter || character.isNumber || "-._~".contains(character))
            return isPlain
                ? String(character)
                : "%\(hexadecimal[Int(byte >> 4)])\(hexadecimal[Int(byte & 15)])"
        }.joined()
    }
}
