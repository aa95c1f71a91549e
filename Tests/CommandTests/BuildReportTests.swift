import DatasetKit
import Foundation
import TestSupport
import Testing

/// What `p2p-data build` says of every pair and file.
@Suite struct BuildReportTests {
    /// The report of `--json`.
    private struct Report: Decodable {
        struct Fault: Decodable {
            var kind: String
            var path: String?
            var message: String
        }

        var outcome: String
        var matched: Int
        var splits: [String: Int]
        var lost: [String: Int]
        var faults: [Fault]
        var ignored: [String]
    }

    private let temporary: TemporaryFolder

    /// Twelve sound pairs, and one of each thing that goes wrong.
    init() throws {
        temporary = try TemporaryFolder()
        for number in 10..<22 {
            try PairFolders.write(["in/a/\(number).png", "in/b/\(number).png"], in: temporary)
        }
        try PairFolders.write(
            ["in/a/lonely.png", "in/b/alone.png", "in/a/twin.png", "in/b/twin.png"],
            in: temporary
        )
        try temporary.write(try temporary.bytes(of: "in/b/twin.png"), to: "in/b/twin.jpg")
        try PairFolders.write("in/a/large.png", in: temporary)
        try PairFolders.write(
            "in/b/large.png",
            in: temporary,
            size: ImageSize(width: 24, height: 20)
        )
        try PairFolders.write("in/a/cut.png", in: temporary)
        let whole = try temporary.bytes(of: "in/a/10.png")
        try temporary.write(Array(whole.prefix(whole.count / 2)), to: "in/b/cut.png")
        try PairFolders.write("in/a/grey.png", in: temporary, channels: 1)
        try PairFolders.write("in/b/grey.png", in: temporary)
        try temporary.write("notes", to: "in/a/readme.txt")
    }

    private func build(_ source: String, _ arguments: [String]) throws -> Command.Outcome {
        try temporary.write(
            """
            {"source": {"layout": "folders", "path": "in", "inputs": "a",
              "targets": "b"\(source)}}
            """,
            to: "recipe.json"
        )
        return try Command("p2p-data").run(
            ["build", "recipe.json"] + arguments,
            in: temporary.path
        )
    }

    private func report(_ outcome: Command.Outcome) throws -> Report {
        try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
    }

    @Test func everythingLostIsListedAndNothingBuilt() throws {
        let outcome = try build("", ["--json"])
        #expect(outcome.status == 2)
        let report = try report(outcome)
        #expect(report.outcome == "failed")
        #expect(report.matched == 12)
        #expect(
            report.lost == [
                "input-only": 1, "target-only": 1, "ambiguous": 1, "unreadable": 1,
                "size-mismatch": 1, "odd-seam": 0, "misfit": 1, "unassigned": 0,
            ]
        )
        #expect(report.faults.count == 6)
        #expect(report.ignored == ["a/readme.txt"])
        #expect(temporary.contents.allSatisfy { !$0.hasPrefix("out") })
        // The same for people.
        let text = try build("", [])
        #expect(text.status == 2 && text.output.isEmpty)
        #expect(text.messages.contains("12 pairs matched, 6 lost (ambiguous 1, input-only 1, "))
        for fault in report.faults {
            #expect(text.messages.contains("error: \(fault.kind): \(fault.path ?? ""): "))
        }
    }

    @Test func whatIsSkippedIsCountedForEver() throws {
        let outcome = try build("", ["--json", "--on-error", "skip"])
        #expect(outcome.status == 0, "\(outcome.messages)")
        let built = try report(outcome)
        #expect(built.outcome == "built")
        #expect(built.splits == ["train": 12])
        let index = try DatasetIndex(folder: temporary.path("out"))
        #expect(index.counts.rejected == built.lost.filter { $0.value > 0 })
        #expect(index.counts.ignored == 1)
        let again = try report(try build("", ["--json", "--on-error", "skip"]))
        #expect(again.outcome == "unchanged")
        #expect(again.lost == built.lost)
    }

    @Test func sizesMayDifferWhereTheRecipeSaysSo() throws {
        let outcome = try build(
            #", "sizes": "any"}, "resize": {"width": 8, "height": 8"#,
            ["--json", "--on-error", "skip"]
        )
        #expect(outcome.status == 0, "\(outcome.messages)")
        let report = try report(outcome)
        #expect(report.matched == 13)
        #expect(report.lost["size-mismatch"] == 0)
    }
}
