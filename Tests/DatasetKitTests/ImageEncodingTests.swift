import DatasetKit
import TestSupport
import Testing

@Suite struct ImageEncodingTests {
    private static let sizes = [(1, 1), (37, 5), (300, 200)]

    private func noise(_ size: (Int, Int), _ channels: Int, _ type: SampleType) -> Image {
        let (width, height) = size
        let bytes = Noise.image(
            width: width,
            height: height,
            channels: channels * type.byteCount
        ).bytes
        return Image(
            size: ImageSize(width: width, height: height),
            channels: channels,
            sampleType: type,
            bytes: bytes
        )
    }

    @Test(arguments: 1...4, [SampleType.u8, .u16])
    func pngKeepsEveryPixel(channels: Int, type: SampleType) throws {
        for size in Self.sizes {
            let image = noise(size, channels, type)
            for level in [0, 6, 9] {
                let encoded = try ImageCodec.encodePNG(image, level: level)
                let decoded = try ImageCodec.decode(encoded, path: "x.png")
                #expect(decoded.image == image)
                #expect(
                    decoded.info
                        == ImageInfo(
                            format: .png,
                            size: image.size,
                            colorModel: channels < 3 ? .gray : .rgb,
                            hasAlpha: channels % 2 == 0,
                            sampleType: type,
                            sourceBits: 8 * type.byteCount
                        )
                )
            }
        }
    }

    @Test(arguments: [1, 2, 3, 4, 5, 64], SampleType.allCases)
    func tiffKeepsEveryPixel(channels: Int, type: SampleType) throws {
        for size in Self.sizes {
            let image = noise(size, channels, type)
            for hasAlpha in channels > 1 ? [false, true] : [false] {
                let encoded = try ImageCodec.encodeTIFF(image, hasAlpha: hasAlpha)
                let decoded = try ImageCodec.decode(encoded, path: "x.tif")
                #expect(decoded.image == image)
                #expect(decoded.warnings.isEmpty)
                #expect(
                    decoded.info
                        == ImageInfo(
                            format: .tiff,
                            size: image.size,
                            colorModel: channels == (hasAlpha ? 4 : 3) ? .rgb : .gray,
                            channels: channels,
                            hasAlpha: hasAlpha,
                            sampleType: type,
                            sourceBits: 8 * type.byteCount
                        )
                )
            }
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
        let zeros = [UInt8](repeating: 0, count: 8)
        let wide = Image(size: size, channels: 2, sampleType: .u16, bytes: zeros)
        let float = Image(size: size, channels: 1, sampleType: .f32, bytes: zeros)
        let pair = Image(size: size, color: [0, 0])
        let many = Image(size: size, color: Array(repeating: 0, count: 65))
        for attempt in [
            { _ = try ImageCodec.encodePNG(float) }, { _ = try ImageCodec.encodePNG(many) },
            { _ = try ImageCodec.encodeJPEG(wide) }, { _ = try ImageCodec.encodeJPEG(float) },
            { _ = try ImageCodec.encodeJPEG(pair) }, { _ = try ImageCodec.encodeTIFF(many) },
        ] {
            let error = try #require(throws: DatasetError.self) { try attempt() }
            #expect(error.code == .unsupported)
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
