package import DatasetKit
import FoundationEssentials

/// What stands in `sweep.json`: everything about a sweep, for scripts, and for the sweep when it goes on.
package struct SweepRecord: Codable {
    /// One run.
    package struct Run: Codable {
        /// The name of its case.
        var `case`: String
        var seed: Int
        /// Its folder, beside the file.
        package var folder: String
        package var status: SweepResult.Status
        /// What went wrong.
        package var problem: String?
        /// Complete epochs.
        var epochs: Int
        /// The metrics of the epoch that is best by the sweep's metric.
        var best: Epoch?
        /// Those of the last epoch that was validated.
        var last: Epoch?
        /// Seconds in training steps.
        var seconds: Double
        var pairsPerSecond: Double?
    }

    /// The metrics of one epoch.
    struct Epoch: Codable {
        var epoch: Int
        /// By their names in `metrics.jsonl`, such as `val_L1`.
        var metrics: [String: Double]

        init(_ epoch: RunHistory.Epoch) {
            self.epoch = epoch.number
            metrics = epoch.values.filter { $0.key.hasPrefix("val_") }
        }
    }

    /// One case, over its finished runs.
    struct Case: Codable {
        var name: String
        /// The options that it has otherwise than the other runs.
        var train: [String: JSONValue]
        /// Its operations, where it has its own.
        var augment: [JSONValue]?
        var finished: Int
        /// Each metric in the runs' best epochs.
        var best: [String: Spread]
        /// The same in their last epochs.
        var last: [String: Spread]
        /// Each metric's mean, less that of the first case.
        var difference: [String: Double]
    }

    /// The sweep's file as it was.
    package var sweep: JSONValue
    var name: String
    var metric: String
    /// The dataset's name.
    var dataset: String
    /// All cases, in the sweep's order.
    var cases: [Case]
    /// All runs, in the order in which they are made.
    package var runs: [Run]

    /// Reads what was written down.
    ///
    /// - Throws: ``DatasetError`` with code `corrupt` where it was changed, or `io`.
    package init(path: String) throws(DatasetError) {
        let bytes = try FileSystem.contents(of: path)
        do {
            self = try JSONDecoder().decode(Self.self, from: Data(bytes))
        } catch {
            throw DatasetError(
                .corrupt,
                "expected what p2p-train sweep writes; it was changed, or is of an older version: "
                    + "remove it, the runs beside it are kept",
                path: path
            )
        }
    }

    /// Writes down how far a sweep is.
    package init(_ sweep: Sweep, on dataset: Dataset, _ results: [SweepResult]) {
        let comparison = SweepComparison(results, of: sweep)
        self.sweep = sweep.document
        name = sweep.name
        metric = sweep.metric.rawValue
        self.dataset = dataset.index.name
        cases = comparison.cases.map { Case($0, comparison) }
        runs = results.map { result in
            Run(
                case: result.run.sweepCase.name,
                seed: result.run.seed,
                folder: result.run.name,
                status: result.status,
                problem: result.problem,
                epochs: result.epochs.last?.number ?? 0,
                best: result.best(by: sweep.metric).map { Epoch($0) },
                last: result.last(with: sweep.metric).map { Epoch($0) },
                seconds: result.seconds,
                pairsPerSecond: result.pairsPerSecond
            )
        }
    }
}

extension SweepRecord.Case {
    init(_ compared: SweepComparison.Case, _ comparison: SweepComparison) {
        name = compared.sweepCase.name
        train = compared.sweepCase.train
        augment = compared.sweepCase.augment
        finished = compared.finished.count
        best = [:]
        difference = [:]
        last = [:]
        for (metric, spread) in compared.best {
            best[metric.rawValue] = spread
            difference[metric.rawValue] =
                comparison.difference(of: compared, by: metric)?.value
        }
        for (metric, spread) in compared.last { last[metric.rawValue] = spread }
    }
}
