import DatasetKit
import Foundation
import TestSupport
import Testing

/// A recipe's archive: fetched from a server on this machine, unpacked, or refused.
@Suite struct DownloadTests {
    private let temporary: TemporaryFolder

    init() throws {
        temporary = try TemporaryFolder()
        try temporary.write("first", to: "set/train/a.txt")
        try temporary.write("second", to: "set/val/b.txt")
        try temporary.write("evil", to: "evil.txt")
        try temporary.makeFolder("data")
    }

    /// Packs files with the machine's own tar.
    private func archive(_ arguments: String...) throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["tar"] + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: temporary.path)
        process.standardError = FileHandle.nullDevice
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Array(bytes)
    }

    private func download(_ url: String, more: String = "") throws -> ArchiveDownload {
        let json = #"{"source": {"path": "data/got", "url": "\#(url)"\#(more)}}"#
        let recipe = try Recipe(path: temporary.write(json, to: "recipe.json"))
        return try #require(ArchiveDownload(recipe))
    }

    private var got: [String] {
        temporary.contents.filter { $0.hasPrefix("data/") }
    }

    private let whole = [
        "data/got", "data/got/train", "data/got/train/a.txt", "data/got/val", "data/got/val/b.txt",
    ]

    @Test func theArchivesFolderBecomesTheSource() throws {
        let server = try HTTPServer(files: ["/set.tar.gz": archive("-cz", "set")])
        try download(server.url("/set.tar.gz")).run { _ in }
        #expect(got == whole)
        #expect(try temporary.bytes(of: "data/got/train/a.txt") == Array("first".utf8))
    }

    @Test func anArchiveWithoutAFolderOfItsOwnWorksToo() throws {
        let server = try HTTPServer(files: ["/set.tar": archive("-c", "-C", "set", "train", "val")])
        try download(server.url("/set.tar")).run { _ in }
        #expect(got == whole)
    }

    @Test func anArchivePutThereByHandNeedsNoNetwork() throws {
        try temporary.write(try archive("-cz", "set"), to: "data/got.tar.gz")
        try download("http://127.0.0.1:9/set.tar.gz").run { _ in }
        #expect(got == whole)
    }

    @Test func aFolderThatIsThereIsNotFetched() throws {
        try temporary.makeFolder("data/got")
        let json = #"{"source": {"path": "data/got", "url": "http://127.0.0.1:9/x.tar.gz"}}"#
        let recipe = try Recipe(path: temporary.write(json, to: "recipe.json"))
        #expect(ArchiveDownload(recipe) == nil)
    }

    @Test func theChecksumMustMatch() throws {
        let bytes = try archive("-cz", "set")
        let server = try HTTPServer(files: ["/set.tar.gz": bytes])
        let zeros = String(repeating: "0", count: 64)
        let wrong = try download(server.url("/set.tar.gz"), more: #", "sha256": "\#(zeros)""#)
        #expect(#expect(throws: DatasetError.self) { try wrong.run { _ in } }?.code == .corrupt)
        #expect(got == ["data/got.tar.gz.rejected"])
        let right = unsafe bytes.withUnsafeBytes { unsafe Checksum.sha256($0) }
        try download(server.url("/set.tar.gz"), more: #", "sha256": "\#(right)""#).run { _ in }
        #expect(got == (whole + ["data/got.tar.gz.rejected"]).sorted())
    }

    @Test func whatTheServerRefusesSaysWhatToDo() throws {
        let server = try HTTPServer(files: [:])
        let missing = try download(server.url("/set.tar.gz"))
        let error = #expect(throws: DatasetError.self) { try missing.run { _ in } }
        #expect(error?.code == .io)
        #expect(error?.message.contains("status 404") == true)
        #expect(error?.message.contains("put it at \(temporary.path("data/got.tar.gz"))") == true)
        #expect(got.isEmpty)
    }

    @Test func aDamagedArchiveLeavesNoFolder() throws {
        let bytes = try archive("-cz", "set")
        try temporary.write(bytes[..<(bytes.count / 2)], to: "data/got.tar.gz")
        let damaged = try download("http://127.0.0.1:9/set.tar.gz")
        #expect(#expect(throws: DatasetError.self) { try damaged.run { _ in } }?.code == .corrupt)
        #expect(got == ["data/got.tar.gz"])
    }
}
