import Augment
import DatasetKit
import Foundation
import TestSupport
import Testing

/// `p2p-data preview`: what it shows, prints and does again.
@Suite struct PreviewTests {
    private let temporary: TemporaryFolder
    private let data = Command("p2p-data")

    private static let operations = """
        [{"op": "crop", "width": 20, "height": 20}, {"op": "flip-horizontal"},
         {"op": "affine", "rotation": 20}, {"op": "color-jitter", "brightness": 0.3, "hue": 0.1},
         {"op": "noise"}, {"op": "mixup", "p": 0.5}, {"op": "erase"}]
        """

    init() throws {
        temporary = try TemporaryFolder()
        let source = try SideBySideSource(in: temporary, train: 6, val: 2)
        let json = """
            {"name": "noise", "source": {"path": "\(source.folder)"},
             "resize": {"width": 24, "height": 24}, "augment": \(Self.operations)}
            """
        try temporary.write(json, to: "recipe.json")
        let build = try run("build", "recipe.json")
        #expect(build.status == 0, "\(build.messages)")
    }

    private func run(_ arguments: String...) throws -> Command.Outcome {
        try data.run(arguments, in: temporary.path)
    }

    /// Whether an image is somewhere in another one, pixel for pixel.
    private func sheet(_ sheet: Image, shows image: Image) -> Bool {
        let row = image.bytesPerRow
        for y in 0...(sheet.height - image.height) {
            for x in 0...(sheet.width - image.width) {
                var isThere = true
                for line in 0..<image.height where isThere {
                    let start = (y + line) * sheet.bytesPerRow + x * 3
                    isThere =
                        sheet.bytes[start..<start + row]
                        == image.bytes[line * row..<(line + 1) * row]
                }
                if isThere { return true }
            }
        }
        return false
    }

    /// The batches of a training are made by the same renderer from the same draws, which its own tests
    /// show; here the pictures are compared with those.
    @Test func theSheetShowsExactlyWhatTrainingSees() throws {
        let preview = try run(
            "preview",
            "--pairs",
            "2",
            "--draws",
            "3",
            "--seed",
            "5",
            "--epoch",
            "4"
        )
        #expect(preview.status == 0, "\(preview.messages)")
        let sheet = try ImageCodec.decode(path: temporary.path("preview.png")).image
        let dataset = try Dataset(folder: temporary.path("out"))
        let reader = try #require(dataset.split(.train))
        let augmentation = try Augmentation(try dataset.recipe(), for: dataset.index)
        let renderer = PairRenderer(augmentation, of: reader)
        for number in [0, 3] {
            for epoch in 4...6 {
                let transform = augmentation.draw(seed: 5, epoch: epoch, sample: number, of: 6)
                var batch = renderer.batch(of: 1)
                try renderer.render(transform, of: number, into: &batch, at: 0)
                let pair = batch.pair(at: 0)
                #expect(self.sheet(sheet, shows: pair.input), "\(number) \(epoch)")
                #expect(self.sheet(sheet, shows: pair.target), "\(number) \(epoch)")
            }
        }
    }

    @Test func whatIsPrintedReplays() throws {
        let printed = try run("preview", "--seed", "7", "--json", "--out", "a.png")
        #expect(printed.status == 0, "\(printed.messages)")
        try temporary.write(printed.output, to: "drawn.json")
        let again = try run("preview", "--replay", "drawn.json", "--out", "b.png")
        #expect(again.status == 0, "\(again.messages)")
        #expect(try temporary.bytes(of: "a.png") == temporary.bytes(of: "b.png"))
        let twice = try run("preview", "--replay", "drawn.json", "--seed", "1", "--json")
        #expect(twice.status == 64)
        #expect(twice.messages.contains("leave out --seed, --json"), "\(twice.messages)")
    }

    /// A record holds the operations as well: it replays without the recipe that it was drawn from.
    @Test func whatWasTriedReplays() throws {
        let crop = #"{"op": "crop", "width": 17, "height": 9}"#
        let printed = try run("preview", "--op", crop, "--json", "--out", "a.png")
        try temporary.write(printed.output, to: "drawn.json")
        let again = try run("preview", "--replay", "drawn.json", "--out", "b.png")
        #expect(again.status == 0, "\(again.messages)")
        #expect(try temporary.bytes(of: "a.png") == temporary.bytes(of: "b.png"))
    }

