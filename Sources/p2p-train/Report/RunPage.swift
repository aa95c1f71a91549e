import CommandKit
import DatasetKit
import Pix2Pix

/// A run as one HTML file: curves, pictures and settings are in it, nothing is fetched.
struct RunPage {
    var name: String
    var description: RunDescription
    var history: RunHistory
    var pictures: ShownEpochs
    /// The best epoch, and by what it is the best.
    var best: (epoch: Int, name: String)?

    /// The whole page.
    var html: String {
        let charts = RunCharts(history, best: best, undecided: description.undecidedLoss)
        return Markup.page(
            title: "\(name): training",
            style: PageStyle.css + LineChart.css + SampleViewer.css + RunTables.css + Self.css,
            body: """
                \(header)
                \(RunCards(description, history, best: best).html)
                \(WarningList(history.warnings).html)
                \(SampleViewer(pictures, best: best?.epoch).html)
                \(section("losses", "Losses", charts.losses, lossNote))
                \(section("validation", "Validation", charts.validation))
                \(section("speed", "Speed", charts.progress))
                \(RunTables(description).html)
                \(EpochTable(history, best: best?.epoch).html)
                <footer>p2p \(Version.current)\(skipped)</footer>
                <script>\(LineChart.script)\(SampleViewer.script)</script>
                """
        )
    }

    private var header: String {
        let dataset =
            description.datasetName.isEmpty ? "" : "trained on \(description.datasetName), "
        let size = description.imageSize.map { "\($0.width)×\($0.height), " } ?? ""
        let epochs = history.epochs.last?.number ?? 0
        let state =
            epochs == 0 ? "no epoch is complete yet" : "after epoch \(epochs)" + ofAllEpochs
        return """
            <header><h1>\(Markup.escaped(name))</h1>
            <p>\(Markup.escaped(dataset + size + state))</p></header>
            """
    }

    private var ofAllEpochs: String { description.totalEpochs.map { " of \($0)" } ?? "" }

    private func section(
        _ anchor: String,
        _ title: String,
        _ content: String,
        _ note: String = ""
    ) -> String {
        guard !content.isEmpty else { return "" }
        let meaning = note.isEmpty ? "" : "<p class=\"meaning\">\(Markup.escaped(note))</p>"
        return "<section id=\"\(anchor)\"><h2>\(title)</h2>\(meaning)\(content)</section>"
    }

    private var lossNote: String {
        let window = history.steps.stepsPerWindow
        let steps = window == 1 ? "each step" : "means of \(window) steps"
        return history.epochs.count < 3
            ? Markup.capitalized(steps) + "." : "Means of epochs; behind them, fainter, \(steps)."
    }

    private var skipped: String {
        let count = history.unreadableLines
        return count == 0 ? "" : "; \(count) lines of metrics.jsonl could not be read"
    }

    private static let css = """
        .warnings{list-style:none;margin:0;padding:0;display:grid;gap:10px}
        .warnings li{background:var(--panel);border:1px solid var(--line);\
        border-left:4px solid var(--some);border-radius:10px;padding:10px 14px}
        .warnings p{margin:2px 0}.warnings small{color:var(--dim)}
        .scroll{overflow-x:auto;max-height:480px;overflow-y:auto}
        .scroll table{width:auto;min-width:100%;font-variant-numeric:tabular-nums}
        .scroll th,.scroll td{white-space:nowrap;width:auto;text-align:right;padding:3px 12px}
        .scroll thead th{position:sticky;top:0;background:var(--panel);border:0}
        .scroll tr.best td{color:var(--c2);font-weight:600}
        .card b{overflow-wrap:anywhere}
        """
}
