import DatasetKit
import FoundationEssentials
import TestSupport
import Testing

/// Colours and alpha, against Pillow: Tests/Fixtures/make_conversion_fixtures.py.
@Suite struct ImageColorTests {
    private struct Expected: Decodable {
        var gray: UInt32
        var rgbFromCMYK: UInt32
        var composited: UInt32
        var compositedGray: UInt32
    }

    private static let background: [UInt8] = [200, 30, 90]

    private func expected() throws -> Expected {
        let bytes = try FileSystem.contents(of: "\(Places.fixtures)/conversions.json")
        return try JSONDecoder().decode(Expected.self, from: Data(bytes))
    }

    /// Every pair of values: 256x256 pixels with channels made of x and y.
    private func pairs(_ pixel: (UInt8, UInt8) -> [UInt8]) -> Image {
        let bytes = (0...UInt8.max).flatMap { y in (0...UInt8.max).flatMap { x in pixel(x, y) } }
        return Image(
            size: ImageSize(width: 256, height: 256),
            channels: pixel(0, 0).count,
            bytes: bytes
        )
    }

    private func crc32(_ image: Image) -> UInt32 { ImageFixtures.crc32(image.bytes) }

    @Test func equalsPillow() throws {
        let expected = try expected()
        #expect(crc32(pairs { x, y in [x, y, x ^ y] }.gray()) == expected.gray)
        let inks = pairs { x, y in [x, 255 - x, x ^ y, y] }
        #expect(crc32(inks.rgbFromCMYK()) == expected.rgbFromCMYK)
        let colors = pairs { x, y in [x, 255 - x, x ^ y, y] }
        let composited = colors.compositedOverColor(Self.background)
        #expect(composited.channels == 3)
        #expect(crc32(composited) == expected.composited)
        let grays = pairs { x, y in [x, y] }
        #expect(crc32(grays.compositedOverColor([77])) == expected.compositedGray)
    }

    @Test func alphaIsKeptBesideColours() {
        let colors = pairs { x, y in [x, y, x ^ y] }
        let withAlpha = pairs { x, y in [x, y, x ^ y, y] }
        #expect(withAlpha.gray(hasAlpha: true).withoutAlpha() == colors.gray())
        #expect(withAlpha.gray(hasAlpha: true).selecting(channels: [1]) == pairs { _, y in [y] })
        #expect(withAlpha.gray() == withAlpha)
        #expect(withAlpha.withoutAlpha() == colors)
        let gray = pairs { x, y in [x, y] }
        #expect(gray.rgb(hasAlpha: true) == pairs { x, y in [x, x, x, y] })
        #expect(gray.rgb() == gray)
        #expect(gray.withoutAlpha().rgb() == pairs { x, _ in [x, x, x] })
        let inks = pairs { x, y in [x, 255 - x, x ^ y, y, x] }
        let converted = inks.rgbFromCMYK(hasAlpha: true)
        #expect(converted.withoutAlpha() == inks.withoutAlpha().rgbFromCMYK())
        #expect(converted.selecting(channels: [3]) == pairs { x, _ in [x] })
    }

    /// 16-bit and float images are computed as real numbers would be, and the former rounded.
    @Test func wideSamplesAreExact() {
        let noise = Noise.image(width: 64, height: 64, channels: 10)
        let wide = Image(
            size: noise.size,
            channels: 5,
            sampleType: .u16,
            bytes: noise.bytes
        )
        let samples = values(wide)
        func check(_ image: Image, _ expected: ([Double]) -> [Double]) {
            let found = values(image)
            let channels = image.channels
            for pixel in 0..<wide.width * wide.height {
                let expected = expected(Array(samples[pixel * 5..<pixel * 5 + 5]))
                for (channel, value) in expected.enumerated() {
                    #expect(found[pixel * channels + channel] == value.rounded())
                }
            }
        }
        let most = 65535.0
        let rgb = wide.selecting(channels: [0, 1, 2])
        check(rgb.gray()) { [(299 * $0[0] + 587 * $0[1] + 114 * $0[2]) / 1000] }
        check(wide.withoutAlpha().rgbFromCMYK()) { inks in
            (0..<3).map { most - inks[3] - (inks[$0] * (most - inks[3]) / most).rounded() }
        }
        check(wide.compositedOverColor([200, 30, 90, 7])) { colors in
            zip(colors, [200.0, 30, 90, 7]).map { color, behind in
                (color * colors[4] + behind * 257 * (most - colors[4])) / most
            }
        }
    }

