import DatasetKit
import TestSupport
import Testing

@Suite struct ImageDecodingTests {
    @Test func thereAreFixtures() {
        #expect(ImageFixtures.accepted.count == 61)
        #expect(ImageFixtures.refused.count == 19)
    }

    @Test(arguments: ImageFixtures.accepted)
    func equalsPillow(_ expected: ImageFixtures.Accepted) throws {
        let info = ImageInfo(
            format: try #require(ImageFormat(rawValue: expected.format)),
            size: ImageSize(width: expected.width, height: expected.height),
            channels: expected.channels,
            sourceBits: expected.sourceBits,
            isPalette: expected.isPalette,
            orientation: expected.orientation
        )
        let bytes = try ImageFixtures.bytes(expected.file)
        #expect(try ImageCodec.probe(bytes, path: expected.file) == info)
        let decoded = try ImageCodec.decode(bytes, path: expected.file)
        #expect(decoded.info == info)
        #expect(decoded.warnings.isEmpty)
        #expect(decoded.image.size == info.size)
        #expect(decoded.image.channels == info.channels)
        #expect(decoded.image.sampleType == .u8)
        #expect(ImageFixtures.crc32(decoded.image.bytes) == expected.crc32)
        #expect(try ImageCodec.decode(path: ImageFixtures.path(expected.file)) == decoded)
    }

    @Test(arguments: ImageFixtures.refused)
    func refusesByName(_ expected: ImageFixtures.Refused) throws {
        let bytes = try ImageFixtures.bytes(expected.file)
        for attempt in [
            { _ = try ImageCodec.probe(bytes, path: expected.file) },
            { _ = try ImageCodec.decode(bytes, path: expected.file) },
        ] {
            let error = try #require(throws: DatasetError.self) { try attempt() }
            #expect(error.code == .unsupported)
            #expect(error.message.contains(expected.message), "\(error)")
            #expect(error.path == expected.file)
        }
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
            try ImageCodec.decode(bytes, path: file, pixelLimit: pixels)
        }
        for limit in [pixels - 1, 0, -1] {
            let error = try #require(throws: DatasetError.self) {
                try ImageCodec.probe(bytes, path: file, pixelLimit: limit)
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

@Suite struct ImageEncodingTests {
    @Test(arguments: [(1, 1, 1), (1, 1, 3), (37, 5, 1), (37, 5, 3), (300, 200, 3)])
    func pngKeepsEveryPixel(width: Int, height: Int, channels: Int) throws {
        let image = Noise.image(width: width, height: height, channels: channels)
        for level in [0, 6, 9] {
            let encoded = try ImageCodec.encodePNG(image, level: level)
            let decoded = try ImageCodec.decode(encoded, path: "x.png")
            #expect(decoded.image == image)
            #expect(decoded.info == ImageInfo(format: .png, size: image.size, channels: channels))
        }
    }

    @Test func jpegKeepsAFlatColourInFullResolution() throws {
        let image = Image(size: ImageSize(width: 33, height: 17), color: [200, 30, 90])
        let encoded = try ImageCodec.encodeJPEG(image)
        let decoded = try ImageCodec.decode(encoded, path: "x.jpg").image
        #expect(decoded.size == image.size)
        for (found, expected) in zip(decoded.bytes, image.bytes) {
            #expect(abs(Int(found) - Int(expected)) <= 2)
        }
        // The frame header: 8 bits, 17 rows, 33 columns, 3 channels, the first sampled 1x1.
        let frame: [UInt8] = [0xFF, 0xC0, 0, 17, 8, 0, 17, 0, 33, 3, 1, 0x11]
        #expect(encoded.indices.contains { encoded[$0...].starts(with: frame) })
    }

    @Test func jpegQualityChangesSizeAndError() throws {
        let image = Noise.image(width: 64, height: 64, channels: 1)
        let sizes = try [10, 50, 95, 100].map {
            try ImageCodec.encodeJPEG(image, quality: $0).count
        }
        #expect(sizes == sizes.sorted())
        #expect(Set(sizes).count == sizes.count)
    }

    @Test func whatAFormatCannotHoldIsRefused() throws {
        let size = ImageSize(width: 2, height: 1)
        for image in [
            Image(size: size, channels: 1, sampleType: .u16, bytes: [0, 0, 0, 0]),
            Image(size: size, channels: 2, bytes: [0, 0, 0, 0]),
        ] {
            for attempt in [
                { _ = try ImageCodec.encodePNG(image) }, { _ = try ImageCodec.encodeJPEG(image) },
            ] {
                let error = try #require(throws: DatasetError.self) { try attempt() }
                #expect(error.code == .unsupported)
            }
        }
        let long = Image(size: ImageSize(width: 65_501, height: 1), color: [0])
        let error = try #require(throws: DatasetError.self) { try ImageCodec.encodeJPEG(long) }
        #expect(error.code == .tooLarge)
    }

    @Test func versionsAreNumbers() {
        let versions = ImageCodec.libraryVersions
        #expect(versions.keys.sorted() == ["libjpeg-turbo", "libpng", "libtiff"])
        for version in versions.values {
            #expect(version.first?.isNumber == true && version.contains("."), "\(version)")
        }
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
