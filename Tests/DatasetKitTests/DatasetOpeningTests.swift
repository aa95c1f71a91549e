import DatasetKit
import Foundation
import TestSupport
import Testing

/// Opening a dataset of many shards: the index is believed, each shard's length is looked at.
@Suite struct DatasetOpeningTests {
    private let temporary: TemporaryFolder
    private let shards = 3000
    private let samples = 136

    /// Writes an index, and shards that are holes from their first byte to their last.
    init() throws {
        temporary = try TemporaryFolder()
        try temporary.makeFolder("out")
        var entries: [String] = []
        for number in 0..<shards {
            let name = file(number)
            entries.append(
                #"{"bytes": 66737000, "file": "\#(name)", "samples": \#(samples), "sha256": "00"}"#
            )
            try cut(name, to: 66_737_000)
        }
        try write(entries)
    }

    private func file(_ number: Int) -> String { "train-\(10000 + number).safetensors" }

    private func cut(_ name: String, to length: UInt64) throws {
        let path = temporary.path("out/\(name)")
        if FileSystem.kind(of: path) == nil { try temporary.write("", to: "out/\(name)") }
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try handle.truncate(atOffset: length)
        try handle.close()
    }

    private func write(_ entries: [String], more: String = "", version: Int = 1) throws {
        let side = #"{"channels": 3, "dtype": "U8", "height": 286, "width": 286}"#
        try temporary.write(
            """
            {"counts": {"conversions": {}, "ignored": 0, "rejected": {}}, "fingerprint": "00",
             "format": "p2p-dataset", "input": \(side), "name": "large", "recipe": {},
             "software": {}, "splits": {"train": {"samples": \(entries.count * samples), "shards":
             [\(entries.joined(separator: ",\n"))]}}, "target": \(side), "version": \(version)\(more)}
            """,
            to: "out/index.json"
        )
    }

    private func error() -> DatasetError? {
        #expect(throws: DatasetError.self) { try Dataset(folder: temporary.path("out")) }
    }

    @Test func everyShardIsThere() throws {
        let dataset = try Dataset(folder: temporary.path("out"))
        let reader = try #require(dataset.split(.train))
        #expect(reader.count == shards * samples)
        #expect(dataset.splits == [.train])
        // A hole is no shard: noticed when it is read, not before.
        #expect(throws: DatasetError.self) { try reader.pair(at: reader.count - 1) }
    }

    @Test func oneMissingOrCutShardOfManyIsNoticed() throws {
        let last = file(shards - 1)
        try cut(last, to: 66_736_999)
        #expect(error()?.message.contains("expected 66737000 bytes, found 66736999") == true)
        try cut(last, to: 66_737_001)
        #expect(error()?.message.contains("it was changed") == true)
        try FileSystem.remove(temporary.path("out/\(last)"))
        #expect(error()?.path?.hasSuffix(last) == true)
        try temporary.makeFolder("out/\(last)")
        #expect(error()?.message.contains("expected this shard") == true)
        try FileManager.default.removeItem(atPath: temporary.path("out/\(last)"))
        try cut(last, to: 66_737_000)
        #expect(throws: Never.self) { try Dataset(folder: temporary.path("out")) }
    }

    @Test func aShardMayBeALink() throws {
        let name = file(7)
        try FileManager.default.moveItem(
            atPath: temporary.path("out/\(name)"),
            toPath: temporary.path("elsewhere")
        )
        try FileManager.default.createSymbolicLink(
            atPath: temporary.path("out/\(name)"),
            withDestinationPath: temporary.path("elsewhere")
        )
        #expect(throws: Never.self) { try Dataset(folder: temporary.path("out")) }
    }

    /// What the document is comes first: not that a field of another version is missing.
    @Test func otherDocumentsSayWhatTheyAre() throws {
        for (text, code, message) in [
            ("", DatasetError.Code.corrupt, "not valid JSON"), ("[1]", .corrupt, "\"format\""),
            ("{}", .corrupt, "\"format\""), (#"{"format": "other"}"#, .corrupt, "\"format\""),
            (#"{"format": "p2p-dataset"}"#, .unsupported, "expected version 1, found none"),
            (#"{"format": "p2p-dataset", "version": 7}"#, .unsupported, "found 7"),
            (#"{"format": "p2p-dataset", "version": 1}"#, .corrupt, "it is damaged"),
            (#"{"format": "p2p-dataset", "version": 1"#, .corrupt, "not valid JSON"),
        ] {
            try temporary.write(text, to: "out/index.json")
            let error = error()
            #expect(error?.code == code, "\(text)")
            #expect(error?.message.contains(message) == true, "\(text): \(error!)")
        }
        try write([], version: 2)
        #expect(error()?.code == .unsupported)
    }

    /// Later versions may say more: what is not known is not looked at.
    @Test func moreFieldsDoNotMatter() throws {
        try write([], more: #", "more": {"numbers": [1, 2.5, null]}"#)
        #expect(try Dataset(folder: temporary.path("out")).index.name == "large")
    }
}
