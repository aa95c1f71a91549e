import DatasetKit
import Foundation
import TestSupport
import Testing

/// `p2p-data inspect` as its users meet it.
@Suite struct InspectCommandTests {
    private let temporary: TemporaryFolder
    private let data = Command("p2p-data")

    init() throws {
        temporary = try TemporaryFolder()
    }

    private func run(_ arguments: String...) throws -> Command.Outcome {
        try data.run(arguments, in: temporary.path)
    }

    /// Draws pairs, of which the first of the training is in the validation too if asked for.
    private func draw(leaking: Bool = false) throws {
        let outcome = try run("sample", "--out", "pairs", "--pairs", "12")
        try #require(outcome.status == 0, "\(outcome.messages)")
        if leaking {
            try temporary.write(
                temporary.bytes(of: "pairs/train/001.jpg"),
                to: "pairs/val/copy.jpg"
            )
        }
    }

    @Test func soundPairsPass() throws {
        try draw()
        let outcome = try run("inspect", "pairs", "--strict")
        #expect(outcome.status == 0, "\(outcome.messages)")
        #expect(outcome.output.hasPrefix("pairs: 12 pairs (train 8, val 2, test 2)\n"))
        #expect(outcome.output.contains("target  256x256, 3 channels, U8"))
        #expect(outcome.output.hasSuffix("nothing found wrong\n"))
    }

    @Test func recipesAndDatasetsAreInspectedToo() throws {
        try draw(leaking: true)
        try temporary.write(
            """
            {"name": "mine", "source": {"path": "elsewhere"},
             "resize": {"width": 64, "height": 64}}
            """,
            to: "recipe.json"
        )
        let recipe = try run("inspect", "recipe.json", "--source", "pairs")
        #expect(recipe.status == 0, "\(recipe.messages)")
        #expect(recipe.output.contains("leaks across splits: 1\n"))
        #expect(recipe.output.contains("train/001, val/copy: the same input and target"))
        #expect(recipe.output.contains("256x256"))
        let build = try run("build", "recipe.json", "--source", "pairs")
        try #require(build.status == 0, "\(build.messages)")
        let dataset = try run("inspect", "out")
        #expect(dataset.status == 0, "\(dataset.messages)")
        #expect(dataset.output.hasPrefix("mine: 13 pairs"))
        #expect(dataset.output.contains("train/001, val/copy: the same input and target"))
        #expect(dataset.output.contains("64x64"))
    }

    @Test func strictMindsLeaksAndLosses() throws {
        try draw(leaking: true)
        #expect(try run("inspect", "pairs").status == 0)
        #expect(try run("inspect", "pairs", "--strict").status == 2)
        #expect(try run("inspect", "pairs", "--strict", "--limit", "8").status == 0)
        try FileSystem.remove(temporary.path("pairs/val/copy.jpg"))
        try temporary.write("no image", to: "pairs/train/text.jpg")
        let lossy = try run("inspect", "pairs", "--strict")
        #expect(lossy.status == 2)
        #expect(lossy.output.contains("1 cannot be used:\n  pairs/train/text.jpg: "))
    }

    @Test func jsonAndPageSayTheSame() throws {
        try draw(leaking: true)
        let outcome = try run("inspect", "pairs", "--json", "--html", "report.html")
        #expect(outcome.status == 0, "\(outcome.messages)")
        #expect(outcome.messages.contains("page: report.html"))
        let report = try JSONDecoder().decode(
            InspectionReport.self,
            from: Data(outcome.output.utf8)
        )
        #expect(report.pairs == 13)
        #expect(report.leaks.map { $0.members.map(\.name) } == [["train/001", "val/copy"]])
        let page = String(decoding: try temporary.bytes(of: "report.html"), as: UTF8.self)
        #expect(page.hasPrefix("<!doctype html>"))
        #expect(page.contains("val/copy"))
        #expect(page.components(separatedBy: "data:image/jpeg;base64,").count == 5)
        #expect(!page.contains("http"))
        #expect(!page.contains("<script"))
    }

    @Test func wrongUsageIsSaid() throws {
        #expect(try run("inspect").status == 64)
        #expect(try run("inspect", "x.json", "--radius", "33").status == 64)
        #expect(try run("inspect", "x.json", "--limit", "0").status == 64)
        #expect(try run("inspect", "folder", "--source", "x").status == 64)
        let missing = try run("inspect", "nowhere")
        #expect(missing.status == 1)
        #expect(missing.messages.contains("error: nowhere: expected a recipe (.json)"))
    }
}
