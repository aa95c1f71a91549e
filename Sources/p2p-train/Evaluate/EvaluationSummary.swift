import CommandKit
import DatasetKit
import Pix2Pix

/// The parts of an evaluation's page that are words and numbers.
struct EvaluationSummary {
    private let result: EvaluationResult

    /// So many pairs are listed; all of them are in the CSV.
    private static let listedPairs = 2000

    init(_ result: EvaluationResult) {
        self.result = result
    }

    /// What was measured on what.
    var header: String {
        let data = result.data
        let part = data.count == data.splitCount ? "" : " of \(data.splitCount)"
        let text =
            "split \(data.split.rawValue), \(data.count)\(part) pairs at \(data.size.width)×"
            + "\(data.size.height)"
        let models = zip(result.models, result.models.indices).map { model, place in
            "<p>\(mark(place))\(Markup.escaped(model.origin))</p>"
        }
        return """
            <header><h1>\(Markup.escaped(data.dataset))</h1><p>\(Markup.escaped(text))</p>
            \(models.joined())</header>
            """
    }

    /// A number for each measure.
    var cards: String {
        // The mean IoU of an image says less than that over all pixels: one of them is enough here.
        let means = result.measures.filter { $0 != .meanIoU }.map { measure in
            (MeasureText.title(measure), result.models.map { $0.measures[measure]?.mean ?? 0 })
        }
        let totals = result.models[0].totals.enumerated().compactMap { place, total in
            total.name == "pixel accuracy"
                ? nil
                : (Markup.capitalized(total.name), result.models.map { $0.totals[place].value })
        }
        let cards = (means + totals).map { title, values in
            let last = values[values.count - 1]
            let more = values.count == 1 ? "" : " of B; A \(NumberText.short(values[0]))"
            return
                "<div class=\"card\"><b>\(NumberText.short(last))</b><span>\(title)\(more)</span></div>"
        }
        return "<div class=\"cards\">\(cards.joined())</div>"
    }

    /// What a reader must know.
    var notes: String {
        guard !result.notes.isEmpty else { return "" }
        let items = result.notes.map { "<li>\(Markup.escaped(Markup.capitalized($0))).</li>" }
        return
            "<section id=\"notes\"><h2>To know</h2><ul class=\"notes\">\(items.joined())</ul></section>"
    }

    /// All figures over all pairs.
    var table: String {
        let (head, rows) = result.comparison.map(compared) ?? summaries
        return """
            <section id="measures"><h2>Measures</h2>\(meaning)<div class="panel scroll"><table>
            <thead><tr>\(head.map { "<th>\($0)</th>" }.joined())</tr></thead>
            <tbody>\(rows.map(row).joined())</tbody></table></div></section>
            """
    }

    /// How it was measured.
    var settings: String {
        let data = result.data
        var rows = [
            ("dataset", "\(data.dataset), \(data.folder)"), ("fingerprint", data.fingerprint),
        ]
        for (model, place) in zip(result.models, result.models.indices) {
            let letter = result.models.count == 1 ? "model" : "model \(result.letters[place])"
            rows.append((letter, model.path))
            rows.append(("\(letter) used with", model.manner))
            if let name = model.trainedOn { rows.append(("\(letter) trained on", name)) }
        }
        rows.append(("device", "\(result.device), \(result.threads) threads"))
        rows.append(("speed", "\(NumberText.short(result.imagesPerSecond)) images a second"))
        let software = result.software.sorted { $0.key < $1.key }
        rows.append(("software", software.map { "\($0.key) \($0.value)" }.joined(separator: ", ")))
        let cells = rows.map { name, value in
            "<tr><th>\(Markup.escaped(name))</th><td>\(Markup.escaped(value))</td></tr>"
        }
        return """
            <h2 id="settings">How it was measured</h2><section class="panel settings"><table>\
            \(cells.joined())</table></section>
            """
    }

