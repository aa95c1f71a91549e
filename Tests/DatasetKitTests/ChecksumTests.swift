import DatasetKit
import FoundationEssentials
import Glibc
import TestSupport
import Testing

/// SHA-256 of many messages at once against swift-crypto.
@Suite struct ChecksumTests {
    static let lengths = [0, 1, 3, 55, 56, 57, 63, 64, 65, 119, 120, 127, 128, 129, 1000]

    private func expected(_ messages: [[UInt8]]) -> [String] {
        messages.map { Checksum.sha256(Data($0)) }
    }

    @Test func knownAnswers() {
        // FIPS 180-4's examples.
        let messages = ["abc", "", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"]
        let digests = [
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
        ]
        for level in KernelLevel.available {
            let found = Checksum.sha256(ofBuffers: messages.map { Array($0.utf8) }, level: level)
            #expect(found == digests)
        }
    }

    @Test(arguments: KernelLevel.available)
    func lengthsAroundABlock(_ level: KernelLevel) {
        let messages = Self.lengths.map { Noise.bytes($0, seed: UInt32($0)) }
        #expect(Checksum.sha256(ofBuffers: messages, level: level) == expected(messages))
    }

    @Test(arguments: KernelLevel.available)
    func everyNumberOfMessages(_ level: KernelLevel) {
        for count in 0...40 {
            let messages = (0..<count).map { Noise.bytes(37 * $0 % 301, seed: UInt32($0)) }
            #expect(Checksum.sha256(ofBuffers: messages, level: level) == expected(messages))
        }
    }

    /// Around the 16 KiB of a message that are copied at a time, around the 1 MiB of a file that is
    /// looked at through a window, and beyond.
    @Test(arguments: KernelLevel.available)
    func longAndMixedLengths(_ level: KernelLevel) throws {
        let (piece, window) = (16 << 10, 1 << 20)
        var lengths = [piece - 9, piece - 8, piece - 1, piece, piece + 1, 2 * piece, 1_000_003]
        lengths += [window - 1, window, window + 1, window + 63, 2 * window + piece, 3_333_333]
        var random = SmallRandom(state: 9)
        lengths += (0..<30).map { _ in random.below(200_000) } + Self.lengths
        let messages = lengths.enumerated().map { Noise.bytes($1, seed: UInt32($0)) }
        let digests = expected(messages)
        #expect(Checksum.sha256(ofBuffers: messages, level: level) == digests)

        let folder = try TemporaryFolder()
        let paths = try messages.enumerated().map { try folder.write($1, to: "\($0)") }
        #expect(try Checksum.sha256(ofFiles: paths, level: level) == digests)
        #expect(try paths.map(Checksum.sha256(ofFile:)) == digests)
    }

    @Test(arguments: KernelLevel.available)
    func aMissingFileIsNamed(_ level: KernelLevel) throws {
        let folder = try TemporaryFolder()
        var paths = try (0..<5).map { try folder.write(Noise.bytes(100), to: "\($0)") }
        paths.insert(folder.path("gone"), at: 3)
        let error = #expect(throws: DatasetError.self) {
            try Checksum.sha256(ofFiles: paths, level: level)
        }
        #expect(error?.code == .notFound)
        #expect(error?.path == paths[3])
    }

    @Test(arguments: KernelLevel.available)
    func aFolderIsNamed(_ level: KernelLevel) throws {
        let folder = try TemporaryFolder()
        let paths = try (0..<3).map { try folder.makeFolder("\($0)") }
        let error = #expect(throws: DatasetError.self) {
            try Checksum.sha256(ofFiles: paths, level: level)
        }
        #expect(error?.code == .io)
    }

    @Test(arguments: [1000, 3 << 20])
    func aFileThatShrinksIsNamed(_ size: Int) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write([UInt8](repeating: 7, count: size), to: "shrinking")
        let file = try HashedFile(path: path)
        #expect(unsafe truncate(path, 400) == 0)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 2000, alignment: 1)
        defer { unsafe buffer.deallocate() }
        let error = #expect(throws: DatasetError.self) { _ = try unsafe file.read(into: buffer) }
        #expect(error?.path == path)
        #expect(error?.message.contains("from \(size) to 400 bytes") == true)
    }
}
