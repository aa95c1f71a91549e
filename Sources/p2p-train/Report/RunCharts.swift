import CommandKit
import Pix2Pix

/// The diagrams of a run: what is measured, in groups that belong together.
struct RunCharts {
    private let history: RunHistory
    /// The epoch that counts as the best one, by the name of what it is best by.
    private let best: (epoch: Int, name: String)?
    /// The loss of a discriminator that cannot tell real from fake; `nil` where it says nothing.
    private let undecided: Double?

    init(_ history: RunHistory, best: (epoch: Int, name: String)?, undecided: Double?) {
        self.history = history
        self.best = best
        self.undecided = undecided
    }

    /// Values that are shown in one diagram.
    private struct Group {
        var title: String
        var note: String
        /// The names, without the `mean_` of the losses.
        var names: [String]
    }

    private var lossGroups: [Group] {
        [
            Group(title: "G_L1", note: "generator, as weighted", names: ["G_L1"]),
            Group(
                title: "Generator against discriminator",
                note: undecided.map { "D_… \(NumberText.short($0)) is undecided" } ?? "",
                names: ["G_GAN", "D_real", "D_fake"]
            ),
        ]
    }

    private static let validation = [
        Group(
            title: "val_L1",
            note: "lower is better, -1…1",
            names: ["val_L1", "val_L1_mean_target"]
        ),
        Group(title: "Similarity", note: "higher is better", names: ["val_SSIM", "val_MS_SSIM"]),
        Group(title: "val_PSNR", note: "dB, higher is better", names: ["val_PSNR"]),
    ]

    private static let progress = [
        Group(title: "Speed", note: "pairs per second", names: ["pairs_per_second"]),
        Group(title: "Waiting for data", note: "share of the time", names: ["wait_share"]),
        Group(title: "Memory", note: "of the process, MB", names: ["memory_mb"]),
    ]

    /// The losses, means of epochs over means of steps.
    var losses: String {
        let means = history.names.filter { $0.hasPrefix("mean_") }.map { String($0.dropFirst(5)) }
        let names = Set(means + history.steps.names)
        return grid(Self.grouped(names, lossGroups).map { lossChart($0) })
    }

    /// What was measured on the validation pairs; empty where nothing was.
    var validation: String {
        let names = Set(history.names.filter { $0.hasPrefix("val_") })
        return grid(Self.grouped(names, Self.validation).map { epochChart($0) })
    }

    /// Speed and whatever else the epochs' lines hold.
    var progress: String {
        let names = Set(
            history.names.filter { !$0.hasPrefix("val_") && !$0.hasPrefix("mean_") }
        )
        return grid(Self.grouped(names.subtracting(["seconds"]), Self.progress).map(epochChart))
    }

    /// The groups of those names that occur; what belongs to none has a diagram of its own.
    private static func grouped(_ names: Set<String>, _ groups: [Group]) -> [Group] {
        let known = groups.map { group in
            Group(title: group.title, note: group.note, names: group.names.filter(names.contains))
        }
        let others = names.subtracting(groups.flatMap(\.names)).sorted()
        return known.filter { !$0.names.isEmpty }
            + others.map { Group(title: $0, note: "", names: [$0]) }
    }

    private func grid(_ charts: [LineChart]) -> String {
        let figures = charts.map(\.html).joined()
        return figures.isEmpty ? "" : "<div class=\"charts\">\(figures)</div>"
    }

    // MARK: - One diagram

    private var lastEpoch: Int { history.epochs.last?.number ?? 0 }

    /// Means in the middle of their epochs; before the first one is complete, steps.
    private func lossChart(_ group: Group) -> LineChart {
        guard let stepsPerEpoch = history.stepsPerEpoch, lastEpoch > 0 else {
            let last = history.steps.points.last?.step ?? 1
            return LineChart(
                title: group.title,
                note: group.note,
                unit: "step",
                range: 0...max(1, last),
                series: group.names.enumerated().map { color, name in
                    LineChart.Series(name: name, points: steps(name, per: 1), color: color)
                }
            )
        }
        // The steps behind the means; of a few epochs they are what there is to see.
        let isShort = history.epochs.count < 3
        let behind = group.names.enumerated().map { color, name in
            LineChart.Series(
                name: name,
                points: steps(name, per: Double(stepsPerEpoch)),
                color: color,
                style: isShort ? .strong : .faint
            )
        }
        let means = group.names.enumerated().map { color, name in
            LineChart.Series(
                name: name,
                points: points("mean_\(name)", offset: -0.5),
                color: color
            )
        }
        let end = behind.flatMap(\.points).map(\.x).max() ?? 0
        return LineChart(
            title: group.title,
            note: group.note,
            unit: "epoch",
            range: 0...max(Double(lastEpoch), end),
            labelOffset: isShort ? 0 : 0.5,
            series: isShort ? behind : behind + means
        )
    }

    private func epochChart(_ group: Group) -> LineChart {
        var series = group.names.enumerated().map { color, name in
            LineChart.Series(
                name: name,
                points: points(name),
                color: color,
                style: name.hasSuffix("_mean_target") ? .dashed : .strong
            )
        }
        if let best, group.names.contains(best.name) {
            let point = points(best.name).filter { $0.x == Double(best.epoch) }
            let name = "best, epoch \(best.epoch)"
            series.append(LineChart.Series(name: name, points: point, color: 2))
        }
        return LineChart(
            title: group.title,
            note: group.note,
            unit: "epoch",
            range: 0...Double(max(1, lastEpoch)),
            series: series
        )
    }

    private func points(_ name: String, offset: Double = 0) -> [LineChart.Series.Point] {
        history.epochs.compactMap { epoch in
            epoch.values[name].map { .init(x: Double(epoch.number) + offset, y: $0) }
        }
    }

    private func steps(_ name: String, per unit: Double) -> [LineChart.Series.Point] {
        guard let place = history.steps.names.firstIndex(of: name) else { return [] }
        return history.steps.points.compactMap { point in
            point.values[place].map { .init(x: point.step / unit, y: $0) }
        }
    }
}
