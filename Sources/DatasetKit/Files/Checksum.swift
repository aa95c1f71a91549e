import CDeflate
import Crypto
package import FoundationEssentials

/// The two checksums of a dataset.
package enum Checksum {
    /// zlib's CRC-32, computed by libdeflate.
    package static func crc32(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        unsafe libdeflate_crc32(0, bytes.baseAddress, bytes.count)
    }

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

    /// SHA-256 of a whole file in lowercase hexadecimal.
    ///
    /// - Throws: ``DatasetError`` if the file cannot be mapped.
    package static func sha256(ofFile path: String) throws(DatasetError) -> String {
        try unsafe MappedFile(path: path).withBytes { unsafe sha256($0) }
    }

    static func hexadecimal(_ digest: SHA256Digest) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
            as: UTF8.self
        )
    }
}
