import Augment
import DatasetKit
import TestSupport
import Testing

/// Sides of other types than 8-bit RGB, and sides that differ.
@Suite struct ImageTypeTests {
    private let size = ImageSize(width: 40, height: 36)

    private func image(_ channels: Int, _ type: SampleType = .u8, seed: UInt32 = 1) -> Image {
        let samples = Noise.bytes(size.width * size.height * channels, seed: seed)
        let bytes: [UInt8] =
            switch type {
            case .u8: samples
            case .u16: samples.flatMap { [$0 &* 7, $0] }
            // Floats from 0.5 to 2.
            case .f32: samples.flatMap { [0, 0, $0, 63] }
            }
        return Image(size: size, channels: channels, sampleType: type, bytes: bytes)
    }

    private static let geometry = """
        [{"op": "scale-jitter", "scale": [1, 1.3], "width": 34, "height": 34}, {"op": "rotate-90"},
         {"op": "affine", "rotation": 30, "scale": [0.7, 1.3], "shearY": 8, "translateX": 0.2},
         {"op": "elastic", "alpha": 60, "sigma": 3}, {"op": "crop", "width": 30, "height": 30},
         {"op": "flip-horizontal"}, {"op": "cutmix", "p": 0.3}, {"op": "cutout", "p": 0.3}]
        """

    /// Both sides carry the same values, in another number of channels or another type: what moves one
    /// moves the other.
    @Test(arguments: [
        (1, SampleType.u8), (2, .u8), (3, .u8), (4, .u8), (5, .u8), (1, .u16), (3, .u16), (1, .f32),
    ])
    func geometryIsTheSameForEveryType(_ channels: Int, _ type: SampleType) throws {
        // Levels from the middle: a bicubic filter leaves 0…255 nowhere, where 8 bits would be cut.
        let base = Image(
            size: size,
            channels: 1,
            bytes: Noise.bytes(size.width * size.height).map { 96 + $0 / 4 }
        )
        let repeated: [UInt8] = base.bytes.flatMap { level -> [UInt8] in
            let sample: [UInt8] =
                switch type {
                case .u8: [level]
                case .u16: [level, level]
                case .f32:
                    (0..<4).map {
                        UInt8(truncatingIfNeeded: (Float(level) / 255).bitPattern >> (8 * $0))
                    }
                }
            return (0..<channels).flatMap { _ in sample }
        }
        let other = Image(size: size, channels: channels, sampleType: type, bytes: repeated)
        let pair = ImagePair(input: base, target: other)
        let source = MemoryPairs([pair, pair])
        let augmentation = try source.augmentation(Self.geometry)
        for sample in 0..<40 {
            let transform = augmentation.draw(seed: 5, epoch: sample, sample: sample % 2, of: 2)
            let batch = try source.render(transform, by: augmentation)
            let plane = batch.input.count
            var largest: Float = 0
            for channel in 0..<channels {
                for index in 0..<plane {
                    let found = batch.target[channel * plane + index]
                    let level = type == .f32 ? 2 * found - 1 : found
                    largest = max(largest, abs(level - batch.input[index]))
                }
            }
            // The first resize rounds 8 bits after each of its two passes, 16 bits and floats hardly.
            #expect(largest < (type == .u8 ? 1e-6 : 0.02), "\(transform.summary)")
        }
    }

    /// Pixels that carry their own place: each one of the input's comes from where the target's comes from.
    @Test func placesAgreeOnBothSides() throws {
        var columns: [UInt8] = []
        var rows: [UInt8] = []
        for y in 0..<size.height {
            for x in 0..<size.width {
                columns.append(UInt8(5 * x))
                rows.append(UInt8(5 * y))
            }
        }
        let input = zip(columns, rows).flatMap { [$0, $1, 9] as [UInt8] }
        let target = zip(columns, rows).flatMap { [7, $1, $0] as [UInt8] }
        let pair = ImagePair(
            input: Image(size: size, channels: 3, bytes: input),
            target: Image(size: size, channels: 3, bytes: target)
        )
        let source = MemoryPairs([pair, pair])
        let augmentation = try source.augmentation(
            String(Self.geometry.dropLast()) + ", {\"op\": \"color-jitter\", \"brightness\": 0.1}]"
        )
        for sample in 0..<40 {
            let transform = augmentation.draw(seed: 6, epoch: sample, sample: 0, of: 2)
            let batch = try source.render(transform, by: augmentation)
            let plane = 30 * 30
            #expect(batch.input[..<plane] == batch.target[(2 * plane)...], "\(transform.summary)")
            #expect(batch.input[plane..<2 * plane] == batch.target[plane..<2 * plane])
        }
    }

