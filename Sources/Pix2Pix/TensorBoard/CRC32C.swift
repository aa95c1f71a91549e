/// The checksum of TensorBoard's records: CRC-32C, Castagnoli's polynomial (RFC 3720, B.4).
package enum CRC32C {
    /// The polynomial 0x1EDC6F41 with its bits reversed, as bytes are taken lowest bit first.
    private static let polynomial: UInt32 = 0x82F6_3B78

    /// What each byte does to the remainder.
    private static let table: [UInt32] = (0..<256).map { (byte: UInt32) in
        (0..<8).reduce(byte) { remainder, _ in
            remainder & 1 == 0 ? remainder >> 1 : remainder >> 1 ^ polynomial
        }
    }

    /// The checksum of some bytes.
    package static func checksum(of bytes: some Sequence<UInt8>) -> UInt32 {
        let table = table
        return ~bytes.reduce(into: ~0) { remainder, byte in
            remainder = remainder >> 8 ^ table[Int(UInt8(truncatingIfNeeded: remainder) ^ byte)]
        }
    }

    /// The checksum as TFRecord files store it: turned right by 15 bits, plus a constant.
    ///
    /// The checksum of data that holds checksums is a weak one (`tensorflow/core/lib/hash/crc32c.h`);
    /// this makes them look like something else.
    package static func masked(of bytes: some Sequence<UInt8>) -> UInt32 {
        let checksum = checksum(of: bytes)
        return (checksum >> 15 | checksum << 17) &+ 0xA282_EAD8
    }
}
