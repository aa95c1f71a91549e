import DatasetKit
import Foundation
import TestSupport
import Testing

/// `p2p-train report`: the page and the montage, from a run that was made and from runs made up.
@Suite(.enabled(if: Command.isBuilt("p2p-train"), "p2p-train was not built: no libtorch"))
struct ReportTests {
    private let temporary: TemporaryFolder
    private let train = Command("p2p-train")

    init() throws {
        temporary = try TemporaryFolder()
    }

    private func report(_ arguments: String...) throws -> Command.Outcome {
        try train.run(["report"] + arguments, in: temporary.path)
    }

    private func page(_ run: String) throws -> String {
        String(decoding: try temporary.bytes(of: "\(run)/report.html"), as: UTF8.self)
    }

    /// How often a text occurs in another one.
    private func count(_ part: String, in text: String) -> Int {
        text.components(separatedBy: part).count - 1
    }

    /// Whether nothing in a page is fetched from elsewhere.
    private func isSelfContained(_ page: String) -> Bool {
        let sources = page.components(separatedBy: "src=\"").dropFirst()
        return sources.allSatisfy { $0.hasPrefix("data:image/jpeg;base64,") }
            && ["http:", "https:", "<link", "@import", "url(", "fetch(", "//cdn"].allSatisfy {
                !page.contains($0)
            }
    }

    // MARK: - Runs that are made up

    private let size = ImageSize(width: 24, height: 16)

    /// The pictures of an epoch: inputs and targets are the same in all of them.
    private func rows(epoch: Int, of count: Int) -> [ImageGrid.Row] {
        (0..<count).map { row in
            let seeds = [1000 + row, 10 * epoch + row, 2000 + row]
            return ImageGrid.Row(
                title: "pair \(row)",
                images: seeds.map {
                    // Grey where the target is the second of three.
                    let channels = row == 1 ? 1 : 3
                    return Noise.image(
                        width: size.width,
                        height: size.height,
                        channels: channels,
                        seed: UInt32($0)
                    )
                }
            )
        }
    }

    private func write(_ rows: [ImageGrid.Row], epoch: Int, in run: String) throws {
        let grid = ImageGrid(columnTitles: ["input", "generated", "target"], rows: rows)
        let digits = String(repeating: "0", count: max(0, 3 - "\(epoch)".count)) + "\(epoch)"
        try temporary.write(
            try ImageCodec.encodePNG(grid.drawn()),
            to: "\(run)/samples/epoch-\(digits).png"
        )
    }

    /// Writes a run of so many epochs of five steps with three sample pairs.
    ///
    /// - Parameters:
    ///   - epochs: How many are complete.
    ///   - run: The name of its folder.
    ///   - validation: The names of what was measured.
    ///   - more: Further lines at the end of the metrics.
    /// - Throws: Where a file cannot be written.
    private func makeRun(
        epochs: Int,
        in run: String = "run",
        validation: [String] = ["val_L1", "val_SSIM"],
        more: String = ""
    ) throws {
        try temporary.write(
            """
            {"settings": {"width": \(size.width), "height": \(size.height), "epochs": 300,
              "decayEpochs": 0, "lossOfTheFuture": "a <b> & \\"c\\""},
             "dataset": {"name": "cats & <dogs>", "folder": "/nowhere", "fingerprint": "f00",
              "pairs": {"train": 5, "val": 3}},
             "hardware": {"processor": "abacus <1>"}, "software": {"p2p": "0"},
             "parameters": {"generator": 54413955}, "recipe": {"augment": []}}
            """,
            to: "\(run)/config.json"
        )
        var lines = ""
        for epoch in stride(from: 1, through: epochs, by: 1) {
            for step in 1...5 {
                let number = 5 * epoch - 5 + step
                lines += "{\"G_L1\":\(40 / epoch),\"epoch\":\(epoch),\"step\":\(number)}\n"
            }
            // The lowest in epoch 3.
            let values = ["mean_G_L1"] + validation
            let measured = values.map { ",\"\($0)\":\(0.5 + Double(abs(epoch - 3)))" }.joined()
            lines += "{\"epoch\":\(epoch),\"seconds\":2\(measured)}\n"
            try write(rows(epoch: epoch, of: 3), epoch: epoch, in: run)
        }
        try temporary.write(lines + more, to: "\(run)/metrics.jsonl")
    }

