package import DatasetKit

/// The cases of a sweep side by side, as far as their runs have come.
///
/// A run is represented by the epoch that is best by the sweep's metric, or by its last; runs that diverged
/// or are not at their end do not count.
package struct SweepComparison: Sendable {
    /// One case.
    package struct Case: Sendable {
        /// What was tried.
        package let sweepCase: SweepCase
        /// Its place in the sweep.
        package let number: Int
        /// All its runs, by seed.
        package let results: [SweepResult]
        /// Of each metric that was measured, its values in the runs' best epochs.
        package let best: [TrainOptions.Metric: Spread]
        /// The same in their last epochs.
        package let last: [TrainOptions.Metric: Spread]

        /// Its runs that are at their end.
        package var finished: [SweepResult] { results.filter { $0.status == .finished } }

        /// Pairs per second, over its finished runs.
        package var pairsPerSecond: Double? {
            Spread(finished.compactMap(\.pairsPerSecond))?.mean
        }

        /// The values in some epochs.
        package func values(in epochs: Epochs) -> [TrainOptions.Metric: Spread] {
            switch epochs {
            case .best: best
            case .last: last
            }
        }
    }

    /// Which epoch of each run.
    package enum Epochs: Sendable {
        /// The best one by the sweep's metric.
        case best
        /// The last one with that metric.
        case last
    }

    /// What the cases are judged by.
    package let metric: TrainOptions.Metric
    /// The cases in the sweep's order.
    package let cases: [Case]

    /// Compares the runs of a sweep.
    package init(_ results: [SweepResult], of sweep: Sweep) {
        let metric = sweep.metric
        self.metric = metric
        cases = sweep.cases.enumerated().map { number, sweepCase in
            let own = results.filter { $0.run.number == number }
            let finished = own.filter { $0.status == .finished }
            return Case(
                sweepCase: sweepCase,
                number: number,
                results: own,
                best: Self.spreads(finished.compactMap { $0.best(by: metric) }),
                last: Self.spreads(finished.compactMap { $0.last(with: metric) })
            )
        }
    }

    private static func spreads(
        _ epochs: [RunHistory.Epoch]
    ) -> [TrainOptions.Metric: Spread] {
        let spreads = TrainOptions.Metric.allCases.compactMap { metric in
            Spread(epochs.compactMap { $0.values[metric.recordName] }).map { (metric, $0) }
        }
        return Dictionary(uniqueKeysWithValues: spreads)
    }

    /// The cases with the best mean first, those without a finished run last.
    package func ranked(by epochs: Epochs = .best) -> [Case] {
        cases.sorted { first, second in
            guard let one = first.values(in: epochs)[metric]?.mean else { return false }
            guard let other = second.values(in: epochs)[metric]?.mean else { return true }
            return one == other ? first.number < second.number : metric.isBetter(one, than: other)
        }
    }

    /// The metrics that any case has, in their usual order.
    package var metrics: [TrainOptions.Metric] {
        TrainOptions.Metric.allCases.filter { metric in cases.contains { $0.best[metric] != nil } }
    }

    /// By how much the mean of a case differs from that of the first.
    ///
    /// - Returns: The difference, whether it is for the better, and whether every run of the one is
    ///   better than every run of the other; `nil` for the first case itself, or without runs.
    package func difference(
        of other: Case,
        by metric: TrainOptions.Metric,
        in epochs: Epochs = .best
    ) -> (value: Double, isBetter: Bool, isApart: Bool)? {
        guard other.number != 0, let own = other.values(in: epochs)[metric],
            let first = cases.first?.values(in: epochs)[metric]
        else { return nil }
        return (
            own.mean - first.mean, metric.isBetter(own.mean, than: first.mean),
            own.isApart(from: first)
        )
    }
}
