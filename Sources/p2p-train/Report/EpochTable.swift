import CommandKit
import Pix2Pix

/// All numbers of all epochs, for those who want them, or have no diagrams.
struct EpochTable {
    private let history: RunHistory
    private let best: Int?

    init(_ history: RunHistory, best: Int?) {
        self.history = history
        self.best = best
    }

    /// The table, to be opened; empty without an epoch.
    var html: String {
        guard !history.epochs.isEmpty else { return "" }
        let names = history.names
        let head = (["epoch"] + names).map { "<th>\(Markup.escaped($0))</th>" }
        let rows = history.epochs.map { epoch in
            let cells = names.map { name in
                "<td>\(epoch.values[name].map(NumberText.short) ?? "")</td>"
            }
            let state = epoch.number == best ? " class=\"best\"" : ""
            return "<tr\(state)><td>\(epoch.number)</td>\(cells.joined())</tr>"
        }
        return """
            <h2>All numbers</h2>
            <details><summary>\(history.epochs.count) epochs</summary><div class="panel scroll">
            <table><thead><tr>\(head.joined())</tr></thead><tbody>\(rows.joined())</tbody></table>
            </div></details>
            """
    }
}
