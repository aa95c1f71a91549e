import DatasetKit
import Foundation
import Synchronization
import TestSupport
import Testing

/// Downloads that break: taken up where they broke, or started over where that would be wrong.
@Suite struct DownloadResumeTests {
    private typealias Answer = HTTPServer.Answer

    private let temporary: TemporaryFolder
    private let archive: [UInt8]
    private let part = "data/got.tar.gz.part"

    init() throws {
        temporary = try TemporaryFolder()
        try temporary.makeFolder("data")
        // Behind the archive's end readers stop: enough bytes to be cut in many places.
        let small = try FileSystem.contents(of: "\(Places.fixtures)/archives/good/plain.tar.gz")
        archive = small + Noise.bytes(300_000)
    }

    private func download(_ server: HTTPServer, checked: Bool = true) throws -> ArchiveDownload {
        let sum = unsafe archive.withUnsafeBytes { unsafe Checksum.sha256($0) }
        let json =
            #"{"source": {"path": "data/got", "url": "\#(server.url("/set.tar.gz"))""#
            + (checked ? #", "sha256": "\#(sum)"}}"# : "}}")
        let recipe = try Recipe(path: temporary.write(json, to: "recipe.json"))
        var download = try #require(ArchiveDownload(recipe))
        download.pauses = [.milliseconds(1), .milliseconds(1)]
        return download
    }

    private func expectWhole() throws {
        #expect(try temporary.bytes(of: "data/got/train/a.txt") == Array("first".utf8))
        #expect(try FileSystem.names(in: temporary.path("data")) == ["got"])
    }

    /// The first bytes that each request asked for.
    private func starts(_ server: HTTPServer) -> [Int?] { server.requests.map(\.start) }

    @Test func aBrokenConnectionIsTakenUpInTheSameRun() throws {
        let archive = self.archive
        let server = try HTTPServer { request in
            Answer.file(archive, for: request, etag: "\"one\"").cut(after: 100_000)
        }
        let seen = Mutex<[Int]>([])
        try download(server).run { step in
            guard case .downloading(let received, let total) = step else { return }
            #expect(total == archive.count)
            seen.withLock { $0.append(received) }
        }
        try expectWhole()
        #expect(starts(server) == [nil, 100_000, 200_000, 300_000])
        #expect(server.requests[1].headers["if-range"] == "\"one\"")
        // Never backwards: nothing is fetched twice.
        let received = seen.withLock { $0 }
        #expect(received == received.sorted())
        #expect(received.last == archive.count)
    }

    @Test func whatArrivedIsKeptForTheNextRun() throws {
        let archive = self.archive
        let isUp = Mutex(false)
        let server = try HTTPServer { request in
            if isUp.withLock({ $0 }) {
                return Answer.file(archive, for: request, lastModified: "yesterday")
            }
            return request.number == 0
                ? Answer.file(archive, for: request, lastModified: "yesterday").cut(after: 70_000)
                : Answer("503 Service Unavailable")
        }
        let error = #expect(throws: DatasetError.self) { try download(server).run { _ in } }
        #expect(error?.code == .io)
        #expect(error?.message.contains("70000 of \(archive.count) bytes are kept in") == true)
        #expect(error?.message.contains("by other means, put it at") == true)
        // One broken connection and two attempts after it.
        #expect(server.requests.count == 3)
        #expect(try temporary.bytes(of: part) == Array(archive[..<70_000]))
        isUp.withLock { $0 = true }
        try download(server).run { _ in }
        try expectWhole()
        #expect(server.requests.last?.start == 70_000)
        #expect(server.requests.last?.headers["if-range"] == "yesterday")
    }

    @Test func anotherVersionOfTheFileStartsOver() throws {
        let archive = self.archive
        let old = Noise.bytes(archive.count, seed: 9)
        // A good server answers 200 to an `If-Range` that does not hold; a bad one sends the rest.
        for ignoresCondition in [false, true] {
            let server = try HTTPServer { request in
                if request.number == 0 {
                    return Answer.file(old, for: request, etag: "\"old\"").cut(after: 50_000)
                }
                var request = request
                if ignoresCondition { request.headers["if-range"] = nil }
                return Answer.file(archive, for: request, etag: "\"new\"")
            }
            try download(server).run { _ in }
            try expectWhole()
            try FileSystem.remove(temporary.path("data/got"))
        }
    }

    @Test func aServerWithoutRangesStartsOver() throws {
        let archive = self.archive
        let server = try HTTPServer { request in
            let answer = Answer("200 OK", headers: ["ETag": "\"one\""], body: archive)
            return request.number == 0 ? answer.cut(after: 60_000) : answer
        }
        try download(server).run { _ in }
        try expectWhole()
        #expect(starts(server) == [nil, 60_000])
    }

    @Test func aServerThatAlwaysBreaksIsGivenUp() throws {
        let archive = self.archive
        let server = try HTTPServer { _ in
            Answer("200 OK", headers: ["ETag": "\"one\""], body: archive).cut(after: 60_000)
        }
        let error = #expect(throws: DatasetError.self) { try download(server).run { _ in } }
        #expect(error?.code == .io)
        #expect(server.requests.count == 3)
    }

    @Test func a416StartsOver() throws {
        let archive = self.archive
        let server = try HTTPServer { request in
            if request.start != nil { return Answer("416 Range Not Satisfiable") }
            let answer = Answer.file(archive, for: request, etag: "\"one\"")
            return request.number == 0 ? answer.cut(after: 60_000) : answer
        }
        try download(server).run { _ in }
        try expectWhole()
        #expect(starts(server) == [nil, 60_000, nil])
    }

    /// Without a name for the version, nothing says that the rest belongs to what is here.
    @Test(arguments: [[:], ["ETag": "W/\"weak\""]])
    func withoutAValidatorNothingIsTakenUp(_ headers: [String: String]) throws {
        let archive = self.archive
        let server = try HTTPServer { request in
            let answer = Answer("200 OK", headers: headers, body: archive)
            return request.number == 0 ? answer.cut(after: 60_000) : answer
        }
        try download(server).run { _ in }
        try expectWhole()
        #expect(starts(server) == [nil, nil])
    }

    @Test(arguments: [
        "bytes 50000-60000/300237", "bytes 0-1/2", "bytes 60000-399999/400000", "bytes */400000",
        "items 60000-60001/60002", "",
    ])
    func anotherPartThanAskedForIsRefused(_ range: String) throws {
        let archive = self.archive
        let server = try HTTPServer { request in
            guard request.start == nil else {
                return Answer(
                    "206 Partial Content",
                    headers: ["ETag": "\"one\"", "Content-Range": range],
                    body: [1, 2, 3]
                )
            }
            return Answer.file(archive, for: request, etag: "\"one\"").cut(after: 60_000)
        }
        let error = #expect(throws: DatasetError.self) { try download(server).run { _ in } }
        #expect(error?.message.contains("asked for the bytes from 60000 on") == true)
        // Not even kept: the next run starts over.
        #expect(try FileSystem.names(in: temporary.path("data")).isEmpty)
    }

    @Test func whatCameFromAnotherAddressIsNotUsed() throws {
        try temporary.write(Noise.bytes(1000), to: part)
        try temporary.write(
            #"{"url": "http://127.0.0.1:9/set.tar.gz", "etag": "\"one\"", "total": 2000}"#,
            to: "\(part).json"
        )
        let archive = self.archive
        let server = try HTTPServer { Answer.file(archive, for: $0, etag: "\"one\"") }
        try download(server).run { _ in }
        try expectWhole()
        #expect(starts(server) == [nil])
    }

    @Test(arguments: ["", "{", #"{"etag": 1}"#])
    func aDamagedNoteStartsOver(_ note: String) throws {
        try temporary.write(Noise.bytes(1000), to: part)
        try temporary.write(note, to: "\(part).json")
        let archive = self.archive
        let server = try HTTPServer { Answer.file(archive, for: $0, etag: "\"one\"") }
        try download(server).run { _ in }
        try expectWhole()
    }

    @Test func aWholePartNeedsNoNetwork() throws {
        try temporary.write(archive, to: part)
        let server = try HTTPServer { _ in Answer("500 Internal Server Error") }
        try temporary.write(
            #"{"url": "\#(server.url("/set.tar.gz"))", "etag": "\"1\"", "total": \#(archive.count)}"#,
            to: "\(part).json"
        )
        try download(server).run { _ in }
        try expectWhole()
        #expect(server.requests.isEmpty)
    }

    /// `/dev/full` takes no byte, as a full disk does.
    @Test func aFullDiskIsOneClearError() throws {
        try FileManager.default.createSymbolicLink(
            atPath: temporary.path(part),
            withDestinationPath: "/dev/full"
        )
        let archive = self.archive
        let server = try HTTPServer { Answer.file(archive, for: $0, etag: "\"one\"") }
        let error = #expect(throws: DatasetError.self) { try download(server).run { _ in } }
        #expect(error?.code == .io)
        #expect(error?.message.contains("the disk is full after 0 of \(archive.count)") == true)
        #expect(error?.message.contains("by other means") == false)
        #expect(server.requests.count == 1)
    }

    @Test func whatDoesNotFitIsNotEvenStarted() throws {
        let server = try HTTPServer { _ in
            var answer = Answer("200 OK", headers: ["ETag": "\"one\""], body: [1])
            answer.missing = 1 << 60
            return answer
        }
        let error = #expect(throws: DatasetError.self) { try download(server).run { _ in } }
        #expect(error?.message.contains("are free there") == true, "\(error!)")
        #expect(try FileSystem.names(in: temporary.path("data")).isEmpty)
    }

    @Test func aServerThatNeverAnsweredIsAskedOnce() throws {
        let server = try HTTPServer { _ in Answer("503 Service Unavailable") }
        #expect(throws: DatasetError.self) { try download(server).run { _ in } }
        #expect(server.requests.count == 1)
    }
}
