import DatasetKit
import TestSupport
import Testing

@Suite("The colours of label maps")
struct LabelMapScanTests {
    /// Blocks of 16x16 pixels, each of one of the colours.
    private func blocks(_ colors: [[UInt8]], seed: UInt32) -> Image {
        let choice = Noise.bytes(16, seed: seed).map { Int($0) % colors.count }
        var bytes: [UInt8] = []
        for y in 0..<64 {
            for x in 0..<64 { bytes += colors[choice[y / 16 * 4 + x / 16]] }
        }
        return Image(
            size: ImageSize(width: 64, height: 64),
            channels: colors[0].count,
            bytes: bytes
        )
    }

    private func scan(_ images: [Image]) -> LabelMapScan {
        var scan = LabelMapScan()
        for image in images { scan.add(image) }
        return scan
    }

    private let colors: [[UInt8]] = [
        [0, 0, 220], [255, 80, 0], [30, 255, 220], [255, 255, 255],
    ]
    private let packed: Set<UInt32> = [0x0000dc, 0xff5000, 0x1effdc, 0xffffff]

    @Test("Clean label maps have their colours exactly")
    func clean() {
        let found = scan((0..<5).map { blocks(colors, seed: UInt32($0)) }).labelMapColors
        #expect(found?.areExact == true)
        #expect(found.map { Set($0.colors) } == packed)
        let grey = scan((0..<5).map { blocks([[0], [7], [255]], seed: UInt32($0)) })
        #expect(grey.labelMapColors.map { Set($0.colors) } == [0, 0x070707, 0xffffff])
    }

    @Test("JPEG's noise and the halos of a resize are not colours of their own")
    func blurred() throws {
        let images = try (0..<20).map { number in
            let large = blocks(colors, seed: UInt32(number))
                .resized(to: ImageSize(width: 160, height: 160), filter: .bicubic)
            let file = try ImageCodec.encodeJPEG(large, quality: 90)
            return try ImageCodec.decode(file, path: "map.jpg").image
        }
        let found = try #require(scan(images).labelMapColors)
        #expect(!found.areExact)
        #expect(found.colors.count == packed.count)
        for color in found.colors {
            let near = packed.contains { other in
                [UInt32(0), 8, 16].allSatisfy {
                    abs(Int(color >> $0 & 255) - Int(other >> $0 & 255)) <= 5
                }
            }
            #expect(near, "\(String(color, radix: 16))")
        }
    }

    @Test("Noise, gradients and one flat colour are no label maps")
    func others() {
        let noise = scan((0..<4).map { Noise.image(width: 64, height: 64, seed: $0) })
        #expect(noise.labelMapColors == nil)
        #expect(noise.anyColors == nil)
        let levels = (0..<64 * 64).map { UInt8($0 % 64 * 4) }
        let size = ImageSize(width: 64, height: 64)
        let gradient = scan([Image(size: size, channels: 1, bytes: levels)])
        #expect(gradient.labelMapColors == nil)
        #expect(gradient.anyColors?.colors.count == 64, "who asks gets them")
        let flat = scan([Image(size: size, color: [9, 9, 9])])
        #expect(flat.labelMapColors == nil)
    }
}
