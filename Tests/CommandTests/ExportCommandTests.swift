import DatasetKit
import Foundation
import Synchronization
import TestSupport
import Testing

/// `p2p-data export` and the download of `p2p-data build`, as their users meet them.
@Suite struct ExportCommandTests {
    private let temporary: TemporaryFolder
    private let data = Command("p2p-data")

    init() throws {
        temporary = try TemporaryFolder()
        _ = try SideBySideSource(in: temporary)
        try temporary.write(
            #"{"name": "noise", "source": {"path": "source", "input": "right"}}"#,
            to: "recipe.json"
        )
    }

    private func run(_ arguments: String...) throws -> Command.Outcome {
        try data.run(arguments, in: temporary.path)
    }

    @Test func imagesComeBackAndAreBuiltAgain() throws {
        #expect(try run("build", "recipe.json").status == 0)
        let export = try run("export", "--out", "images", "--layout", "side-by-side")
        #expect(export.status == 0, "\(export.messages)")
        #expect(export.output.hasPrefix("images: 8 pairs in 8 files, "))
        let again = try run("build", "recipe.json", "--source", "images", "--out", "again")
        #expect(again.status == 0, "\(again.messages)")
        // The files differ, and with them the fingerprint; the pixels do not.
        let datasets = try ["out", "again"].map { try Dataset(folder: temporary.path($0)) }
        for split in [DatasetSplit.train, .val] {
            let readers = try datasets.map { try #require($0.split(split)) }
            #expect(readers[0].count == readers[1].count)
            for number in 0..<readers[0].count {
                #expect(try readers[0].pair(at: number) == readers[1].pair(at: number))
            }
        }
    }

    @Test func eachFormatIsWritten() throws {
        #expect(try run("build", "recipe.json").status == 0)
        let files = [
            ("png", "train/input/pair0.png"), ("tiff", "train/target/pair0.tif"),
            ("jpeg", "train/target/pair0.jpg"),
            ("webdataset", "train-000000.tar"),
        ]
        for (format, file) in files {
            let export = try run(
                "export",
                "--out",
                "to/\(format)",
                "--format",
                format,
                "--jobs",
                "2"
            )
            #expect(export.status == 0, "\(export.messages)")
            #expect(temporary.contents.contains("to/\(format)/\(file)"))
        }
        let some = try run("export", "--out", "some", "--keys", "pair0", "pair1", "--split", "val")
        #expect(some.output.hasPrefix("some: 2 pairs in 4 files, "), "\(some.messages)")
        let again = try run("export", "--out", "some")
        #expect(again.status == 1)
        #expect(again.messages.contains("some: expected a new folder or an empty one"))
    }

    @Test func wrongUsageSaysSo() throws {
        for arguments in [
            ["export"], ["export", "--out", "x", "--format", "gif"],
            ["export", "--out", "x", "--format", "webdataset", "--layout", "folders"],
            ["export", "--out", "x", "--max-bytes", "10"],
            ["export", "--out", "x", "--format", "webdataset", "--max-bytes", "0"],
        ] {
            let outcome = try data.run(arguments, in: temporary.path)
            #expect(outcome.status == 64, "\(arguments): \(outcome.messages)")
        }
        #expect(try run("export", "--out", "x", "--shards", "nowhere").status == 1)
        #expect(!temporary.contents.contains { $0.hasPrefix("x") })
    }

    /// A download that is ended from outside: what has arrived stays, and the next run goes on.
    ///
    /// SIGKILL, because tests run on threads that hand blocked signals down to what they start.
    @Test func aStoppedDownloadGoesOn() throws {
        let archive = try FileSystem.contents(of: "\(Places.fixtures)/archives/good/plain.tar.gz")
        let isPatient = Mutex(true)
        let server = try HTTPServer { request in
            let isFirst = isPatient.withLock { $0 }
            // The rest of the first answer does not come: the process waits for it.
            let answer = HTTPServer.Answer.file(archive, for: request, etag: "\"one\"")
            return isFirst ? answer.cut(after: 100).holding(seconds: 20) : answer
        }
        try temporary.write(
            #"{"source": {"path": "data/set", "url": "\#(server.url("/set.tar.gz"))"}}"#,
            to: "remote.json"
        )
        let process = try data.start(["build", "remote.json"], in: temporary.path)
        let part = "data/set.tar.gz.part"
        for _ in 0..<6000 where (try? temporary.bytes(of: part).count) != 100 { usleep(10_000) }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(try temporary.bytes(of: part) == Array(archive[..<100]))
        isPatient.withLock { $0 = false }
        // There are no images in it: what counts is that it was fetched and unpacked.
        let next = try run("build", "remote.json")
        #expect(next.status == 2, "\(next.messages)")
        #expect(server.requests.last?.start == 100)
        #expect(try temporary.bytes(of: "data/set/train/a.txt") == Array("first".utf8))
        #expect(!temporary.contents.contains { $0.contains(".part") })
    }
}