    /// The values of each pair, to be opened.
    var everyPair: String {
        let letters = result.models.count == 1 ? [""] : result.letters.map { " \($0)" }
        let head = result.measures.flatMap { measure in
            letters.map { "<th>\(MeasureText.title(measure))\($0)</th>" }
        }
        let rows = result.pairs.prefix(Self.listedPairs).map { pair in
            let cells = result.measures.flatMap { measure in
                pair.values.map { "<td>\($0[measure].map(NumberText.short) ?? "")</td>" }
            }
            return "<tr><th>\(Markup.escaped(pair.key))</th>\(cells.joined())</tr>"
        }
        let most =
            result.pairs.count > rows.count
            ? "the first \(rows.count) of \(result.pairs.count)" : "all \(rows.count)"
        return """
            <h2 id="pairs">Every pair</h2><details><summary>\(most) pairs</summary>
            <div class="panel scroll"><table><thead><tr><th>pair</th>\(head.joined())</tr></thead>
            <tbody>\(rows.joined())</tbody></table></div></details>
            """
    }

    // MARK: - Parts

    private var meaning: String {
        guard result.comparison != nil else { return "" }
        return """
            <p class="meaning">B − A: the mean difference with its 95 % confidence interval (Student's t, \
            pair by pair). Sign test: how likely so uneven a count of better pairs would be by chance.</p>
            """
    }

    private var summaries: ([String], [[String]]) {
        let model = result.models[0]
        let rows = result.measures.compactMap { measure in
            model.measures[measure].map { found in
                [MeasureText.title(measure)]
                    + [found.mean, found.deviation, found.median, found.lowest, found.highest]
                    .map(NumberText.short)
            }
        }
        let totals = model.totals.map { total in
            [
                "\(Markup.capitalized(total.name)), all pairs", NumberText.short(total.value), "",
                "", "", "",
            ]
        }
        return (["", "mean", "deviation", "median", "lowest", "highest"], rows + totals)
    }

    private func compared(
        _ comparison: [Measure: PairedComparison]
    ) -> ([String], [[String]]) {
        let (first, second) = (result.models[0], result.models[1])
        let rows = result.measures.compactMap { measure -> [String]? in
            guard let a = first.measures[measure], let b = second.measures[measure],
                let found = comparison[measure]
            else { return nil }
            let interval = found.interval.map { "\(signed($0.low)) … \(signed($0.high))" } ?? ""
            return [
                MeasureText.title(measure), NumberText.short(a.mean), NumberText.short(b.mean),
                signed(found.difference), interval, "\(found.firstIsBetter)",
                "\(found.secondIsBetter)", NumberText.short(found.signTest),
            ]
        }
        let totals = zip(first.totals, second.totals).map { a, b in
            [
                "\(Markup.capitalized(a.name)), all pairs", NumberText.short(a.value),
                NumberText.short(b.value), signed(b.value - a.value), "", "", "", "",
            ]
        }
        let head = [
            "", "\(mark(0))", "\(mark(1))", "B − A", "95 %", "A better", "B better", "sign test p",
        ]
        return (head, rows + totals)
    }

    private func row(_ cells: [String]) -> String {
        "<tr><th>\(cells.first ?? "")</th>"
            + cells.dropFirst().map { "<td>\($0)</td>" }.joined() + "</tr>"
    }

    /// The letter of a model in its colour; empty where there is one model only.
    private func mark(_ place: Int) -> String {
        guard result.models.count == 2 else { return "" }
        return "<b class=\"letter c\(place)\">\(result.letters[place])</b> "
    }

    private func signed(_ value: Double) -> String {
        value < 0 ? "−\(NumberText.short(-value))" : "+\(NumberText.short(value))"
    }

    /// The looks of these parts.
    static let css = """
        .letter{color:var(--c)}header .letter{margin-right:4px}
        header p{margin-bottom:2px;overflow-wrap:anywhere}
        .notes{margin:8px 0 0;padding:10px 14px 10px 30px;background:var(--panel);\
        border:1px solid var(--line);border-left:4px solid var(--some);border-radius:10px;\
        overflow-wrap:anywhere}
        .scroll{overflow:auto;max-height:520px}
        .scroll table{width:auto;min-width:100%;margin:0;font-variant-numeric:tabular-nums}
        .scroll th,.scroll td{white-space:nowrap;width:auto;text-align:right;padding:4px 12px}
        .scroll thead th{position:sticky;top:0;z-index:1;background:var(--panel);border:0}
        .settings th{width:150px}
        """
}