    @Test func thePageHoldsAnImageForEachEpochShown() throws {
        let many = [1, 3, 5] + (2...18).map { 5 * $0 }
        for (epochs, shown) in [(1, [1]), (7, Array(1...7)), (90, many)] {
            let run = "run\(epochs)"
            try makeRun(epochs: epochs, in: run)
            let outcome = try report(run)
            #expect(outcome.status == 0, "\(outcome.messages)")
            #expect(outcome.output == "\(run)/report.html\n\(run)/samples/montage.png\n")
            let page = try page(run)
            #expect(isSelfContained(page))
            #expect(count("data-epoch=\"", in: page) == shown.count)
            for epoch in shown { #expect(page.contains("data-epoch=\"\(epoch)\""), "\(epoch)") }
            // Three pairs: input, latest and target, and what was generated in the epochs.
            #expect(count("<img ", in: page) == 9 + 3 * shown.count)
            #expect(page.contains("data-go=\"\(epochs)\">Latest"))
            #expect(page.contains("data-go=\"\(min(epochs, 3))\">Best"))
        }
    }

    @Test func theMontageShowsTheCellsAsTheyAre() throws {
        try makeRun(epochs: 20)
        #expect(try report("run").status == 0)
        let montage = try ImageCodec.decode(path: temporary.path("run/samples/montage.png")).image
        let epochs = [1, 4, 6, 9, 12, 15, 17, 20]
        // Small pictures are enlarged, pixel by pixel, until the longest title fits.
        let factor = 4
        #expect(ImageGrid.width(ofTitle: "epoch 20") == factor * size.width)
        let enlarged = ImageSize(width: factor * size.width, height: factor * size.height)
        let cells = try #require(
            ImageGrid.cells(inGridOf: montage.size, picture: enlarged, hasRowTitles: false)
        )
        #expect(cells.map(\.count) == [10, 10, 10])
        for row in 0..<3 {
            var expected = epochs.map { rows(epoch: $0, of: 3)[row].images[1] }
            expected.insert(rows(epoch: 1, of: 3)[row].images[0], at: 0)
            expected.append(rows(epoch: 1, of: 3)[row].images[2])
            for (cell, image) in zip(cells[row], expected) {
                let whole = image.rgb().resized(to: enlarged, filter: .nearest)
                #expect(cell.cut(from: montage) == whole)
            }
        }
    }

    @Test func whateverIsDataIsEscaped() throws {
        try makeRun(
            epochs: 2,
            in: "a<b>",
            validation: ["val_L1", "val_<i>"],
            more: """
                {"epoch":2,"step":9,"warning":"w<1>","message":"</script><script>alert(1)","suggestion":"\\"&"}
                {"epoch":2,"step":9,"warn
                """
        )
        let outcome = try report("a<b>")
        #expect(outcome.status == 0, "\(outcome.messages)")
        let page = try page("a<b>")
        for text in [
            "<h1>a&lt;b&gt;</h1>", "cats &amp; &lt;dogs&gt;", "a &lt;b&gt; &amp; &quot;c&quot;",
            "abacus &lt;1&gt;", "w&lt;1&gt;", "&lt;/script&gt;&lt;script&gt;alert(1)",
            "val_&lt;i&gt;",
            "epoch 2, step 9",
        ] {
            #expect(page.contains(text), "\(text)")
        }
        for text in ["<b> &", "<dogs>", "<script>alert", "<i>\"", "<1>"] {
            #expect(!page.contains(text), "\(text)")
        }
        #expect(count("<script", in: page) == 1 && count("</script", in: page) == 1)
        #expect(isSelfContained(page))
    }

