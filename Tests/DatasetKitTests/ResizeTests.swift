import DatasetKit
import TestSupport
import Testing

/// Bit equality with Pillow 12 and 13 and of the fast loops with the plain one.
@Suite struct ResizeTests {
    @Test func thereAreGoldenValues() {
        #expect(ResizeGolden.all.count == 1080)
        #expect(ResizeGolden.all.count { $0.crc.count == 2 } == 100)
    }

    @Test(arguments: ResizeGolden.all(.resize))
    func equalsPillow(_ golden: ResizeGolden) {
        let source = golden.image
        for resampler in Resampler.allCases {
            for level in KernelLevel.available {
                let result = source.resized(
                    to: golden.size,
                    box: golden.box,
                    filter: golden.filter,
                    resampler: resampler,
                    hasAlpha: golden.mode.hasAlpha,
                    level: level
                )
                #expect(result.size == golden.size)
                #expect(crc32(result) == golden.expected(resampler), "\(resampler) \(level)")
            }
        }
    }

    @Test func theSameSizeIsACopy() {
        let source = Noise.image(width: 9, height: 5, channels: 4)
        #expect(source.resized(to: source.size, hasAlpha: true) == source)
    }

    @Test(arguments: KernelLevel.available)
    func randomResizesEqualThePlainOne(_ level: KernelLevel) {
        var random = SmallRandom(state: 1)
        for round in 0..<400 {
            let isLarge = round % 40 == 0
            let image = Noise.image(
                width: random.below(isLarge ? 900 : 70) + 1,
                height: random.below(isLarge ? 90 : 50) + 1,
                channels: random.below(5) + 1,
                seed: UInt32(round)
            )
            let size = ImageSize(width: random.below(100) + 1, height: random.below(80) + 1)
            let box = random.below(2) == 0 ? ResizeBox(image.size) : random.box(in: image.size)
            let filter = ResizeFilter.allCases[random.below(5) + 1]
            let resampler = Resampler.allCases[random.below(2)]
            let fast = image.resized(
                to: size,
                box: box,
                filter: filter,
                resampler: resampler,
                hasAlpha: false,
                level: level
            )
            let plain = PlainResize.resized(
                image,
                to: size,
                box: box,
                filter: filter,
                resampler: resampler
            )
            #expect(
                fast == plain,
                "\(image.size)x\(image.channels) \(box) to \(size) \(filter) \(resampler)"
            )
        }
    }

    /// Extremes of the samples: sums that overshoot on both sides must be cut alike.
    @Test(arguments: KernelLevel.available)
    func blackAndWhiteEqualsThePlainOne(_ level: KernelLevel) {
        let noise = Noise.bytes(60 * 40 * 3).map { $0 < 128 ? UInt8(0) : 255 }
        let image = Image(size: ImageSize(width: 60, height: 40), channels: 3, bytes: noise)
        for size in [ImageSize(width: 97, height: 71), ImageSize(width: 31, height: 22)] {
            let fast = image.resized(
                to: size,
                box: nil,
                filter: .lanczos,
                resampler: .pillow13,
                hasAlpha: false,
                level: level
            )
            let plain = PlainResize.resized(
                image,
                to: size,
                box: ResizeBox(image.size),
                filter: .lanczos,
                resampler: .pillow13
            )
            #expect(fast == plain)
            #expect(fast.bytes.contains(0) && fast.bytes.contains(255))
        }
    }

    // MARK: - What Pillow has no mode for

    /// Channels of 16-bit and float images are resized as images of one channel are.
    @Test(arguments: [SampleType.u16, .f32], ResizeFilter.allCases)
    func channelsAreIndependent(_ type: SampleType, _ filter: ResizeFilter) {
        let size = ImageSize(width: 23, height: 17)
        let newSize = ImageSize(width: 31, height: 9)
        let planes = (0..<3).map { samples(size, type, seed: $0 + 1) }
        let pixels = (0..<size.width * size.height).flatMap { pixel in
            planes.flatMap { plane in
                plane.bytes[pixel * type.byteCount..<(pixel + 1) * type.byteCount]
            }
        }
        let image = Image(size: size, channels: 3, sampleType: type, bytes: pixels)
        let result = image.resized(to: newSize, filter: filter)
        let parts = planes.map { $0.resized(to: newSize, filter: filter).bytes }
        for sample in 0..<newSize.width * newSize.height * 3 {
            let bytes = result.bytes[sample * type.byteCount..<(sample + 1) * type.byteCount]
            let start = sample / 3 * type.byteCount
            #expect(bytes == parts[sample % 3][start..<start + type.byteCount][...])
        }
    }

    /// What cannot be seen does not bleed into what can.
    @Test(arguments: SampleType.allCases)
    func transparentColorsDoNotCount(_ type: SampleType) {
        let full: [UInt8] =
            switch type {
            case .u8: [255]
            case .u16: [255, 255]
            case .f32: [0, 0, 128, 63]
            }
        let none = [UInt8](repeating: 0, count: type.byteCount)
        // White, opaque on the left half; black, transparent on the right half.
        let row = (0..<8).flatMap { $0 < 4 ? full + full : none + none }
        let image = Image(
            size: ImageSize(width: 8, height: 1),
            channels: 2,
            sampleType: type,
            bytes: row
        )
        let size = ImageSize(width: 4, height: 1)
        let result = image.resized(to: size, filter: .bilinear, hasAlpha: true)
        let bleeding = image.resized(to: size, filter: .bilinear)
        let second = 2 * type.byteCount..<3 * type.byteCount
        #expect(Array(result.bytes[second]) == full)
        #expect(Array(bleeding.bytes[second]) != full)
    }

    private func samples(_ size: ImageSize, _ type: SampleType, seed: Int) -> Image {
        let noise = Noise.bytes(size.width * size.height * 2, seed: UInt32(seed))
        guard type == .f32 else {
            return Image(size: size, channels: 1, sampleType: type, bytes: noise)
        }
        let bytes = stride(from: 0, to: noise.count, by: 2).flatMap { index in
            let bits = (Float(noise[index]) / 7 - Float(noise[index + 1])).bitPattern
            return (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
        }
        return Image(size: size, channels: 1, sampleType: .f32, bytes: bytes)
    }
}

extension SmallRandom {
    mutating func box(in size: ImageSize) -> ResizeBox {
        let x = (Float(below(1000)) / 1000, Float(below(1000)) / 1000)
        let y = (Float(below(1000)) / 1000, Float(below(1000)) / 1000)
        return ResizeBox(
            left: min(x.0, x.1) * Float(size.width),
            top: min(y.0, y.1) * Float(size.height),
            right: (max(x.0, x.1) + 0.001) * Float(size.width),
            bottom: (max(y.0, y.1) + 0.001) * Float(size.height)
        )
    }
}
