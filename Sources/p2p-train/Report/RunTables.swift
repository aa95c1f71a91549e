import CommandKit
import DatasetKit
import Pix2Pix

/// Settings, hardware and dataset of a run, as `config.json` has them.
struct RunTables {
    private let description: RunDescription

    init(_ description: RunDescription) {
        self.description = description
    }

    /// The panels.
    var html: String {
        let panels = [
            panel("Settings", rows(description.settings), columns: 3),
            panel("Dataset", dataset, list: augmentation),
            panel("Hardware", rows(description.hardware)),
            panel("Networks and software", parameters + rows(description.software)),
        ]
        return """
            <h2 id="settings">What it is</h2><div class="sides">\(panels.joined())</div>
            """
    }

    private func rows(_ entries: [RunDescription.Entry]) -> [(String, String)] {
        entries.map { ($0.name, $0.value) }
    }

    private var parameters: [(String, String)] {
        description.parameters.map { entry in
            let count = Double(entry.value).map(NumberText.short) ?? entry.value
            return (entry.name, "\(count) parameters")
        }
    }

    private var dataset: [(String, String)] {
        let pairs = description.pairs.map { "\($0.value) \($0.name)" }.joined(separator: ", ")
        var rows = [
            ("name", description.datasetName), ("pairs", pairs),
            ("folder", description.datasetFolder), ("fingerprint", description.fingerprint),
        ].filter { !$0.1.isEmpty }
        // Its folder may be gone, or hold something else by now.
        guard !description.datasetFolder.isEmpty,
            let index = try? DatasetIndex(folder: description.datasetFolder)
        else { return rows }
        guard index.fingerprint == description.fingerprint else {
            return rows + [("note", "the folder holds another dataset now")]
        }
        let bytes = index.splits.values.flatMap(\.shards).map(\.bytes).reduce(0, +)
        rows.insert(("inputs", text(index.input)), at: 2)
        rows.insert(("targets", text(index.target)), at: 3)
        rows.insert(("shards", Readable.bytes(bytes)), at: 4)
        return rows
    }

    private func text(_ side: DatasetIndex.Side) -> String {
        let colors = side.colors.map { ", \($0.rawValue)" } ?? ""
        return "\(side.width)×\(side.height)×\(side.channels) \(side.dtype.rawValue)\(colors)"
    }

    private var augmentation: String {
        guard !description.augmentation.isEmpty else { return "" }
        let items = description.augmentation.map { "<li><code>\(Markup.escaped($0))</code></li>" }
        return "<h4>Augmentation</h4><ul>\(items.joined())</ul>"
    }

    /// A titled table; one of several columns is as wide as the page.
    private func panel(
        _ title: String,
        _ rows: [(String, String)],
        columns: Int = 1,
        list: String = ""
    ) -> String {
        guard !rows.isEmpty || !list.isEmpty else { return "" }
        let cells = rows.map { name, value in
            "<tr><th>\(Markup.escaped(name))</th><td>\(Markup.escaped(value))</td></tr>"
        }
        let length = max(1, (cells.count + columns - 1) / columns)
        let tables = stride(from: 0, to: cells.count, by: length).map { start in
            "<table>\(cells[start..<min(start + length, cells.count)].joined())</table>"
        }
        return """
            <section class="panel\(columns > 1 ? " wide" : "")"><h3>\(title)</h3>\
            <div class="tables">\(tables.joined())</div>\(list)</section>
            """
    }

    /// The looks of the panels.
    static let css = """
        .panel table th{width:44%}.panel.wide{grid-column:1/-1}
        .tables{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,260px),1fr));\
        gap:0 28px;align-items:start}
        """
}
