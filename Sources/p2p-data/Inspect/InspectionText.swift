import CommandKit
import DatasetKit

/// A report for the terminal: short, the worst first, names that can be copied.
struct InspectionText {
    private let report: InspectionReport

    /// So many findings of a kind are shown, and so many pairs of each.
    private static let shownFindings = 5
    private static let shownMembers = 4

    init(_ report: InspectionReport) {
        self.report = report
    }

    /// The report, without a newline at the end.
    var text: String {
        var lines = [head, "  input   \(side(report.input))", "  target  \(side(report.target))"]
        if let shifts { lines.append("  shift   \(shifts)") }
        lines += report.notes.map { "  note    \($0)" }
        if !report.losses.isEmpty {
            lines.append("\(report.losses.count) cannot be used:")
            lines += report.losses.prefix(Self.shownFindings).map {
                "  " + [$0.path, $0.message].compactMap { $0 }.joined(separator: ": ")
            }
            lines += more(report.losses.count)
        }
        for kind in InspectionReport.Kind.allCases {
            let findings = report.findings.filter { $0.kind == kind }
            guard !findings.isEmpty else { continue }
            lines.append("\(kind.title): \(findings.count)")
            lines += findings.prefix(Self.shownFindings).map { "  \(line($0))" }
            lines += more(findings.count)
        }
        lines.append(verdict)
        return lines.joined(separator: "\n")
    }

    private var head: String {
        let splits = DatasetSplit.allCases.compactMap { split in
            report.splits[split].map { "\(split.rawValue) \($0)" }
        }
        return "\(report.name): \(report.pairs) pairs (\(splits.joined(separator: ", ")))"
    }

    private func side(_ side: SideReport) -> String {
        guard let size = side.sizes.first else { return "nothing" }
        let sizes =
            side.sizes.count == 1
            ? "\(size.width)x\(size.height)"
            : "\(side.sizes.count) sizes, mostly \(size.width)x\(size.height) (\(size.count))"
        let channels = side.channels.keys.sorted().joined(separator: "/")
        let types = side.sampleTypes.keys.sorted().joined(separator: "/")
        let quantiles = side.brightness.quantiles.map { Readable.fixed($0, decimals: 2) }
        var text =
            "\(sizes), \(channels) \(channels == "1" ? "channel" : "channels"), \(types), brightness "
            + "\(Readable.fixed(side.brightness.mean, decimals: 2)) "
            + "(\(quantiles.first ?? "")…\(quantiles.last ?? ""))"
        if side.grayInRGB > 0 { text += ", \(side.grayInRGB) grey in RGB" }
        if let map = side.labelMap {
            text += ", label maps of \(map.count) colours" + (map.isClean ? "" : ", blurred")
        }
        return text
    }

    private var shifts: String? {
        guard let mode = report.registration.mode else { return nil }
        return "told in \(report.registration.reliable) pairs, mostly (\(mode.x), \(mode.y))"
    }

    private func line(_ finding: InspectionReport.Finding) -> String {
        let names = finding.members.prefix(Self.shownMembers).map(\.name)
        let rest = finding.members.count - names.count
        let tail = rest > 0 ? " and \(rest) more" : ""
        return "\(names.joined(separator: ", "))\(tail): \(finding.detail)"
    }

    private func more(_ count: Int) -> [String] {
        count > Self.shownFindings
            ? ["  … \(count - Self.shownFindings) more (--html or --json lists all)"] : []
    }

    private var verdict: String {
        guard report.findings.isEmpty, report.losses.isEmpty else {
            let leaks = report.leaks.count
            return "\(report.findings.count) findings, \(leaks) of them leaks, "
                + "\(report.losses.count) losses"
        }
        return "nothing found wrong"
    }
}

extension InspectionReport.Kind {
    /// The heading of its findings.
    var title: String {
        switch self {
        case .leak: "leaks across splits"
        case .swappedSides: "sides swapped"
        case .inputEqualsTarget: "input equal to target"
        case .contradiction: "one input, different targets"
        case .duplicate: "duplicates"
        case .nearConstant: "of one colour"
        case .misregistered: "misregistered"
        case .dark: "dark"
        case .bright: "bright"
        case .blurry: "blurry"
        case .newColors: "label maps with new colours"
        case .oddSize: "odd size"
        case .oddAspect: "odd aspect"
        }
    }

    /// What it does to a training, for those who meet it for the first time.
    var meaning: String {
        switch self {
        case .leak:
            "The model is measured on what it has learned by heart: scores come out too good."
        case .swappedSides:
            "Input and target look as if they had changed places: the pair teaches the opposite."
        case .inputEqualsTarget: "The pair teaches the model to do nothing."
        case .contradiction:
            "For one input there are several answers: the model learns the blur between them."
        case .duplicate:
            "The same image several times in one split counts for more than the others."
        case .nearConstant: "There is nothing to learn from, or an export went wrong."
        case .misregistered:
            "The target lies beside its input: the model learns to shift, or to blur the difference."
        case .dark: "Much darker than the set."
        case .bright: "Much brighter than the set."
        case .blurry: "Much less sharp than the set."
        case .newColors: "Colours between the classes: JPEG or smooth resizing made them."
        case .oddSize: "Much larger or smaller than the set: resizing treats it differently."
        case .oddAspect: "Much longer one way: resizing distorts it."
        }
    }
}