    @Test func floatsAreNotRounded() throws {
        let colors = pairs { x, y in [x, 255 - x, x ^ y, y] }
        let floats = try colors.converted(to: .f32)
        for (exact, rounded) in [
            (
                floats.compositedOverColor(Self.background),
                colors.compositedOverColor(Self.background)
            ),
            (floats.rgbFromCMYK(), colors.rgbFromCMYK()),
            (floats.withoutAlpha().gray(), colors.withoutAlpha().gray()),
        ] {
            let differences = zip(values(exact), values(rounded)).map { abs($0 * 255 - $1) }
            #expect((differences.max() ?? 1) < 0.51)
            #expect((differences.max() ?? 0) > 0.4)
        }
    }
}

@Suite struct SampleTypeTests {
    private func image(_ floats: [Float]) -> Image {
        Image(
            size: ImageSize(width: floats.count, height: 1),
            channels: 1,
            sampleType: .f32,
            bytes: floats.flatMap { float in
                (0..<4).map { UInt8(truncatingIfNeeded: float.bitPattern >> (8 * UInt32($0))) }
            }
        )
    }

    @Test func everyValueIsRoundedToTheNearest() throws {
        let all = Image(
            size: ImageSize(width: 256, height: 256),
            channels: 1,
            sampleType: .u16,
            bytes: (0...UInt16.max).flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        )
        let narrow = try all.converted(to: .u8)
        let floats = try all.converted(to: .f32)
        for (value, found) in narrow.bytes.enumerated() {
            #expect(Double(found) == (Double(value) * 255 / 65535).rounded())
        }
        #expect(values(floats).enumerated().allSatisfy { $1 == Double(Float($0) / 65535) })
        #expect(try floats.converted(to: .u16) == all)
        #expect(try floats.converted(to: .u8) == narrow)
        let bytes = Image(
            size: ImageSize(width: 16, height: 16),
            channels: 1,
            bytes: Array(0...255)
        )
        let wide = try bytes.converted(to: .u16)
        #expect(values(wide) == (0...255).map { Double($0) * 257 })
        #expect(try wide.converted(to: .u8) == bytes)
        #expect(try bytes.converted(to: .f32).converted(to: .u8) == bytes)
        for type in SampleType.allCases {
            let same = try bytes.converted(to: type)
            #expect(try same.converted(to: type) == same)
        }
    }

    @Test func nothingIsClipped() throws {
        #expect(try image([0, -0.0, 1, 0.5]).converted(to: .u8).bytes == [0, 0, 255, 128])
        for (floats, words) in [
            ([-0.001, 0.5], "-0.001...0.5"), ([0, 1.0001], "0.0...1.0001"),
            ([0, 255], "0.0...255.0"), ([0, .nan], "1 are infinite or no number"),
            ([.infinity, -.infinity], "2 are infinite"),
        ] as [([Float], String)] {
            for type in [SampleType.u8, .u16] {
                let error = try #require(throws: DatasetError.self) {
                    try image(floats).converted(to: type)
                }
                #expect(error.message.contains(words), "\(error)")
            }
            #expect(try image(floats).converted(to: .f32) == image(floats))
        }
    }
}

/// The samples of an image, read byte by byte.
private func values(_ image: Image) -> [Double] {
    let count = image.sampleType.byteCount
    return stride(from: 0, to: image.bytes.count, by: count).map { start in
        let bits = (0..<count).reduce(UInt32(0)) { bits, offset in
            bits | UInt32(image.bytes[start + offset]) << (8 * UInt32(offset))
        }
        return image.sampleType == .f32 ? Double(Float(bitPattern: bits)) : Double(bits)
    }
}
