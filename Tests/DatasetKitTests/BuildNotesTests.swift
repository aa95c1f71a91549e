import DatasetKit
import Synchronization
import TestSupport
import Testing

/// What a build tells its user although nothing is lost.
@Suite struct BuildNotesTests {
    private let temporary: TemporaryFolder

    init() throws { temporary = try TemporaryFolder() }

    private func notes(_ more: String) throws -> [String] {
        let recipe = try Recipe(
            path: temporary.write(
                """
                {"source": {"layout": "folders", "path": "in", "inputs": "{split}/a",
                  "targets": "{split}/b"}\(more)}
                """,
                to: "recipe.json"
            )
        )
        let output = temporary.path("out")
        return try DatasetBuilder(recipe: recipe, output: output, jobs: 2, overwrite: true)
            .build { _, _, _ in }.notes
    }

    /// Small areas of four colours.
    private func labelMap(_ number: Int) -> Image {
        let colors: [[UInt8]] = [[0, 0, 170], [255, 85, 0], [0, 255, 255], [170, 0, 0]]
        var map = Image(size: ImageSize(width: 90, height: 90), color: colors[number % 4])
        for area in 0..<36 {
            let size = ImageSize(width: 15 - number % 3, height: 13)
            let piece = Image(size: size, color: colors[(area * area + number) % 4])
            map.paste(piece, x: area % 6 * 15, y: area / 6 * 15)
        }
        return map
    }

    private func write(
        _ split: String,
        _ count: Int,
        _ encode: (Image) throws -> [UInt8]
    ) throws {
        for number in 0..<count {
            try temporary.write(encode(labelMap(number)), to: "in/\(split)/a/\(number).png")
            let photo = Noise.image(width: 90, height: 90, seed: UInt32(number + split.utf8.count))
            try temporary.write(try ImageCodec.encodePNG(photo), to: "in/\(split)/b/\(number).png")
        }
    }

    @Test func aSmoothFilterOnLabelMapsIsNoted() throws {
        try write("train", 6) { try ImageCodec.encodePNG($0) }
        let resize = #", "resize": {"width": 143, "height": 143}"#
        let notes = try notes(resize)
        #expect(notes.count == 1)
        #expect(notes.first?.contains("the inputs look like label maps of") == true)
        #expect(notes.first?.contains("the bicubic filter made new ones") == true)
        let nearest = #", "input": {"filter": "nearest"}}"#
        #expect(try self.notes(resize.dropLast() + nearest).isEmpty)
    }

    /// Of the pairs whose shards were finished before, nothing is in memory.
    @Test func aBuildThatWasInterruptedNotesTheSame() throws {
        try write("train", 6) { try ImageCodec.encodeJPEG($0, quality: 92) }
        let more = #", "shards": {"maxBytes": 60000}"#
        let whole = try notes(more)
        #expect(whole.count == 1)
        let recipe = try Recipe(path: temporary.path("recipe.json"))
        let builder = DatasetBuilder(recipe: recipe, output: temporary.path("again"), jobs: 1)
        let asked = Atomic<Int>(0)
        #expect(throws: BuildInterrupted.self) {
            try builder.build(
                shouldStop: { asked.wrappingAdd(1, ordering: .relaxed).newValue > 4 },
                progress: { _, _, _ in }
            )
        }
        let report = try builder.build { _, _, _ in }
        #expect(report.resumedShards > 0)
        #expect(report.notes == whole)
    }

    @Test func jpegLabelMapsAreNoted() throws {
        try write("train", 6) { try ImageCodec.encodeJPEG($0, quality: 92) }
        let notes = try notes("")
        #expect(notes.count == 1)
        #expect(notes.first?.contains("JPEG made new ones") == true)
    }

    @Test(.enabled(if: Places.shared != nil, "the real facades are not here"))
    func realFacadesAreNoted() throws {
        let shared = try #require(Places.shared)
        let recipe = try Recipe(
            path: temporary.write(
                """
                {"source": {"path": "\(shared)/data/facades", "input": "right"},
                 "split": {"from": "folders"}, "resize": {"width": 286, "height": 286}}
                """,
                to: "recipe.json"
            )
        )
        let builder = DatasetBuilder(recipe: recipe, output: temporary.path("out"), jobs: 2)
        let notes = try builder.build { _, _, _ in }.notes
        // The inputs, and not the photographs.
        #expect(notes.count == 1)
        #expect(notes.first?.contains("the inputs look like label maps") == true)
        #expect(notes.first?.contains("JPEG and the bicubic filter made new ones") == true)
    }

    @Test func aFileInTwoSplitsIsNoted() throws {
        try write("train", 3) { try ImageCodec.encodePNG($0) }
        try PairFolders.write(
            "in/val/a/9.png",
            in: temporary,
            size: ImageSize(width: 90, height: 90)
        )
        let copy = try temporary.bytes(of: "in/train/b/1.png")
        try temporary.write(copy, to: "in/val/b/9.png")
        let notes = try notes("")
        #expect(notes.count == 1)
        #expect(
            notes.first?.contains("1 file is in several splits with the same bytes") == true
        )
        #expect(notes.first?.contains("train/b/1.png (train) and val/b/9.png (val)") == true)
    }
}
