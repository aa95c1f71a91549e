import DatasetKit
import Foundation
import TestSupport
import Testing

/// What comes out of an archive, good or hostile: see `make_archive_fixtures.py`.
@Suite struct ArchiveTests {
    private let temporary: TemporaryFolder

    init() throws {
        temporary = try TemporaryFolder()
        try temporary.makeFolder("data")
    }

    /// The fixtures of one kind.
    private static func archives(_ kind: String) -> [String] {
        let names = try? FileSystem.names(in: "\(Places.fixtures)/archives/\(kind)")
        return (names ?? []).map { "\(kind)/\($0)" }
    }

    /// Unpacks an archive that lies where it would have been downloaded to.
    private func unpack(_ bytes: [UInt8], named name: String, limit: Int? = nil) throws {
        let ending = name.split(separator: ".").dropFirst().joined(separator: ".")
        try temporary.write(bytes, to: "data/got.\(ending)")
        let json = #"{"source": {"path": "data/got", "url": "http://127.0.0.1:9/x.\#(ending)"}}"#
        let recipe = try Recipe(path: temporary.write(json, to: "recipe.json"))
        var download = try #require(ArchiveDownload(recipe))
        if let limit { download.minimumAllowance = limit }
        try download.run { _ in }
    }

    private func unpack(_ archive: String) throws {
        try unpack(
            try FileSystem.contents(of: "\(Places.fixtures)/archives/\(archive)"),
            named: archive
        )
    }

    @Test(arguments: archives("good"))
    func everyKindOfArchiveIsUnpacked(_ archive: String) throws {
        try unpack(archive)
        let files = temporary.contents.filter { $0.hasSuffix(".txt") }
        #expect(files == ["data/got/train/a.txt", "data/got/val/b.txt"])
        #expect(try temporary.bytes(of: "data/got/train/a.txt") == Array("first".utf8))
        #expect(try temporary.bytes(of: "data/got/val/b.txt") == Array("second".utf8))
        #expect(try FileSystem.names(in: temporary.path("data")) == ["got"])
    }

    @Test(arguments: archives("names"))
    func namesBeyondASCIIStayAsTheyAre(_ archive: String) throws {
        try unpack(archive)
        #expect(try FileSystem.names(in: temporary.path("data/got/train")) == ["größe 1.txt"])
    }

    /// Paths that lead out, links, devices, one name for two things, a bomb: nothing is written.
    @Test(arguments: archives("bad"))
    func hostileArchivesAreRefusedWhole(_ archive: String) throws {
        let error = #expect(throws: DatasetError.self) { try unpack(archive) }
        #expect(error?.code == .corrupt)
        #expect(error?.message.contains("nothing was unpacked") == true, "\(archive): \(error!)")
        let left = temporary.contents.filter { !$0.hasPrefix("data/got.") }
        #expect(left == ["data", "recipe.json"])
        #expect(FileSystem.kind(of: "/tmp/p2p-evil.txt") == nil)
        let outside = try FileSystem.names(in: FileSystem.folder(of: temporary.path))
        #expect(!outside.contains { $0.contains("evil") })
    }

    /// Readers differ on a name with a NUL; here the part before it counts, below the folder.
    @Test func aNameWithANULStaysInside() throws {
        try unpack("odd/nul.zip")
        #expect(temporary.contents.filter { $0.hasSuffix(".txt") } == ["data/got/a.txt"])
    }

    @Test func thereAreFixturesOfEachKind() {
        #expect(Self.archives("good").count >= 9)
        #expect(Self.archives("bad").count >= 22)
        #expect(Self.archives("names").count == 3)
    }

    @Test func muchMoreThanItsLengthEndsTheUnpacking() throws {
        let zeros = [UInt8](repeating: 0, count: 1 << 22)
        try temporary.write(zeros, to: "set/zeros.bin")
        let packed = try tar(["-cz", "set"])
        #expect(packed.count < 20_000)
        let error = #expect(throws: DatasetError.self) {
            try unpack(packed, named: "x.tar.gz", limit: 1 << 20)
        }
        #expect(error?.message.contains("more than 100 times its length") == true)
        #expect(FileSystem.kind(of: temporary.path("data/got")) == nil)
        try unpack(packed, named: "x.tar.gz", limit: 1 << 23)
        #expect(try temporary.bytes(of: "data/got/zeros.bin") == zeros)
    }

    /// Empty files cost as well: each is a name on the disk.
    @Test func tooManyEntriesEndTheUnpacking() throws {
        for number in 0..<300 { try temporary.write("", to: "set/\(number)") }
        let packed = try tar(["-cz", "set"])
        let error = #expect(throws: DatasetError.self) {
            try unpack(packed, named: "x.tar.gz", limit: 100 * 1024)
        }
        #expect(error?.code == .corrupt)
        #expect(FileSystem.kind(of: temporary.path("data/got")) == nil)
    }

    @Test func theFolderMayLieBehindALink() throws {
        try temporary.makeFolder("elsewhere")
        try FileSystem.remove(temporary.path("data"))
        try FileManager.default.createSymbolicLink(
            atPath: temporary.path("data"),
            withDestinationPath: temporary.path("elsewhere")
        )
        try unpack("good/plain.tar.gz")
        #expect(try temporary.bytes(of: "elsewhere/got/train/a.txt") == Array("first".utf8))
    }

    @Test func whatAnInterruptedRunLeftIsReplaced() throws {
        try temporary.write("half", to: "data/got.unpacking/set/train/half.txt")
        try unpack("good/plain.tar.gz")
        #expect(try FileSystem.names(in: temporary.path("data/got/train")) == ["a.txt"])
        #expect(try FileSystem.names(in: temporary.path("data")) == ["got"])
    }

    @Test(arguments: archives("good"))
    func anArchiveCutAnywhereLeavesNoFolder(_ archive: String) throws {
        let whole = try FileSystem.contents(of: "\(Places.fixtures)/archives/\(archive)")
        for length in stride(from: 0, to: whole.count * 3 / 4, by: 10) {
            let error = #expect(throws: DatasetError.self) {
                try unpack(Array(whole[..<length]), named: archive)
            }
            #expect(error?.code == .corrupt, "\(archive) cut at \(length)")
            #expect(FileSystem.kind(of: temporary.path("data/got")) == nil)
        }
    }

    /// Packs with the machine's own tar.
    private func tar(_ arguments: [String]) throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["tar"] + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: temporary.path)
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Array(bytes)
    }
}
