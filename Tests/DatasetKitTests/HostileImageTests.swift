import DatasetKit
import FoundationEssentials
import TestSupport
import Testing

/// Damaged and lying files that these tests make themselves.
@Suite struct DamagedImageTests {
    @Test(arguments: ImageFixtures.accepted)
    func cutAnywhereIsAnErrorOrComplete(_ fixture: ImageFixtures.Accepted) throws {
        let bytes = try ImageFixtures.bytes(fixture.file)
        var complete = 0
        for length in 0..<bytes.count {
            guard let image = decodeDamaged(Array(bytes[..<length])) else { continue }
            complete += 1
            #expect(ImageFixtures.crc32(image.bytes) == fixture.crc32, "cut to \(length) bytes")
        }
        // A TIFF may end in bytes that nothing points to; the other formats have an end mark.
        #expect(fixture.format == "tiff" || complete == 0)
    }

    @Test(arguments: ImageFixtures.accepted)
    func flippedBytesDoNotCrash(_ fixture: ImageFixtures.Accepted) throws {
        let bytes = try ImageFixtures.bytes(fixture.file)
        var random = Philox(seed: UInt64(fixture.crc32), stream: .sample)
        for _ in 0..<60 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let position = Int.random(in: 0..<bytes.count, using: &random)
                damaged[position] = UInt8.random(in: 0...255, using: &random)
            }
            _ = decodeDamaged(damaged)
        }
    }

    // MARK: - Claims

    /// A fixture with other numbers in its header: those of a JPEG's frame.
    private func jpeg(width: Int, height: Int) throws -> [UInt8] {
        var bytes = try ImageFixtures.bytes("grey.jpg")
        let frame = try #require(bytes.indices.first { bytes[$0...].starts(with: [0xFF, 0xC0]) })
        bytes.replaceSubrange(
            frame + 5..<frame + 9,
            with: bigEndian(UInt32(height))[2...] + bigEndian(UInt32(width))[2...]
        )
        return bytes
    }

    /// A fixture with other numbers in its header: those of a PNG's IHDR, with its CRC.
    private func png(width: Int, height: Int) throws -> [UInt8] {
        var bytes = try ImageFixtures.bytes("rgb8.png")
        bytes.replaceSubrange(16..<24, with: bigEndian(UInt32(width)) + bigEndian(UInt32(height)))
        bytes.replaceSubrange(29..<33, with: bigEndian(ImageFixtures.crc32(Array(bytes[12..<29]))))
        return bytes
    }

    /// A fixture with another value, of 16 bits, in an entry of its only directory.
    private func tiff(_ file: String, _ values: [UInt16: Int]) throws -> [UInt8] {
        var bytes = try ImageFixtures.bytes(file)
        func number(_ offset: Int, _ count: Int) -> Int {
            (0..<count).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
        }
        #expect(bytes.starts(with: Array("II*\0".utf8)))
        let directory = number(4, 4)
        for entry in 0..<number(directory, 2) {
            let offset = directory + 2 + 12 * entry
            guard let value = values[UInt16(number(offset, 2))] else { continue }
            // Type 4 (32 bits), count 1.
            bytes.replaceSubrange(offset + 2..<offset + 8, with: [4, 0, 1, 0, 0, 0])
            bytes.replaceSubrange(
                offset + 8..<offset + 12,
                with: bigEndian(UInt32(value)).reversed()
            )
        }
        return bytes
    }

    private static let claims = [(60_000, 60_000), (20_000, 20_000), (65_000, 3000)]

    @Test(arguments: claims)
    func hugeClaimsAreRefusedAtOnce(width: Int, height: Int) throws {
        let files = [
            try jpeg(width: width, height: height),
            try png(width: width, height: height),
            try tiff("rgb-planar.tif", [256: width, 257: height]),
            try tiff("rgb-little.tif", [256: width, 257: height]),
        ]
        for (number, bytes) in files.enumerated() {
            let clock = ContinuousClock()
            let duration = try clock.measure {
                let error = try #require(throws: DatasetError.self) {
                    try ImageCodec.probe(bytes, path: "huge")
                }
                #expect(error.code == .tooLarge, "\(number): \(error)")
                #expect(error.message.contains("\(width)x\(height)"))
                #expect(throws: error) { try ImageCodec.decode(bytes, path: "huge") }
            }
            #expect(duration < .seconds(5))
        }
    }

    @Test func theLargestClaimsAreRefused() throws {
        let most = 0x7FFF_FFFF
        for bytes in [
            try jpeg(width: 65_535, height: 65_535), try jpeg(width: 65_535, height: 1),
            try png(width: most, height: most), try png(width: most, height: 1),
            try tiff("rgb-little.tif", [256: most, 257: most]),
            try tiff("rgb-little.tif", [256: 0xFFFF_FFFF, 257: 0xFFFF_FFFF]),
        ] {
            let error = try #require(throws: DatasetError.self) {
                try ImageCodec.decode(bytes, path: "huge")
            }
            #expect([.tooLarge, .corrupt].contains(error.code), "\(error)")
        }
    }

    @Test func largeClaimsWithinTheLimitEndWithTheData() throws {
        for bytes in [
            try jpeg(width: 10_000, height: 10_000),
            try png(width: 10_000, height: 10_000),
            try tiff("rgb-little.tif", [257: 500_000]),
            try tiff("grey8.tif", [256: 10_000, 257: 10_000, 278: 10_000]),
        ] {
            let error = try #require(throws: DatasetError.self) {
                try ImageCodec.decode(bytes, path: "large")
            }
            #expect(error.code == .corrupt, "\(error)")
        }
    }

    @Test func absurdTilesAreRefused() throws {
        for values in [[322: 0x4000_0000, 323: 0x10], [322: 0x7FFF_FFF0, 323: 0x7FFF_FFF0]] {
            let values = Dictionary(uniqueKeysWithValues: values.map { (UInt16($0.key), $0.value) })
            let bytes = try tiff("rgb-planar-tiles.tif", values)
            #expect(decodeDamaged(bytes) == nil)
        }
    }

    @Test func emptyImagesAreCorrupt() throws {
        for bytes in [
            try jpeg(width: 0, height: 8), try jpeg(width: 8, height: 0),
            try png(width: 0, height: 8), try png(width: 8, height: 0),
            try tiff("rgb-little.tif", [256: 0]), try tiff("rgb-little.tif", [257: 0]),
        ] {
            let error = try #require(throws: DatasetError.self) {
                try ImageCodec.probe(bytes, path: "empty")
            }
            #expect(error.code == .corrupt, "\(error)")
        }
    }
}

