import CommandKit
import DatasetKit
import FoundationEssentials
import Synchronization

/// A report as one HTML file: styles, pictures and diagrams are in it, nothing is fetched.
struct InspectionPage {
    private let report: InspectionReport
    private let source: any InspectionSource
    private let jobs: Int

    /// So many findings of a kind have pictures, and so many pairs of each.
    private static let shownFindings = 24
    private static let shownMembers = 6
    /// The longer side of a picture in pixels.
    private static let pictureSide = 192

    init(_ report: InspectionReport, source: any InspectionSource, jobs: Int) {
        self.report = report
        self.source = source
        self.jobs = jobs
    }

    /// The whole page.
    func html() -> String {
        let pictures = pictures()
        let sections = InspectionReport.Kind.allCases.map { section($0, pictures) }
        return Markup.page(
            title: "\(report.name): inspection",
            style: PageStyle.css,
            body: """
                \(header)
                \(cards)
                \(losses)
                \(sections.joined())
                \(notes)
                <h2>The images</h2>
                <div class="sides">
                \(SidePanel(report.input, title: "Input").html)
                \(SidePanel(report.target, title: "Target").html)
                </div>
                \(ShiftPanel(report.registration).html)
                <footer>p2p \(Version.current), near duplicates within \(report.radius) of 64 bits</footer>
                """
        )
    }

    private var header: String {
        let splits = DatasetSplit.allCases.compactMap { split in
            report.splits[split].map { "\(split.rawValue) \($0)" }
        }
        return """
            <header><h1>\(Markup.escaped(report.name))</h1>
            <p>\(report.pairs) pairs: \(splits.joined(separator: ", "))</p></header>
            """
    }

    /// One card per kind of finding, those without findings grey.
    private var cards: String {
        let losses = card("losses", "cannot be used", report.losses.count, isGrave: true)
        let kinds = InspectionReport.Kind.allCases.map { kind in
            let count = report.findings.count { $0.kind == kind }
            return card(kind.rawValue, kind.title, count, isGrave: kind == .leak)
        }
        return "<nav class=\"cards\">\(losses)\(kinds.joined())</nav>"
    }

    private func card(_ anchor: String, _ title: String, _ count: Int, isGrave: Bool) -> String {
        let state = count == 0 ? "none" : isGrave ? "grave" : "some"
        let content = "<b>\(count)</b><span>\(title)</span>"
        return count == 0
            ? "<div class=\"card none\">\(content)</div>"
            : "<a class=\"card \(state)\" href=\"#\(anchor)\">\(content)</a>"
    }

    private var losses: String {
        guard !report.losses.isEmpty else { return "" }
        let items = report.losses.map { loss in
            let path = loss.path.map { "<code>\(Markup.escaped($0))</code>: " } ?? ""
            return "<li>\(path)\(Markup.escaped(loss.message))</li>"
        }
        return "<section id=\"losses\"><h2>Cannot be used</h2><ul>\(items.joined())</ul></section>"
    }

    private var notes: String {
        guard !report.notes.isEmpty else { return "" }
        let items = report.notes.map { "<li>\(Markup.escaped($0))</li>" }
        return "<section><h2>Notes</h2><ul>\(items.joined())</ul></section>"
    }

    private func section(_ kind: InspectionReport.Kind, _ pictures: [Int: String]) -> String {
        let findings = report.findings.filter { $0.kind == kind }
        guard !findings.isEmpty else { return "" }
        let shown = findings.prefix(Self.shownFindings).map { figure($0, pictures) }
        let rest = findings.dropFirst(Self.shownFindings).map { finding in
            let names = finding.members.map { Markup.escaped($0.name) }.joined(separator: ", ")
            return "<li><code>\(names)</code>: \(Markup.escaped(finding.detail))</li>"
        }
        let list =
            rest.isEmpty
            ? ""
            : "<details><summary>\(rest.count) more</summary><ul>\(rest.joined())</ul></details>"
        return """
            <section id="\(kind.rawValue)">
            <h2>\(Markup.capitalized(kind.title)) <small>\(findings.count)</small></h2>
            <p class="meaning">\(kind.meaning)</p>
            <div class="findings">\(shown.joined())</div>\(list)
            </section>
            """
    }

    private func figure(
        _ finding: InspectionReport.Finding,
        _ pictures: [Int: String]
    ) -> String {
        let members = finding.members.prefix(Self.shownMembers).map { member in
            """
            <div class="pair">\(pictures[member.index] ?? "")<code>\(Markup.escaped(member.name))\
            </code></div>
            """
        }
        let rest = finding.members.dropFirst(Self.shownMembers).map { Markup.escaped($0.name) }
        let names = rest.isEmpty ? "" : " Also <code>\(rest.joined(separator: ", "))</code>."
        return """
            <figure class="\(finding.members.count > 1 ? "group" : "single")">
            <div class="pairs">\(members.joined())</div>
            <figcaption>\(Markup.escaped(Markup.capitalized(finding.detail))).\(names)</figcaption>
            </figure>
            """
    }

    /// The pictures of the pairs that are shown, by the pair's place in the source.
    private func pictures() -> [Int: String] {
        var wanted: Set<Int> = []
        for kind in InspectionReport.Kind.allCases {
            for finding in report.findings.filter({ $0.kind == kind }).prefix(Self.shownFindings) {
                wanted.formUnion(finding.members.prefix(Self.shownMembers).map(\.index))
            }
        }
        let indices = wanted.sorted()
        let pictures = Mutex<[Int: String]>([:])
        parallelLoop(count: indices.count, jobs: jobs) { number in
            let index = indices[number]
            // What cannot be read a second time has no picture; the names are there all the same.
            guard let pair = try? source.displayedPair(at: index),
                let input = try? Markup.picture(thumbnail(pair.input), "input"),
                let target = try? Markup.picture(thumbnail(pair.target), "target")
            else { return }
            pictures.withLock { $0[index] = input + target }
        }
        return pictures.withLock { $0 }
    }

    private func thumbnail(_ image: Image) -> Image { image.thumbnail(side: Self.pictureSide) }
}
