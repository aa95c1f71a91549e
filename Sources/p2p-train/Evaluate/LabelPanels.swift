import CommandKit
import Pix2Pix

/// How well label maps agree: the classes, and what each was taken for.
struct LabelPanels {
    private let result: EvaluationResult

    /// More classes are too many for a matrix.
    private static let mostInMatrix = 32

    init(_ result: EvaluationResult) {
        self.result = result
    }

    /// The section; empty where the targets are no label maps.
    var html: String {
        let panels = zip(result.models, result.models.indices).compactMap { model, place in
            model.labels.map { score in
                classes(score, place)
                    + (score.palette.names.count <= Self.mostInMatrix ? matrix(score, place) : "")
            }
        }
        guard !panels.isEmpty else { return "" }
        return """
            <section id="labels"><h2>Label maps</h2>
            <p class="meaning">Each made pixel counts as the nearest of the targets' colours. IoU: the \
            pixels that have a class in both images, of those that have it in one.</p>
            <div class="labels">\(panels.joined())</div></section>
            """
    }

    private func title(_ text: String, _ place: Int) -> String {
        result.models.count == 1 ? text : "\(text) of \(result.letters[place])"
    }

    private func classes(_ score: LabelMapScore, _ place: Int) -> String {
        let numbers = score.palette.names.indices
        let all = max(1, numbers.map(score.pixels).reduce(0, +))
        let rows = numbers.map { number in
            let share = Double(score.pixels(of: number)) / Double(all)
            let isIgnored = score.palette.ignored.contains(number)
            let values = [score.accuracy(of: number), score.intersectionOverUnion(of: number)]
            let cells = values.map { "<td>\($0.map(Markup.percent) ?? "")</td>" }
            return "<tr><th>\(name(number, score))</th>"
                + "<td>\(isIgnored ? "ignored" : Markup.percent(share))</td>\(cells.joined())</tr>"
        }
        return """
            <section class="panel"><h3>\(title("Classes", place))</h3><div class="scroll"><table>
            <thead><tr><th>class</th><th>pixels</th><th>accuracy</th><th>IoU</th></tr></thead>
            <tbody>\(rows.joined())</tbody></table></div></section>
            """
    }

    /// Rows are targets; a row's cells add up to 100 %.
    private func matrix(_ score: LabelMapScore, _ place: Int) -> String {
        let numbers = score.palette.names.indices
        let head = numbers.map { "<th>\(swatch($0, score) ?? name($0, score))</th>" }
        let rows = numbers.filter { score.pixels(of: $0) > 0 }.map { row in
            let cells = numbers.map { column in
                let share = Double(score.confusion[row][column]) / Double(score.pixels(of: row))
                let text = share < 0.005 ? "" : Readable.fixed(100 * share, decimals: 0)
                let state = row == column ? " class=\"right\"" : ""
                return "<td\(state) style=\"--s:\(Readable.fixed(60 * share, decimals: 1))%\" "
                    + "title=\"\(score.palette.names[row]) taken for \(score.palette.names[column]): "
                    + "\(score.confusion[row][column]) pixels\">\(text)</td>"
            }
            return "<tr><th>\(name(row, score))</th>\(cells.joined())</tr>"
        }
        return """
            <section class="panel"><h3>\(title("Mistakes", place))</h3>
            <p class="meaning">Per cent of a target class's pixels (rows) that were taken for each class \
            (columns).</p>
            <div class="scroll"><table class="matrix"><thead><tr><th></th>\(head.joined())</tr></thead>
            <tbody>\(rows.joined())</tbody></table></div></section>
            """
    }

    private func name(_ number: Int, _ score: LabelMapScore) -> String {
        "\(swatch(number, score) ?? "")<code>\(score.palette.names[number])</code>"
    }

    /// The colour of a class; `nil` where classes are numbers.
    private func swatch(_ number: Int, _ score: LabelMapScore) -> String? {
        guard score.palette.kind == .colors else { return nil }
        let color = score.palette.names[number]
        return "<i class=\"swatch\" style=\"background:\(color)\" title=\"\(color)\"></i>"
    }

    /// The looks of the section.
    static let css = """
        .labels{display:grid;grid-template-columns:minmax(0,5fr) minmax(0,8fr);gap:14px;\
        align-items:start}
        @media(max-width:820px){.labels{grid-template-columns:minmax(0,1fr)}}
        .swatch{display:inline-block;width:14px;height:14px;border-radius:3px;\
        border:1px solid var(--line);vertical-align:-2px;margin-right:5px}
        .matrix .swatch{margin-right:0}.matrix tbody .swatch{margin-right:5px}
        .matrix td{min-width:30px;background:color-mix(in srgb,var(--grave) var(--s),transparent)}
        .matrix td.right{background:color-mix(in srgb,var(--accent) var(--s),transparent)}
        .scroll .matrix td,.scroll .matrix thead th{padding:3px 5px;text-align:center}
        .scroll tbody th{text-align:left;padding-left:0;position:sticky;left:0;background:var(--panel)}
        """
}