/// Images that are not part of the project: see ``Places/shared``.
@Suite(.enabled(if: Places.shared != nil, "there is no folder of shared images"))
struct SharedImageTests {
    private static let shared = Places.shared ?? ""
    private static let folders = [
        "hostile/jpeg/reftest", "hostile/jpeg/variants", "hostile/jpeg-broken", "hostile/png-suite",
        "hostile/tiff", "data/cocostuff", "data/facades", "data/membrane",
    ]

    /// The image files below a folder of ``Places/shared``.
    private static func files(below folder: String) -> [String] {
        let names = try? FileManager.default.subpathsOfDirectory(atPath: "\(shared)/\(folder)")
        return (names ?? [])
            .filter { ImageFormat.knownExtensions.contains(FileSystem.fileExtension(of: $0)) }
            .map { "\(shared)/\(folder)/\($0)" }
            .sorted()
    }

    /// The image in a file, or nothing after a look at the error.
    private static func decode(_ path: String) -> DecodedImage? {
        do throws(DatasetError) {
            let decoded = try ImageCodec.decode(path: path)
            #expect(try ImageCodec.probe(FileSystem.contents(of: path), path: path) == decoded.info)
            #expect(decoded.info.size == decoded.image.size)
            return decoded
        } catch {
            #expect(!error.message.isEmpty)
            #expect(error.path == path)
            #expect([.corrupt, .unsupported, .tooLarge].contains(error.code), "\(error)")
            return nil
        }
    }

