import DatasetKit
import Foundation
import TestSupport
import Testing

/// Tar files as readers of WebDataset take them, read here by the format's own rules.
@Suite struct ExportWebDatasetTests {
    private let temporary: TemporaryFolder
    private let long = String(repeating: "long-", count: 24) + "name"

    init() throws {
        temporary = try TemporaryFolder()
        _ = try SideBySideSource(in: temporary)
        for name in ["street/house", "a.b", "größe", long] {
            try temporary.write(
                try ImageCodec.encodePNG(Noise.image(width: 40, height: 16, seed: 7)),
                to: "source/train/\(name).png"
            )
        }
    }

    private func build() throws -> Dataset {
        let json = #"{"source": {"path": "\#(temporary.path("source"))"}}"#
        let recipe = try Recipe(path: temporary.write(json, to: "recipe.json"))
        let output = temporary.path("out")
        _ = try DatasetBuilder(recipe: recipe, output: output, jobs: 2, overwrite: true)
            .build { _, _, _ in }
        return try Dataset(folder: output)
    }

    private func export(
        _ dataset: Dataset,
        to name: String,
        maxBytes: Int = DatasetExport.defaultMaxBytes,
        jobs: Int = 2
    ) throws -> DatasetExport.Report {
        try DatasetExport(
            of: dataset,
            to: temporary.path(name),
            format: .webdataset,
            maxBytes: maxBytes,
            jobs: jobs
        ).run { _, _ in }
    }

    /// A file in a tar.
    private struct Member {
        var name: String
        var bytes: [UInt8]
    }

    /// Reads a tar block by block: names, contents, and that nothing else is in the headers.
    private func members(_ tar: [UInt8]) throws -> [Member] {
        func text(_ range: Range<Int>) -> String {
            String(decoding: tar[range].prefix { $0 != 0 }, as: UTF8.self)
        }
        var members: [Member] = []
        var longName: String?
        var place = 0
        while tar[place] != 0 {
            let size = try #require(Int(text(place + 124..<place + 135), radix: 8))
            let contents = place + 512..<place + 512 + size
            if tar[place + 156] == UInt8(ascii: "L") {
                longName = text(contents)
            } else {
                #expect(tar[place + 156] == UInt8(ascii: "0"))
                #expect(text(place + 100..<place + 108).trimmed == "0000644")
                for owner in [place + 108, place + 116] {
                    #expect(text(owner..<owner + 8).trimmed == "0000000")
                }
                #expect(Int(text(place + 136..<place + 147), radix: 8) == 0)
                #expect(text(place + 265..<place + 329) == "")
                let name = longName ?? text(place..<place + 100)
                members.append(Member(name: name, bytes: Array(tar[contents])))
                longName = nil
            }
            place += 512 + (size + 511) / 512 * 512
        }
        #expect(tar[place...].count == 1024)
        #expect(tar[place...].allSatisfy { $0 == 0 })
        return members
    }

    @Test func everyPairIsASample() throws {
        let dataset = try build()
        let report = try export(dataset, to: "tars")
        #expect(
            try FileSystem.names(in: temporary.path("tars")) == [
                "train-000000.tar", "val-000000.tar",
            ]
        )
        let reader = try #require(dataset.split(.train))
        let tar = try temporary.bytes(of: "tars/train-000000.tar")
        let members = try members(tar)
        #expect(members.count == 3 * reader.count)
        #expect(report.pairs == 12)
        #expect(report.files == 2)
        #expect(report.bytes == tar.count + (try temporary.bytes(of: "tars/val-000000.tar").count))
        for number in 0..<reader.count {
            let key = try reader.key(at: number)
            let sample = key == "a.b" ? "a_b" : key
            let parts = members[3 * number..<3 * number + 3]
            #expect(
                parts.map(\.name) == [
                    "\(sample).input.png", "\(sample).json", "\(sample).target.png",
                ]
            )
            let pair = try reader.pair(at: number)
            #expect(try ImageCodec.decode(parts[3 * number].bytes, path: key).image == pair.input)
            #expect(
                try ImageCodec.decode(parts[3 * number + 2].bytes, path: key).image == pair.target
            )
            let json = try JSONSerialization.jsonObject(with: Data(parts[3 * number + 1].bytes))
            let object = try #require(json as? [String: Any])
            #expect(object["key"] as? String == key)
            #expect(object["split"] as? String == "train")
            #expect(object["index"] as? Int == number)
            #expect(object.count == 3)
        }
    }

    @Test func theBytesDependOnTheDatasetAlone() throws {
        let dataset = try build()
        for (name, jobs) in [("a", 1), ("b", 4)] {
            _ = try export(dataset, to: name, maxBytes: 20_000, jobs: jobs)
        }
        let names = try FileSystem.names(in: temporary.path("a"))
        #expect(names.count > 3)
        #expect(try FileSystem.names(in: temporary.path("b")) == names)
        var samples = 0
        for name in names {
            let tar = try temporary.bytes(of: "a/\(name)")
            #expect(try temporary.bytes(of: "b/\(name)") == tar)
            #expect(tar.count <= 20_000)
            samples += try members(tar).count
        }
        #expect(samples == 3 * 12)
        #expect(names.first == "train-000000.tar")
        #expect(names.last?.hasPrefix("val-") == true)
    }

    @Test func aTarHoldsAtLeastOnePair() throws {
        let report = try export(try build(), to: "tars", maxBytes: 1)
        #expect(report.files == 12)
        #expect(try members(try temporary.bytes(of: "tars/val-000001.tar")).count == 3)
    }

    @Test func pairsThatWouldShareANameAreRefused() throws {
        for (first, second) in [("x.y", "x_y"), ("x.y_z", "x_y.z")] {
            for name in [first, second] {
                try temporary.write(
                    try ImageCodec.encodePNG(Noise.image(width: 40, height: 16)),
                    to: "source/train/\(name).png"
                )
            }
            let dataset = try build()
            let error = #expect(throws: DatasetError.self) { try export(dataset, to: "tars") }
            #expect(error?.code == .unsupported)
            #expect(error?.message.contains(first) == true)
            #expect(error?.message.contains(second) == true)
            #expect(!temporary.contents.contains { $0.hasPrefix("tars") })
            for name in [first, second] {
                try FileSystem.remove(temporary.path("source/train/\(name).png"))
            }
        }
    }

    @Test func foldersThatReadersSkipAreRefused() throws {
        try temporary.write(
            try ImageCodec.encodePNG(Noise.image(width: 40, height: 16)),
            to: "source/val/__notes__/a.png"
        )
        let dataset = try build()
        let error = #expect(throws: DatasetError.self) { try export(dataset, to: "tars") }
        #expect(error?.message.contains("skip folders such as __notes__") == true)
    }
}

extension String {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespaces) }
}
