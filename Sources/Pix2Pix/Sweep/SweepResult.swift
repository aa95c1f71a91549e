package import DatasetKit

/// What has become of one run of a sweep.
package struct SweepResult: Sendable {
    /// How far a run is.
    package enum Status: String, Codable, Sendable {
        /// It has not begun.
        case waiting
        /// It was stopped, and goes on when the sweep does.
        case stopped
        /// It is at its end.
        case finished
        /// A loss was not finite.
        case diverged
    }

    /// The run.
    package let run: SweepRun
    /// How far it is.
    package var status: Status
    /// What went wrong; `nil` where nothing did.
    package var problem: String?
    /// Its complete epochs.
    package private(set) var epochs: [RunHistory.Epoch] = []

    /// A run that has not begun.
    package init(_ run: SweepRun) {
        self.run = run
        status = .waiting
    }

    /// Takes note of how far a run is, and reads what it has measured.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    package mutating func update(
        _ status: Status,
        problem: String? = nil,
        from folder: RunFolder
    ) throws(DatasetError) {
        self.status = status
        self.problem = problem
        epochs = try RunHistory(of: folder).epochs
    }

    /// The epoch in which a metric was best; `nil` where it was never measured.
    package func best(by metric: TrainOptions.Metric) -> RunHistory.Epoch? {
        RunHistory.best(of: epochs, by: metric.recordName)
    }

    /// The last epoch in which a metric was measured.
    package func last(with metric: TrainOptions.Metric) -> RunHistory.Epoch? {
        epochs.last { $0.values[metric.recordName] != nil }
    }

    /// Seconds in training steps.
    package var seconds: Double { epochs.compactMap { $0.values["seconds"] }.reduce(0, +) }

    /// Pairs trained on per second, over all epochs; `nil` before the first.
    package var pairsPerSecond: Double? {
        let pairs = epochs.compactMap { epoch -> Double? in
            guard let seconds = epoch.values["seconds"] else { return nil }
            return epoch.values["pairs_per_second"].map { $0 * seconds }
        }
        return seconds > 0 ? pairs.reduce(0, +) / seconds : nil
    }
}