    @Test(arguments: folders)
    func decodesOrSaysWhyNot(_ folder: String) {
        let decoded = Self.files(below: folder).map { Self.decode($0) != nil }
        #expect(decoded.contains(true))
        if folder.hasPrefix("data/") { #expect(!decoded.contains(false)) }
    }

    /// What other decoders make of a file: Tests/Fixtures/make_hostile_digests.py.
    private struct Digest: Decodable {
        var file: String
        var crc32: UInt32
        var isRequired: Bool
    }

    private struct Digests: Decodable {
        var files: [Digest]
    }

    /// Read by other decoders, and refused here for a reason.
    private static let refused = [
        // Lossless JPEG, which libjpeg-turbo reads from version 3 on.
        "hostile/jpeg/reftest/lossless/1/jpeg_lossless_sel1-8bit.jpg",
        // A predictor without compression, which only some programs apply.
        "hostile/tiff/mixed/hpredict-1c-12b.tiff",
    ]

    @Test func equalsOtherDecoders() throws {
        let table = try FileSystem.contents(of: "\(Places.fixtures)/hostile-images.json")
        let digests = try JSONDecoder().decode(Digests.self, from: Data(table)).files
        #expect(digests.count > 400)
        for digest in digests {
            let path = "\(Self.shared)/\(digest.file)"
            // Another collection may lack some.
            guard FileSystem.kind(of: path) == .file else { continue }
            let decoded = Self.decode(path)
            if let decoded {
                #expect(ImageFixtures.crc32(decoded.image.bytes) == digest.crc32, "\(path)")
            }
            let isExpected = digest.isRequired && !Self.refused.contains(digest.file)
            #expect(decoded != nil || !isExpected, "\(path)")
        }
    }

    @Test func refusesWhatPngSuiteBroke() throws {
        let broken = Self.files(below: "hostile/png-suite")
            .filter { FileSystem.name(of: $0).hasPrefix("x") }
        #expect(!broken.isEmpty)
        for path in broken { #expect(Self.decode(path) == nil, "\(path)") }
    }

    @Test(arguments: ["Landscape", "Portrait"])
    func turnsPhotosUpright(_ name: String) throws {
        let folder = "\(Self.shared)/hostile/jpeg/exif-orientation"
        let expected = try ImageCodec.decode(path: "\(folder)/\(name)_1.jpg").image
        for orientation in 2...8 {
            let path = "\(folder)/\(name)_\(orientation).jpg"
            let decoded = try ImageCodec.decode(path: path)
            #expect(decoded.info.orientation == orientation)
            try #require(decoded.image.size == expected.size)
            // Each photo was compressed for itself, and has its number painted on.
            #expect(meanDifference(decoded.image, expected) < 5)
        }
    }

    /// The samples' mean difference, from every 97th of them: debug builds are slow.
    private func meanDifference(_ one: Image, _ other: Image) -> Double {
        let positions = stride(from: 0, to: one.bytes.count, by: 97)
        let sum = positions.reduce(0) {
            $0 + abs(Int(one.bytes[$1]) - Int(other.bytes[$1]))
        }
        return Double(sum) / Double(one.bytes.count / 97)
    }

    /// The colours of an image in 8 bits: some references have alpha or 16 bits.
    private static func plain(_ decoded: DecodedImage) throws -> Image {
        let image = decoded.info.hasAlpha ? decoded.image.withoutAlpha() : decoded.image
        return try image.converted(to: .u8)
    }

    @Test func comesCloseToReferenceDecoders() throws {
        var compared = 0
        for path in Self.files(below: "hostile/jpeg/reftest") where path.hasSuffix(".jpg") {
            let reference = "\(path.dropLast(4)).png"
            guard FileSystem.kind(of: reference) == .file,
                let photo = Self.decode(path), photo.info.colorModel != .cmyk,
                let file = Self.decode(reference)
            else { continue }
            let decoded = try Self.plain(photo)
            let expected = try Self.plain(file)
            try #require(decoded.size == expected.size)
            try #require(decoded.channels == expected.channels)
            // Other decoders have other DCTs and chroma filters; every level is one of 256.
            let largest = zip(decoded.bytes, expected.bytes).reduce(0) {
                max($0, abs(Int($1.0) - Int($1.1)))
            }
            #expect(largest <= 3, "\(path)")
            compared += 1
        }
        #expect(compared >= 10)
    }
}
