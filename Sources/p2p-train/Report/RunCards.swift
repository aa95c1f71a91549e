import CommandKit
import Pix2Pix

/// What one wants to know of a run first, a number each.
struct RunCards {
    private let description: RunDescription
    private let history: RunHistory
    private let best: (epoch: Int, name: String)?

    init(_ description: RunDescription, _ history: RunHistory, best: (epoch: Int, name: String)?) {
        self.description = description
        self.history = history
        self.best = best
    }

    /// The cards.
    var html: String {
        let last = history.epochs.last
        var cards = [
            card(
                "\(last?.number ?? 0)",
                (description.totalEpochs.map { "of \($0) " } ?? "") + "epochs"
            )
        ]
        if let best, let value = value(best.name, in: best.epoch) {
            cards.append(card(value, "best \(best.name), epoch \(best.epoch)", to: "validation"))
            if let last, last.number != best.epoch, let now = number(best.name, last) {
                cards.append(card(now, "\(best.name) now", to: "validation"))
            }
        }
        if let last, let l1 = number("mean_G_L1", last) {
            cards.append(card(l1, "G_L1", to: "losses"))
        }
        if let last, let speed = number("pairs_per_second", last) {
            cards.append(card(speed, "pairs per second", to: "speed"))
        }
        let seconds = history.epochs.compactMap { $0.values["seconds"] }
        if !seconds.isEmpty {
            cards.append(card(Readable.duration(seconds: seconds.reduce(0, +)), "of training"))
        }
        if let left { cards.append(card("≈ " + Readable.duration(seconds: left), "left")) }
        if !history.warnings.isEmpty {
            let count = history.warnings.count
            cards.append(
                card("\(count)", count == 1 ? "warning" : "warnings", to: "warnings", "some")
            )
        }
        return "<nav class=\"cards\">\(cards.joined())</nav>"
    }

    /// Seconds that the rest of the schedule takes in steps, as the last epochs did; `nil` at its end.
    private var left: Double? {
        guard let total = description.totalEpochs, let last = history.epochs.last,
            last.number < total
        else { return nil }
        let seconds = history.epochs.suffix(5).compactMap { $0.values["seconds"] }
        guard !seconds.isEmpty else { return nil }
        return seconds.reduce(0, +) / Double(seconds.count) * Double(total - last.number)
    }

    private func value(_ name: String, in epoch: Int) -> String? {
        history.epochs.first { $0.number == epoch }.flatMap { number(name, $0) }
    }

    private func number(_ name: String, _ epoch: RunHistory.Epoch) -> String? {
        epoch.values[name].map(NumberText.short)
    }

    private func card(
        _ value: String,
        _ title: String,
        to anchor: String? = nil,
        _ state: String = ""
    ) -> String {
        let content = "<b>\(Markup.escaped(value))</b><span>\(Markup.escaped(title))</span>"
        guard let anchor else { return "<div class=\"card \(state)\">\(content)</div>" }
        return "<a class=\"card \(state)\" href=\"#\(anchor)\">\(content)</a>"
    }
}
