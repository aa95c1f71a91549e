import DatasetKit
import Foundation
import Pix2Pix
import TestSupport
import Testing

@Suite struct TranslationListTests {
    private let temporary: TemporaryFolder

    init() throws { temporary = try TemporaryFolder() }

    private func write(_ paths: String...) throws {
        for path in paths { try temporary.write("x", to: path) }
    }

    private func list(_ paths: String...) throws -> TranslationList {
        try TranslationList(paths: paths.map { temporary.path($0) })
    }

    private func refusal(
        _ list: TranslationList,
        out: String,
        overwriting: Bool = false
    ) throws -> DatasetError {
        try #require(throws: DatasetError.self) {
            try list.check(output: temporary.path(out), .png, overwriting: overwriting)
        }
    }

    @Test("Folders are listed with all below them, in the order of the names' bytes")
    func order() throws {
        try write("in/b.png", "in/a/z.JPG", "in/a/é.tiff", "in/Z.jpeg", "in/x.txt", "in/.h.png")
        try write("in/a/.hidden/q.png")
        let found = try list("in")
        #expect(found.items.map(\.name) == ["Z", "a/z", "a/é", "b"])
        #expect(found.ignored == [temporary.path("in/x.txt")])
        try found.check(output: temporary.path("out"), .png, overwriting: false)
    }

    @Test("A file named by itself may have any name")
    func anyName() throws {
        try write("one.dat", "two.more.png")
        #expect(try list("one.dat", "two.more.png").items.map(\.name) == ["one", "two.more"])
    }

    @Test("A link to a folder above is not entered again")
    func links() throws {
        try write("in/sub/a.png")
        try FileManager.default.createSymbolicLink(
            atPath: temporary.path("in/sub/up"),
            withDestinationPath: "../.."
        )
        // Through the link it sees itself once more from above, and no deeper.
        #expect(try list("in").items.map(\.name).filter { $0.hasPrefix("sub/up/in") }.isEmpty)
    }

    @Test("What is missing or holds no images is refused")
    func nothing() throws {
        try temporary.makeFolder("empty")
        try write("texts/a.txt")
        #expect(#expect(throws: DatasetError.self) { try list("none") }?.code == .notFound)
        #expect(#expect(throws: DatasetError.self) { try list("empty") }?.code == .empty)
        let error = try #require(throws: DatasetError.self) { try list("texts") }
        #expect(error.code == .empty && error.message.contains("none among 1 files"))
    }

    @Test("Two inputs that would be one result are refused, both named")
    func collisions() throws {
        try write("a/x.png", "b/x.jpg")
        let error = try refusal(try list("a/x.png", "b/x.jpg"), out: "out", overwriting: true)
        #expect(error.code == .invalidRecipe)
        #expect(error.message.contains("a/x.png and") && error.message.contains("b/x.jpg would"))
        try write("c/x.png", "c/x.tif")
        #expect(try refusal(try list("c"), out: "out").code == .invalidRecipe)
    }

    @Test(
        "An output folder that is, holds or lies in an input folder is refused",
        arguments: [
            "in", "in/", ".", "in/out", "in/sub", "link", "link/out", "out/../in",
        ]
    )
    func folders(out: String) throws {
        try write("in/a.jpg", "in/sub/b.jpg", "out/other")
        try FileManager.default.createSymbolicLink(
            atPath: temporary.path("link"),
            withDestinationPath: "in"
        )
        let error = try refusal(try list("in"), out: out, overwriting: true)
        #expect(error.code == .invalidRecipe)
        // A name that only begins alike is another folder.
        try list("in").check(output: temporary.path("in2"), .png, overwriting: false)
    }

    @Test("An input is never overwritten, other results only when asked")
    func existing() throws {
        try write("in/a.png", "out/a.png")
        #expect(
            try refusal(try list("in/a.png"), out: "in", overwriting: true).code == .invalidRecipe
        )
        #expect(try refusal(try list("in"), out: "out").code == .exists)
        try list("in").check(output: temporary.path("out"), .png, overwriting: true)
        try write("record/translate.json")
        #expect(try refusal(try list("in"), out: "record").code == .exists)
        try write("file")
        #expect(try refusal(try list("in"), out: "file").code == .exists)
    }
}