    @Test func aRunWithoutValidationHasNoBestEpoch() throws {
        try makeRun(epochs: 4, validation: [])
        let outcome = try report("run")
        #expect(outcome.status == 0 && !outcome.messages.contains("warning"), "\(outcome.messages)")
        let page = try page("run")
        #expect(!page.contains(">Best<") && !page.contains("id=\"validation\""))
        #expect(page.contains("id=\"losses\""))
    }

    @Test func theBestEpochIsThatOfTheMetricAskedFor() throws {
        try makeRun(epochs: 9)
        #expect(try report("run", "--best-by", "val_SSIM").status == 0)
        // More similarity is better, and it is lowest in epoch 3.
        #expect(try page("run").contains("data-go=\"9\">Best"))
        let outcome = try report("run", "--best-by", "val_nonsense")
        #expect(outcome.status == 0)
        #expect(
            outcome.messages.contains("no epoch of run has val_nonsense"),
            "\(outcome.messages)"
        )
    }

    @Test func whatIsMissingOrDamagedIsLeftOut() throws {
        // Nothing but a configuration: a run that has just begun.
        try makeRun(epochs: 0)
        try FileSystem.remove(temporary.path("run/metrics.jsonl"))
        let first = try report("run")
        #expect(first.status == 0 && first.output == "run/report.html\n", "\(first.messages)")
        #expect(try page("run").contains("no epoch is complete yet"))

        try makeRun(epochs: 5, more: "{\"epoch\":5,\"step\":2")
        let whole = try temporary.bytes(of: "run/samples/epoch-002.png")
        try temporary.write(whole.dropLast(20), to: "run/samples/epoch-002.png")
        let other = Noise.image(width: 100, height: 100)
        try temporary.write(try ImageCodec.encodePNG(other), to: "run/samples/epoch-003.png")
        // Another number of pairs than in the end.
        try write(rows(epoch: 4, of: 2), epoch: 4, in: "run")
        try temporary.write("x", to: "run/samples/epoch-notes.png")
        let outcome = try report("run")
        #expect(outcome.status == 0, "\(outcome.messages)")
        let page = try page("run")
        #expect(count("data-epoch=\"", in: page) == 2)
        #expect(!page.contains(">Best<"))
        #expect(page.contains("after epoch 5 of 300"))
        #expect(!page.contains("could not be read"))

        let none = try report("nowhere")
        #expect(none.status == 1)
        #expect(none.messages.contains("nowhere: expected the folder of a run"), "\(none.messages)")
        try temporary.write("{", to: "run/config.json")
        #expect(try report("run").status != 0)
    }

    // MARK: - A run that was made

    @Test func aTrainingWritesTheReportThatTheCommandWrites() throws {
        _ = try SideBySideSource(in: temporary, half: ImageSize(width: 40, height: 40))
        try temporary.write(
            """
            {"name": "noise", "source": {"path": "source", "input": "right"},
             "augment": [{"op": "crop", "width": 32, "height": 32}]}
            """,
            to: "recipe.json"
        )
        let build = try Command("p2p-data").run(["build", "recipe.json"], in: temporary.path)
        #expect(build.status == 0, "\(build.messages)")
        let training = try train.run(
            ["--epochs", "3", "--ngf", "2", "--ndf", "2", "--threads", "1", "--run", "r"],
            in: temporary.path
        )
        #expect(training.status == 0, "\(training.messages)")
        let files = ["r/report.html", "r/samples/montage.png"]
        let written = try files.map { try temporary.bytes(of: $0) }
        for file in files { try FileSystem.remove(temporary.path(file)) }
        let outcome = try report("r")
        #expect(outcome.status == 0, "\(outcome.messages)")
        #expect(try files.map { try temporary.bytes(of: $0) } == written)
        let page = try page("r")
        #expect(isSelfContained(page))
        #expect(page.contains("after epoch 3 of 3") && page.contains("6 train, 2 val"))
        #expect(count("data-epoch=\"", in: page) == 3)
        #expect(page.contains("40×40×3 U8"))
    }
}
