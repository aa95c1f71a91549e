import DatasetKit
import FoundationEssentials
import TestSupport
import Testing

/// Damage to a dataset: each kind has its own error, on opening, on reading or in a verification.
@Suite struct DatasetTests {
    private let temporary: TemporaryFolder
    private let folder: String
    private let shard = "train-00000.safetensors"

    init() throws {
        temporary = try TemporaryFolder()
        let source = try SideBySideSource(in: temporary)
        let json = #"{"name": "noise", "source": {"path": "\#(source.folder)"}}"#
        let recipe = try Recipe(path: temporary.write(json, to: "recipe.json"))
        folder = temporary.path("out")
        _ = try DatasetBuilder(recipe: recipe, output: folder, jobs: 2).build { _, _, _ in }
    }

    private func faults() throws -> [DatasetError] {
        try DatasetVerifier(folder: folder).verify(jobs: 2) { _, _ in }.faults
    }

    @Test func aSoundDatasetHasNoFaults() throws {
        let report = try DatasetVerifier(folder: folder).verify(jobs: 2) { _, _ in }
        #expect(report.faults.isEmpty)
        #expect(report.pairs == 8)
        #expect(report.shards == 2)
    }

    @Test func oneFlippedByteIsFoundWhereverItIs() throws {
        let bytes = try temporary.bytes(of: "out/\(shard)")
        for position in stride(from: 0, to: bytes.count, by: 97) {
            var damaged = bytes
            damaged[position] ^= 0x10
            try temporary.write(damaged, to: "out/\(shard)")
            #expect(try !faults().isEmpty, "byte \(position)")
        }
    }

    @Test func aFlippedPixelNamesItsPair() throws {
        var bytes = try temporary.bytes(of: "out/\(shard)")
        let file = try SafetensorsFile(path: "\(folder)/\(shard)")
        let target = try #require(file.tensors["target"])
        let length = target.range.count / target.shape[0]
        bytes[bytes.count - file.header.dataLength + target.range.lowerBound + 2 * length] ^= 1
        try temporary.write(bytes, to: "out/\(shard)")
        let messages = try faults().map(\.message)
        #expect(messages.contains { $0.contains("the target of pair pair2") })
        let reader = try #require(try Dataset(folder: folder).split(.train))
        #expect(throws: Never.self) { try reader.pair(at: 1) }
        #expect(#expect(throws: DatasetError.self) { try reader.pair(at: 2) }?.code == .corrupt)
    }

    @Test func aCutOrMissingShardIsFoundOnOpening() throws {
        let bytes = try temporary.bytes(of: "out/\(shard)")
        try temporary.write(bytes.dropLast(), to: "out/\(shard)")
        let cut = #expect(throws: DatasetError.self) { try Dataset(folder: folder) }
        #expect(cut?.message.contains("it was cut short") == true)
        #expect(try faults().count == 1)
        try FileSystem.remove("\(folder)/\(shard)")
        let missing = #expect(throws: DatasetError.self) { try Dataset(folder: folder) }
        #expect(missing?.code == .corrupt)
        #expect(try faults().count == 1)
    }

    @Test func aShardOfAnotherDatasetIsRefused() throws {
        let other = try SideBySideSource(in: temporary, name: "other")
        let json = #"{"name": "other", "source": {"path": "\#(other.folder)", "input": "right"}}"#
        let recipe = try Recipe(path: temporary.write(json, to: "other.json"))
        let otherFolder = temporary.path("other-out")
        _ = try DatasetBuilder(recipe: recipe, output: otherFolder, jobs: 2).build { _, _, _ in }
        try temporary.write(try temporary.bytes(of: "other-out/\(shard)"), to: "out/\(shard)")
        let reader = try #require(try Dataset(folder: folder).split(.train))
        let error = #expect(throws: DatasetError.self) { try reader.pair(at: 0) }
        #expect(error?.message.contains("belongs to another dataset") == true)
    }

    @Test func aFolderThatIsNoDatasetSaysSo() throws {
        #expect(
            #expect(throws: DatasetError.self) { try Dataset(folder: "/nowhere") }?.code
                == .notFound
        )
        let plain = try temporary.makeFolder("plain")
        #expect(
            #expect(throws: DatasetError.self) { try Dataset(folder: plain) }?.code == .notFound
        )
    }

    @Test func aDamagedIndexIsRefused() throws {
        let text = String(decoding: try temporary.bytes(of: "out/index.json"), as: UTF8.self)
        for (from, to) in [
            ("p2p-dataset", "p2p-dataseT"), ("\"samples\" : 6", "\"samples\" : 7"),
            (shard, "../\(shard)"), ("\"width\" : 20", "\"width\" : -20"), ("{", "["),
        ] {
            #expect(text.contains(from), "\(from)")
            let damaged = text.replacing(from, with: to, maxReplacements: 1)
            try temporary.write(damaged, to: "out/index.json")
            let error = #expect(throws: DatasetError.self) { try Dataset(folder: folder) }
            #expect(error?.code == .corrupt, "\(to)")
        }
        let newer = text.replacing("\"version\" : 1", with: "\"version\" : 2")
        try temporary.write(newer, to: "out/index.json")
        #expect(
            #expect(throws: DatasetError.self) { try Dataset(folder: folder) }?.code == .unsupported
        )
    }
}