    @Test(arguments: [
        ("\"x\" : ", "\"x\" : 9", "draws[0].operations[0]: crop: expected parameters that images"),
        ("\"op\" : \"crop\"", "\"op\" : \"crop2\"", "there is no operation \"crop2\""),
        ("\"sample\" : ", "\"sample\" : 9", "draws[0].sample: expected a number below 6"),
        ("\"dataset\" : \"", "\"dataset\" : \"0", "it was recorded for the dataset 0"),
        ("\"augment\" : [", "\"augment\" : [7,", "augment[0]: expected an object"),
        ("{", "[", "expected what preview --json prints"),
    ])
    func aRecordThatDoesNotFitIsRefused(_ old: String, _ new: String, _ message: String) throws {
        var text = try run("preview", "--json").output
        // What was drawn stands behind the operations that it was drawn from.
        let draws = try #require(text.range(of: "\"draws\"")).upperBound
        let inDraws = text.range(of: old, range: draws..<text.endIndex)
        let place = try #require(inDraws ?? text.range(of: old))
        text.replaceSubrange(place, with: new)
        try temporary.write(text, to: "drawn.json")
        let outcome = try run("preview", "--replay", "drawn.json", "--out", "none.png")
        #expect(outcome.status != 0)
        #expect(outcome.messages.contains("error: drawn.json: "), "\(outcome.messages)")
        #expect(outcome.messages.contains(message), "\(outcome.messages)")
        #expect(!temporary.contents.contains("none.png"))
    }

    @Test func anOperationIsTriedWithoutARecipe() throws {
        let tried = try run("preview", "--op", #"{"op": "flip-vertical", "p": 1}"#, "--json")
        #expect(tried.status == 0, "\(tried.messages)")
        #expect(tried.output.contains("flip-vertical"))
        #expect(!tried.output.contains("crop"))
        let wrong = try run("preview", "--op", #"{"op": "gamma", "gamma": -1}"#)
        #expect(wrong.status == 64)
        #expect(wrong.messages.contains("error: --op: augment[0].gamma: "), "\(wrong.messages)")
        #expect(try run("preview", "--op", "gamma").status == 64)
    }

    @Test func theSeedIsTheTrainingsOwn() throws {
        let plain = try run("preview", "--json", "--seed", "9")
        let recipe = String(decoding: try temporary.bytes(of: "recipe.json"), as: UTF8.self)
        let seeded = recipe.dropLast() + ", \"train\": {\"seed\": 9}}"
        try temporary.write(String(seeded), to: "seeded.json")
        #expect(try run("preview", "seeded.json", "--json").output == plain.output)
        #expect(try run("preview", "--json").output != plain.output)
    }

    @Test func keysChooseThePairs() throws {
        let dataset = try Dataset(folder: temporary.path("out"))
        let key = try #require(try dataset.split(.train)?.key(at: 4))
        let chosen = try run("preview", "--json", "--draws", "1", "--keys", key)
        #expect(chosen.output.contains("\"sample\" : 4"), "\(chosen.messages)")
        let missing = try run("preview", "--keys", "nobody")
        #expect(missing.status == 1)
        #expect(missing.messages.contains("no pair \"nobody\""), "\(missing.messages)")
    }

    /// A page that fetches nothing, with every parameter and picture in it.
    @Test func thePageStandsAlone() throws {
        let page = try run("preview", "--html", "page.html")
        #expect(page.status == 0, "\(page.messages)")
        #expect(page.output == "preview.png\npage.html\n")
        let html = String(decoding: try temporary.bytes(of: "page.html"), as: UTF8.self)
        #expect(!html.contains("http") && !html.contains("<script") && !html.contains("<link"))
        // 4 pairs in 6 columns: input, target and the edges of both.
        #expect(html.components(separatedBy: "<img ").count == 1 + 4 * 6 * 3)
        #expect(html.components(separatedBy: "&quot;op&quot; : &quot;crop&quot;").count >= 1 + 20)
    }

    /// One row for each range, from end to end.
    @Test func sweepsShowEveryRange() throws {
        let sweep = try run("preview", "--sweep", "--draws", "3", "--html", "ranges.html")
        #expect(sweep.status == 0, "\(sweep.messages)")
        let html = String(decoding: try temporary.bytes(of: "ranges.html"), as: UTF8.self)
        for title in [
            "crop: x", "crop: y", "flip-horizontal", "affine: rotation", "color-jitter: brightness",
            "color-jitter: hue", "noise: sigma", "mixup: weight", "erase: scale", "erase: ratio",
        ] {
            #expect(html.contains("<h2>\(title)</h2>"), "\(title)")
        }
        #expect(html.contains("affine -20deg") && html.contains("affine 20deg"))
        #expect(try run("preview", "--sweep", "--json").status == 64)
    }
}
