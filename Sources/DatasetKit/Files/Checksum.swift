import CDeflate
import Crypto
package import FoundationEssentials

/// The two checksums of a dataset.
package enum Checksum {
    /// zlib's CRC-32, computed by libdeflate.
    package static func crc32(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        unsafe libdeflate_crc32(0, bytes.baseAddress, bytes.count)
    }

    // MARK: - SHA-256 of one

    /// SHA-256 in lowercase hexadecimal.
    package static func sha256(_ bytes: UnsafeRawBufferPointer) -> String {
        var hash = SHA256()
        unsafe hash.update(bufferPointer: bytes)
        return hexadecimal(hash.finalize())
    }

    /// SHA-256 in lowercase hexadecimal.
    package static func sha256(_ data: Data) -> String {
        hexadecimal(SHA256.hash(data: data))
    }

    /// SHA-256 of a whole file in lowercase hexadecimal, read piece by piece.
    ///
    /// - Throws: ``DatasetError`` if the file cannot be read or shrinks meanwhile.
    package static func sha256(ofFile path: String) throws(DatasetError) -> String {
        let file = try HashedFile(path: path)
        let piece = 256 << 10
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: piece, alignment: 64)
        defer { unsafe buffer.deallocate() }
        var hash = SHA256()
        while true {
            let bytes = try unsafe file.read(into: buffer)
            unsafe hash.update(bufferPointer: bytes)
            if bytes.count < piece { return hexadecimal(hash.finalize()) }
        }
    }

    // MARK: - SHA-256 of many

    /// SHA-256 of each file in lowercase hexadecimal, by one thread, many files at once.
    ///
    /// At most 1 MiB of each file is in memory at a time.
    ///
    /// - Throws: ``DatasetError`` naming a file that cannot be read or shrinks meanwhile.
    package static func sha256(ofFiles paths: [String]) throws(DatasetError) -> [String] {
        try sha256(ofFiles: paths, level: LaneHasher.bestLevel)
    }

    /// SHA-256 of each buffer in lowercase hexadecimal, by one thread, many buffers at once.
    package static func sha256(ofBuffers buffers: [[UInt8]]) -> [String] {
        sha256(ofBuffers: buffers, level: LaneHasher.bestLevel)
    }

    /// The same by the lanes of a level that this processor has; `portable` is swift-crypto.
    package static func sha256(
        ofFiles paths: [String],
        level: KernelLevel
    ) throws(DatasetError) -> [String] {
        guard var hasher = LaneHasher(level: level), paths.count >= LaneHasher.worthwhileCount
        else {
            var digests: [String] = []
            for path in paths { digests.append(try sha256(ofFile: path)) }
            return digests
        }
        var sizes: [Int] = []
        for path in paths { sizes.append(try FileSystem.size(of: path)) }
        return try hasher.digests(ofSizes: sizes) { index throws(DatasetError) in
            try HashedFile(path: paths[index])
        }
    }

    /// The same by the lanes of a level that this processor has; `portable` is swift-crypto.
    package static func sha256(ofBuffers buffers: [[UInt8]], level: KernelLevel) -> [String] {
        guard var hasher = LaneHasher(level: level), buffers.count >= LaneHasher.worthwhileCount
        else {
            return buffers.map { unsafe $0.withUnsafeBytes { unsafe sha256($0) } }
        }
        return hasher.digests(ofSizes: buffers.map(\.count)) { HashedBuffer(bytes: buffers[$0]) }
    }

    static func hexadecimal(_ digest: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
            as: UTF8.self
        )
    }
}
