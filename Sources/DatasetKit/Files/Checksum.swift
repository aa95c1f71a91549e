import CChecksums
import Crypto
package import FoundationEssentials

/// The checksums of datasets and of what is written about runs.
package enum Checksum {
    /// zlib's CRC-32, computed by ISA-L.
    package static func crc32(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        let start = unsafe bytes.assumingMemoryBound(to: UInt8.self).baseAddress
        return unsafe crc32_gzip_refl(0, start, UInt64(bytes.count))
    }

    /// CRC-32C, Castagnoli's polynomial (RFC 3720, B.4), computed by ISA-L.
    ///
    /// - Precondition: There are less than 2 GiB.
    package static func crc32c(_ bytes: [UInt8]) -> UInt32 {
        unsafe bytes.withUnsafeBufferPointer { bytes in
            // It only reads, whatever its declaration says.
            let start = unsafe UnsafeMutablePointer(mutating: bytes.baseAddress)
            return unsafe ~crc32_iscsi(start, Int32(bytes.count), ~0)
        }
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
        var file = try HashedFile(path: path)
        return try sha256(of: &file)
    }

    private static func sha256<Source: HashedSource>(
        of source: inout Source
    ) throws(Source.Failure) -> String {
        let piece = 256 << 10
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: piece, alignment: 64)
        defer { unsafe buffer.deallocate() }
        var hash = SHA256()
        while true {
            let bytes = try unsafe source.read(into: buffer)
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
    package static func sha256(
        ofFiles paths: [String],
        level: KernelLevel = LaneHasher.bestLevel
    ) throws(DatasetError) -> [String] {
        var sizes: [Int] = []
        for path in paths { sizes.append(try FileSystem.size(of: path)) }
        return try sha256(ofSizes: sizes, level: level) { index throws(DatasetError) in
            try HashedFile(path: paths[index])
        }
    }

    /// SHA-256 of each buffer in lowercase hexadecimal, by one thread, many buffers at once.
    package static func sha256(
        ofBuffers buffers: [[UInt8]],
        level: KernelLevel = LaneHasher.bestLevel
    ) -> [String] {
        sha256(ofSizes: buffers.map(\.count), level: level) { HashedBuffer(bytes: buffers[$0]) }
    }

    /// SHA-256 of each message in lowercase hexadecimal, by one thread, many messages at once.
    ///
    /// - Parameters:
    ///   - sizes: The size of each message in bytes; only the order of work depends on it.
    ///   - level: Whose lanes to use, one that this processor has; `portable` is swift-crypto.
    ///   - open: Gives a message by its index.
    /// - Returns: The digests in the order of `sizes`.
    /// - Throws: What opening or reading a message throws.
    package static func sha256<Source: HashedSource>(
        ofSizes sizes: [Int],
        level: KernelLevel = LaneHasher.bestLevel,
        open: (Int) throws(Source.Failure) -> Source
    ) throws(Source.Failure) -> [String] {
        if sizes.count >= LaneHasher.worthwhileCount, var hasher = LaneHasher(level: level) {
            return try hasher.digests(ofSizes: sizes, open: open)
        }
        var digests: [String] = []
        for index in sizes.indices {
            var source = try open(index)
            digests.append(try sha256(of: &source))
        }
        return digests
    }

    static func hexadecimal(_ digest: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
            as: UTF8.self
        )
    }
}
