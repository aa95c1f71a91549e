import DatasetKit

extension Checksum {
    /// The checksum as TFRecord files store it: CRC-32C turned right by 15 bits, plus a constant.
    ///
    /// The checksum of data that holds checksums is a weak one (`tensorflow/core/lib/hash/crc32c.h`);
    /// this makes them look like something else.
    package static func maskedCRC32C(_ bytes: [UInt8]) -> UInt32 {
        let checksum = crc32c(bytes)
        return (checksum >> 15 | checksum << 17) &+ 0xA282_EAD8
    }
}