    /// Whatever is done to label maps makes no label that was not there.
    @Test func labelMapsAreNeverInterpolatedNorRecoloured() throws {
        let labels = Image(
            size: size,
            channels: 1,
            bytes: Noise.bytes(size.width * size.height).map { [0, 3, 90, 255][Int($0 % 4)] }
        )
        let source = MemoryPairs([ImagePair(input: labels, target: image(3))])
        for colors in [DatasetIndex.Colors.indices, .gray] {
            let sides = Sides(
                input: SideForm(channels: 1, colors: colors, isLabelMap: true),
                target: SideForm(channels: 3)
            )
            let augmentation = try source.augmentation(
                String(Self.geometry.dropLast()) + """
                    , {"op": "gamma"}, {"op": "noise"}, {"op": "blur"}, {"op": "jpeg"},
                     {"op": "color-jitter", "contrast": 0.5}]
                    """,
                form: PairForm(size: size, sides: sides)
            )
            let allowed = Set([0, 3, 90, 255].map { (Float($0) / 255 - 0.5) / 0.5 })
            for epoch in 0..<40 {
                let transform = augmentation.draw(seed: 1, epoch: epoch, sample: 0, of: 1)
                let batch = try source.render(transform, by: augmentation)
                #expect(allowed.isSuperset(of: batch.input), "\(transform.summary)")
                #expect(batch.target.contains { !allowed.contains($0) })
            }
        }
    }

    @Test func sixteenBitsReachFromBlackToWhite() throws {
        let levels: [UInt16] = [0, 1, 257, 32768, 65534, 65535]
        let wide = Image(
            size: ImageSize(width: 3, height: 1),
            channels: 2,
            sampleType: .u16,
            bytes: levels.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        )
        let batch = try MemoryPairs(both: wide).drawn("[]")
        let values = levels.map { (Float($0) / 65535 - 0.5) / 0.5 }
        #expect(batch.input == [0, 2, 4, 1, 3, 5].map { values[$0] })
        #expect(batch.input.min() == -1 && batch.input.max() == 1)
    }

    /// All widths, so that every remainder of a vector occurs; all levels of a byte.
    @Test func everyLevelComesBackFromEveryWidth() throws {
        for width in 1...70 {
            for channels in [1, 3] {
                let count = width * 4 * channels
                let levels = Image(
                    size: ImageSize(width: width, height: 4),
                    channels: channels,
                    bytes: (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + width) }
                )
                let source = MemoryPairs(both: levels)
                #expect(try source.drawn("[]").pair(at: 0).input == levels)
                let mirrored = try source.drawn(#"[{"op": "flip-horizontal", "p": 1}]"#)
                let plain = PlainImage(levels).flipped
                #expect(plain.difference(mirrored.input) < 1e-7)
            }
        }
    }

    @Test func floatsStayAsTheyAre() throws {
        let float = image(2, .f32)
        let batch = try MemoryPairs(both: float).drawn(#"[{"op": "flip-vertical", "p": 1}]"#)
        let pair = batch.pair(at: 0)
        #expect(pair.input.sampleType == .f32)
        let row = float.bytesPerRow
        for y in 0..<size.height {
            let start = (size.height - 1 - y) * row
            #expect(
                pair.input.bytes[y * row..<(y + 1) * row] == float.bytes[start..<start + row]
            )
        }
    }

    @Test func valuesOutsideAreCutAndRounded() {
        let values: [Float] = [-3, 3, .nan, 0.51 / 127.5 - 1, 0.49 / 127.5 - 1]
        let image = Image(planes: values, size: ImageSize(width: 5, height: 1), channels: 1)
        #expect(image.bytes == [0, 255, 0, 1, 0])
    }

    // MARK: - Noise

    /// Noise has the distribution it should have, in both sides the same, and no neighbour knows another.
    @Test func noiseIsNormalAndTheSameOnBothSides() throws {
        let gray = Image(
            size: ImageSize(width: 256, height: 200),
            channels: 3,
            bytes: [UInt8](repeating: 128, count: 256 * 200 * 3)
        )
        let batch = try MemoryPairs(both: gray).drawn(#"[{"op": "noise", "p": 1, "sigma": 0.1}]"#)
        #expect(batch.input == batch.target)
        let middle = 128.0 / 255
        let values = batch.input.map { (Double($0 + 1) / 2 - middle) / 0.1 }
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let variance = values.reduce(0) { $0 + $1 * $1 } / count
        #expect(abs(mean) < 0.01)
        #expect(abs(variance - 1) < 0.015)
        for lag in [1, 4, 16, 64, 256, 256 * 200] {
            var product = 0.0
            for index in lag..<values.count { product += values[index] * values[index - lag] }
            #expect(abs(product / (count - Double(lag))) < 0.012, "lag \(lag)")
        }
        // A normal variable is below −1, −0.5, 0 and so on as often as its distribution function says.
        for (limit, share) in [
            (-2.0, 0.02275), (-1, 0.15866), (0, 0.5), (0.5, 0.69146), (1.5, 0.93319),
        ] {
            let found = Double(values.count { $0 < limit }) / count
            #expect(abs(found - share) < 0.004, "below \(limit)")
        }
    }
}
