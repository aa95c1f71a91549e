import CommandKit
import Pix2Pix

/// The warnings of a run: one entry for each kind, with the newest of its messages.
struct WarningList {
    private let warnings: [RunHistory.Warning]

    init(_ warnings: [RunHistory.Warning]) {
        self.warnings = warnings
    }

    /// The section; empty without warnings.
    var html: String {
        guard !warnings.isEmpty else { return "" }
        let kinds = Dictionary(grouping: warnings, by: \.name).values
            .sorted { ($0[0].epoch, $0[0].name) < ($1[0].epoch, $1[0].name) }
        return """
            <section id="warnings"><h2>Warnings <small>\(warnings.count)</small></h2>
            <ul class="warnings">\(kinds.map(entry).joined())</ul></section>
            """
    }

    private func entry(_ warnings: [RunHistory.Warning]) -> String {
        guard let newest = warnings.last else { return "" }
        let suggestion =
            newest.suggestion.isEmpty ? "" : "<p>→ \(Markup.escaped(newest.suggestion))</p>"
        return """
            <li><b>\(Markup.escaped(newest.name))</b> <small>\(Markup.escaped(times(warnings)))\
            </small><p>\(Markup.escaped(newest.message))</p>\(suggestion)</li>
            """
    }

    /// Such as `epoch 3, step 912` or `5 times, epochs 3, 4, 7 to 9`.
    private func times(_ warnings: [RunHistory.Warning]) -> String {
        if warnings.count == 1 {
            return "epoch \(warnings[0].epoch)" + (warnings[0].step.map { ", step \($0)" } ?? "")
        }
        var spans: [ClosedRange<Int>] = []
        for epoch in Set(warnings.map(\.epoch)).sorted() {
            if let last = spans.last, last.upperBound + 1 == epoch {
                spans[spans.count - 1] = last.lowerBound...epoch
            } else {
                spans.append(epoch...epoch)
            }
        }
        let texts = spans.prefix(12).map { span in
            span.count == 1 ? "\(span.lowerBound)" : "\(span.lowerBound) to \(span.upperBound)"
        }
        let unit = spans.map(\.count).reduce(0, +) == 1 ? "epoch" : "epochs"
        return "\(warnings.count) times, \(unit) \(texts.joined(separator: ", "))"
            + (spans.count > 12 ? " and more" : "")
    }
}
