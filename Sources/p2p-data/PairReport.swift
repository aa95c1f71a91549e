import DatasetKit
import FoundationEssentials

/// What became of every pair and file of a source: as one line, and as JSON.
struct PairReport: Encodable {
    /// A pair or file that is not in the dataset.
    private struct Fault: Encodable {
        var kind: String
        var path: String?
        var message: String

        init(_ fault: PairFault) {
            kind = fault.kind.rawValue
            path = fault.error.path
            message = fault.error.message
        }
    }

    private var out: String
    /// `built`, `unchanged`, `planned` or `failed`.
    private var outcome: String
    private var matched: Int
    /// Pairs by split.
    private var splits: [String: Int] = [:]
    /// Losses by kind, all kinds named.
    private var lost: [String: Int]
    private var faults: [Fault]
    private var ignored: [String]
    private var conversions: [String: Int] = [:]
    private var warnings: [String] = []
    private var notes: [String] = []
    private var changes: [String] = []
    private var resumedShards = 0
    private var fingerprint: String?

    init(_ report: BuildReport, out: String) {
        self.out = out
        outcome = report.outcome.rawValue
        matched = report.matched
        for (split, contents) in report.index.splits { splits[split.rawValue] = contents.samples }
        lost = Self.counts(report.index.counts.rejected)
        faults = report.faults.map(Fault.init)
        ignored = report.ignored
        conversions = report.index.counts.conversions
        warnings = report.warnings
        notes = report.notes
        changes = report.changes
        resumedShards = report.resumedShards
        fingerprint = report.index.fingerprint
    }

    init(_ faults: DatasetFaults, out: String) {
        self.out = out
        outcome = "failed"
        matched = faults.matched
        lost = Self.counts(FaultCounts(faults.faults).byName)
        self.faults = faults.faults.map(Fault.init)
        ignored = faults.ignored
    }

    private static func counts(_ found: [String: Int]) -> [String: Int] {
        var counts = found
        for kind in PairFault.Kind.allCases { counts[kind.rawValue] = found[kind.rawValue] ?? 0 }
        return counts
    }

    /// Such as `500 pairs matched, 3 lost (input-only 1, unreadable 2)`.
    var text: String {
        let kinds = lost.filter { $0.value > 0 }.sorted { $0.key < $1.key }
        let list = kinds.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        return "\(matched) pairs matched, "
            + (kinds.isEmpty ? "none lost" : "\(kinds.reduce(0) { $0 + $1.value }) lost (\(list))")
    }

    /// The report as one JSON document.
    var json: String {
        // Texts and numbers only: always encodable.
        let data = (try? JSONText.pretty(self)) ?? Data()
        return String(decoding: data, as: UTF8.self).trimmingSuffix("\n")
    }
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}
