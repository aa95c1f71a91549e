import DatasetKit
import Foundation
import TestSupport
import Testing

/// Files of `torch.save`, sound and hostile: see `make_weights_fixtures.py`.
@Suite struct TorchFileTests {
    private static let folder = "\(Places.fixtures)/weights"
    private let temporary: TemporaryFolder

    init() throws {
        temporary = try TemporaryFolder()
    }

    /// What the error must say for each hostile file.
    private static let hostile: [String: String] = {
        let text = FileManager.default.contents(atPath: "\(folder)/hostile/expected.json")
        return (try? JSONDecoder().decode([String: String].self, from: text ?? Data())) ?? [:]
    }()

    private func floats(_ file: TorchFile, _ dictionary: TorchFile.Dictionary) -> [String: [Float]]
    {
        Dictionary(
            uniqueKeysWithValues: dictionary.tensors.map { name, tensor in
                (name, unsafe file.withStorage(of: tensor) { unsafe tensor.layout.floats(of: $0) })
            }
        )
    }

    /// Everything in a file.
    private func contents(_ path: String) throws -> [String: [Float]] {
        let file = try TorchFile(path: path)
        return file.dictionaries.reduce(into: [:]) { all, dictionary in
            for (name, values) in floats(file, dictionary) {
                all["\(dictionary.path).\(name)"] = values
            }
        }
    }

    @Test(arguments: ["unet-stream", "unet-protocol-4", "unet-big-endian", "unet-half"])
    func everyFormatHoldsTheSameNumbers(_ name: String) throws {
        let expected = try contents("\(Self.folder)/unet.pth")
        #expect(expected.count == 46)
        #expect(try contents("\(Self.folder)/\(name).pth") == expected)
    }

    /// Types, strides and shared storages; a nested dictionary, parameters, and what is no tensor.
    @Test(arguments: ["checkpoint", "checkpoint-stream"])
    func checkpointsAreTakenApart(_ name: String) throws {
        let expected = try contents("\(Self.folder)/unet.pth")
        let file = try TorchFile(path: "\(Self.folder)/\(name).pth")
        #expect(file.dictionaries.map(\.path) == ["state_dict", "discriminator"])
        let weights = try #require(file.dictionaries.first)
        #expect(weights.tensors.count == 39)
        for (name, values) in floats(file, weights) {
            #expect(values == expected[".\(name.dropFirst("module.".count))"], "\(name)")
        }
        let layouts = weights.tensors.map(\.tensor.layout)
        #expect(Set(layouts.map(\.type)) == [.f16, .bf16, .f32, .f64])
        #expect(layouts.contains { $0.plainRange == nil && $0.shape.count == 4 })
        #expect(layouts.contains { $0.offset > 0 })
    }

    /// The length of such a header begins with 0x80, as a pickle does.
    @Test func safetensorsAreNoPickles() {
        let start: [UInt8] = [0x80, 0x02, 0, 0, 0, 0, 0, 0, UInt8(ascii: "{")]
        #expect(TorchFile.format(of: start) == nil)
        #expect(
            TorchFile.format(of: [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9]) == .stream
        )
        #expect(TorchFile.format(of: [0x50, 0x4B, 0x03, 0x04, 0, 0, 0, 0, 0x08]) == .archive)
    }

    @Test func filesOfPython2AreRead() throws {
        let numbers = try contents("\(Self.folder)/python2.pth")
        #expect(numbers == [".whole": [0, 2, 4, 1, 3, 5], ".part": [3, 4]])
    }

    /// Python objects, deep and cyclic values, huge sizes, odd archives.
    @Test(arguments: hostile.keys.sorted())
    func hostileFilesAreRefused(_ name: String) throws {
        let says = try #require(Self.hostile[name])
        let path = "\(Self.folder)/hostile/\(name).pth"
        if says == "found none in it" {
            #expect(try TorchFile(path: path).dictionaries.isEmpty)
            return
        }
        let error = #expect(throws: DatasetError.self) { try TorchFile(path: path) }
        #expect(error?.message.contains(says) == true, "\(error!)")
        #expect([.corrupt, .unsupported, .tooLarge].contains(error?.code))
        #expect(!FileManager.default.fileExists(atPath: "/tmp/p2p-was-here"))
    }

    /// None crashes, and none gives other numbers than the whole file.
    @Test(arguments: ["python2", "tiny"])
    func filesCutShortAnywhereAreRefused(_ name: String) throws {
        let bytes = try FileSystem.contents(of: "\(Self.folder)/\(name).pth")
        for length in 0..<bytes.count {
            let path = try temporary.write(bytes.prefix(length), to: "cut.pth")
            #expect(throws: DatasetError.self, "\(length) bytes") { try TorchFile(path: path) }
        }
    }

    /// The archive's checksums find whatever changes a number or a name.
    @Test func aChangedByteOfAnArchiveIsFoundOrHarmless() throws {
        let original = "\(Self.folder)/tiny.pth"
        let expected = try contents(original)
        let bytes = try FileSystem.contents(of: original)
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 1 << UInt8(index % 8)
            let path = try temporary.write(changed, to: "changed.pth")
            guard let found = try? contents(path) else { continue }
            #expect(found == expected, "byte \(index)")
        }
    }

    /// A stream has no checksums; what is wrong in it must still not crash.
    @Test func aChangedByteOfAStreamDoesNotCrash() throws {
        let bytes = try FileSystem.contents(of: "\(Self.folder)/python2.pth")
        for index in bytes.indices {
            for value in [UInt8(0), 0x28, 0x2E, 0x52, 0x7F, 0x80, 0xFF] {
                var changed = bytes
                changed[index] = value
                _ = try? contents(temporary.write(changed, to: "changed.pth"))
            }
        }
    }
}
