import DatasetKit
import TestSupport
import Testing

@Suite struct OrientationTests {
    // Stored as a b c
    //           d e f
    private static let stored = Array("abcdef".utf8)
    private static let upright: [(orientation: Int, width: Int, pixels: String)] = [
        (1, 3, "abcdef"), (2, 3, "cbafed"), (3, 3, "fedcba"), (4, 3, "defabc"),
        (5, 2, "adbecf"), (6, 2, "daebfc"), (7, 2, "fcebda"), (8, 2, "cfbead"),
    ]

    @Test(arguments: upright, [1, 2, 3, 6])
    func turnsAsWrittenInEXIF(
        _ expected: (orientation: Int, width: Int, pixels: String),
        bytesPerPixel: Int
    ) {
        /// Each letter as a pixel: the letter, then the letter with higher and higher bits.
        func pixels(_ letters: [UInt8]) -> [UInt8] {
            letters.flatMap { letter in (0..<bytesPerPixel).map { letter &+ UInt8(32 * $0) } }
        }
        let isWide = bytesPerPixel == 6  // three channels of 16 bits
        let image = Image(
            size: ImageSize(width: 3, height: 2),
            channels: isWide ? 3 : bytesPerPixel,
            sampleType: isWide ? .u16 : .u8,
            bytes: pixels(Self.stored)
        )
        let result = image.upright(orientation: expected.orientation)
        #expect(result.size == ImageSize(width: expected.width, height: 6 / expected.width))
        #expect(result.channels == image.channels)
        #expect(result.sampleType == image.sampleType)
        #expect(result.bytes == pixels(Array(expected.pixels.utf8)))
    }

    @Test func someUndoOthers() {
        let image = Noise.image(width: 7, height: 5)
        for (orientation, inverse) in [(2, 2), (3, 3), (4, 4), (5, 5), (6, 8), (7, 7), (8, 6)] {
            #expect(image.upright(orientation: orientation) != image)
            #expect(
                image.upright(orientation: orientation).upright(orientation: inverse) == image
            )
        }
    }

    // MARK: - EXIF blocks

    /// An EXIF block of one entry.
    private func exif(
        littleEndian: Bool = true,
        tag: Int = 0x0112,
        type: Int = 3,
        count: Int = 1,
        value: Int,
        entries: Int = 1,
        directory: Int = 8
    ) -> [UInt8] {
        func number(_ value: Int, _ bytes: Int) -> [UInt8] {
            let little = (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
            return littleEndian ? little : little.reversed()
        }
        let width = [1: 1, 3: 2, 4: 4][type] ?? 4
        let padding = [UInt8](repeating: 0, count: 4 - width)
        return Array("Exif\0\0\(littleEndian ? "II" : "MM")".utf8) + number(42, 2)
            + number(directory, 4) + number(entries, 2) + number(tag, 2) + number(type, 2)
            + number(count, 4) + number(value, width) + padding
    }

    /// The orientation that is found in a JPEG with this block, which must decode in any case.
    private func orientation(_ exif: [UInt8]) throws -> Int {
        let clean = try ImageFixtures.bytes("grey.jpg")
        let segment = [0xFF, 0xE1] + bigEndian(UInt32(exif.count + 2))[2...] + exif
        let bytes = clean[..<2] + segment + clean[2...]
        let decoded = try ImageCodec.decode(Array(bytes), path: "x.jpg")
        #expect(decoded.warnings.isEmpty)
        return decoded.info.orientation
    }

    @Test(arguments: 1...8, [true, false])
    func readsEXIF(value: Int, littleEndian: Bool) throws {
        for type in [1, 3, 4] {
            let block = exif(littleEndian: littleEndian, type: type, value: value)
            #expect(try orientation(block) == value)
        }
    }

    @Test func ignoresBrokenEXIF() throws {
        let good = exif(value: 6)
        for length in 0..<good.count {
            #expect(try orientation(Array(good[..<length])) == 1)
        }
        let broken = [
            exif(value: 0), exif(value: 9), exif(value: 0xFFFF), exif(type: 2, value: 6),
            exif(type: 99, value: 6), exif(count: 0, value: 6), exif(count: 2, value: 6),
            exif(tag: 0x0113, value: 6), exif(tag: 0x0113, value: 6, entries: 0xFFFF),
            exif(value: 6, entries: 0), exif(value: 6, directory: 0),
            exif(value: 6, directory: 0x7FFF_FFFF), exif(value: 6, directory: 0xFFFF_FFFF),
            exif(value: 6, directory: 23), Array("Exif\0\0XX".utf8) + good[8...],
        ]
        for block in broken { #expect(try orientation(block) == 1, "\(block)") }
        // An entry count beyond the end does not hide an entry before it.
        #expect(try orientation(exif(value: 6, entries: 0xFFFF)) == 6)
    }
}
