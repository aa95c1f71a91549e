import DatasetKit
import TestSupport
import Testing

@Suite struct ImageDecodingTests {
    @Test func thereAreFixtures() {
        #expect(ImageFixtures.accepted.count == 185)
        #expect(ImageFixtures.refused.count == 16)
    }

    @Test(arguments: ImageFixtures.accepted)
    func equalsOtherDecoders(_ expected: ImageFixtures.Accepted) throws {
        let info = try expected.info()
        let bytes = try ImageFixtures.bytes(expected.file)
        #expect(try ImageCodec.probe(bytes, path: expected.file) == info)
        let decoded = try ImageCodec.decode(bytes, path: expected.file)
        #expect(decoded.info == info)
        #expect(decoded.warnings.isEmpty != expected.hasWarnings)
        #expect(decoded.image.size == info.size)
        #expect(decoded.image.channels == info.channels)
        #expect(decoded.image.sampleType == info.sampleType)
        #expect(ImageFixtures.crc32(decoded.image.bytes) == expected.crc32)
        #expect(try ImageCodec.decode(path: ImageFixtures.path(expected.file)) == decoded)
    }

    @Test(arguments: ImageFixtures.accepted)
    func keepsIndices(_ expected: ImageFixtures.Accepted) throws {
        var info = try expected.info()
        if expected.indices != nil {
            info.colorModel = .gray
            info.channels = 1
            info.hasAlpha = false
        }
        let bytes = try ImageFixtures.bytes(expected.file)
        let options = DecodingOptions(keepsIndices: true)
        let decoded = try ImageCodec.decode(bytes, path: expected.file, options: options)
        #expect(decoded.info == info)
        #expect(try ImageCodec.probe(bytes, path: expected.file, options: options) == info)
        let crc32 = ImageFixtures.crc32(decoded.image.bytes)
        #expect(crc32 == expected.indices ?? expected.crc32)
    }

    @Test(arguments: ImageFixtures.refused)
    func refusesByName(_ expected: ImageFixtures.Refused) throws {
        let bytes = try ImageFixtures.bytes(expected.file)
        let error = try #require(throws: DatasetError.self) {
            try ImageCodec.decode(bytes, path: expected.file)
        }
        #expect(error.code.rawValue == expected.code)
        #expect(error.message.contains(expected.message), "\(error)")
        #expect(error.path == expected.file)
        // What only the samples show passes a look at the header.
        let isInSamples = expected.file.hasSuffix("-large.tif")
        let info = try? ImageCodec.probe(bytes, path: expected.file)
        #expect((info != nil) == isInSamples)
    }

    @Test func decodesOnManyThreadsAtOnce() async throws {
        let files = try ImageFixtures.accepted.map { try ImageFixtures.bytes($0.file) }
        await withTaskGroup(of: [UInt32].self) { group in
            for _ in 0..<8 {
                group.addTask {
                    files.map { file in
                        let decoded = try? ImageCodec.decode(file, path: "")
                        return ImageFixtures.crc32(decoded?.image.bytes ?? [])
                    }
                }
            }
            for await checksums in group {
                #expect(checksums == ImageFixtures.accepted.map(\.crc32))
            }
        }
    }

    @Test func whatIsNoImageIsSaid() throws {
        func error(_ bytes: [UInt8]) throws -> DatasetError {
            try #require(throws: DatasetError.self) { try ImageCodec.decode(bytes, path: "x.png") }
        }
        #expect(try error([]) == DatasetError(.corrupt, "the file is empty", path: "x.png"))
        #expect(
            try error(Array("<html>".utf8)).description
                == "x.png: not a JPEG, PNG or TIFF image "
                + "(it starts with 3c 68 74 6d 6c 3e \"<html>\")"
        )
        #expect(try error([0xFF]).code == .unsupported)
        #expect(try error([0xFF, 0xD8]).code == .corrupt)
        #expect(
            try error(Array("\u{89}PNG".unicodeScalars.map { UInt8($0.value) })).code == .corrupt
        )
        #expect(try error(Array("II*\0".utf8)).code == .corrupt)
        let missing = try #require(throws: DatasetError.self) {
            try ImageCodec.decode(path: ImageFixtures.path("no-such-file.png"))
        }
        #expect(missing.code == .notFound)
    }

    @Test(arguments: ["rgb-420.jpg", "rgb8.png", "rgb-tiles.tif"])
    func thePixelLimitIsExact(_ file: String) throws {
        let bytes = try ImageFixtures.bytes(file)
        let pixels = 21 * 11
        #expect(throws: Never.self) {
            try ImageCodec.decode(bytes, path: file, options: DecodingOptions(pixelLimit: pixels))
        }
        for limit in [pixels - 1, 0, -1] {
            let error = try #require(throws: DatasetError.self) {
                try ImageCodec.probe(
                    bytes,
                    path: file,
                    options: DecodingOptions(pixelLimit: limit)
                )
            }
            #expect(error.code == .tooLarge)
        }
    }

    @Test func aPaletteIndexWithoutColourIsDamage() throws {
        // The palette's length and CRC are changed so that its last colour is missing.
        var bytes = try ImageFixtures.bytes("palette2.png")
        let palette = try #require(bytes.firstIndex(of: UInt8(ascii: "P"), after: 8))
        #expect(Array(bytes[palette..<palette + 4]) == Array("PLTE".utf8))
        bytes[palette - 1] = 9
        let crc = ImageFixtures.crc32(Array(bytes[palette..<palette + 4 + 9]))
        bytes.replaceSubrange(palette + 4 + 9..<palette + 4 + 12 + 4, with: bigEndian(crc))
        let error = try #require(throws: DatasetError.self) {
            try ImageCodec.decode(bytes, path: "x.png")
        }
        #expect(error.code == .corrupt)
        #expect(error.message.contains("has colour 3 of a palette of 3"), "\(error)")
    }

    @Test func oddButHarmlessBytesAreWarnings() throws {
        let clean = try ImageFixtures.bytes("grey.jpg")
        let marker = try #require(clean.firstIndex(of: 0xFF, after: 2))
        let noisy = clean[..<marker] + [1, 2, 3] + clean[marker...]
        let decoded = try ImageCodec.decode(Array(noisy), path: "x.jpg")
        #expect(decoded.warnings == ["Corrupt JPEG data: 3 extraneous bytes before marker 0xdb"])
        #expect(decoded.image == (try ImageCodec.decode(clean, path: "x.jpg").image))
    }
}

/// The four bytes of a number, the highest first.
func bigEndian(_ number: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
}

extension [UInt8] {
    func firstIndex(of byte: UInt8, after start: Int) -> Int? {
        self[(start + 1)...].firstIndex(of: byte)
    }
}
