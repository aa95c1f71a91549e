import DatasetKit
import Foundation
import Pix2Pix
import Testing

@Suite struct SampleScaleTests {
    private static func scale(
        _ type: SampleType,
        _ low: Double = 0,
        _ high: Double = 1
    ) -> SampleScale {
        SampleScale(
            DatasetIndex.Side(
                size: ImageSize(width: 1, height: 1),
                channels: 1,
                dtype: type
            ),
            range: TrainOptions.ValueRange(low: low, high: high)
        )
    }

    /// The samples that a row of values becomes.
    private static func bytes(_ values: [Float], _ scale: SampleScale) throws -> [UInt8] {
        let size = ImageSize(width: values.count, height: 1)
        var bytes = [UInt8](repeating: 99, count: values.count * scale.side.dtype.byteCount)
        let box = SampleScale.Box(
            planeLength: values.count,
            rowLength: values.count,
            size: size
        )
        try unsafe values.withUnsafeBufferPointer {
            try unsafe scale.store($0, box, into: &bytes)
        }
        return bytes
    }

    private static func row(_ bytes: [UInt8], _ type: SampleType) -> Image {
        let size = ImageSize(width: bytes.count / type.byteCount, height: 1)
        return Image(size: size, channels: 1, sampleType: type, bytes: bytes)
    }

    private static func planes(_ image: Image, _ scale: SampleScale) throws -> [Float] {
        try scale.planes(of: image, rows: [0], columns: Array(0..<image.width))
    }

    @Test("Levels of 8 bits are as torchvision has them, and come back")
    func eightBits() throws {
        let scale = Self.scale(.u8)
        let image = Self.row(Array(0...255), .u8)
        let planes = try Self.planes(image, scale)
        // ToTensor, then Normalize(0.5, 0.5).
        let expected: [Float] = (0...255).map { (level: Int) -> Float in
            (Float(level) / 255 - 0.5) / 0.5
        }
        #expect(planes == expected)
        #expect(try Self.bytes(planes, scale) == image.bytes)
    }

    @Test("All levels of 16 bits come back")
    func sixteenBits() throws {
        let scale = Self.scale(.u16)
        let bytes = (0...65535).flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        let planes = try Self.planes(Self.row(bytes, .u16), scale)
        #expect(planes.first == -1 && planes.last == 1)
        #expect(try Self.bytes(planes, scale) == bytes)
    }

    @Test("Values are rounded to the nearest level, halves up, and cut to the range")
    func rounding() throws {
        let values: [Float] = [0.999, 0.995, -0.999, 1.5, -7, .infinity, -.infinity, 0]
        #expect(
            // (v + 1) 127.5: 254.87, 254.36, 0.13, …, 127.5
            try Self.bytes(values, Self.scale(.u8)) == [255, 254, 0, 255, 0, 255, 0, 128]
        )
        let wide = try Self.bytes([0.99999, 0, 2, -2], Self.scale(.u16))
        #expect(wide == [255, 255, 0, 128, 255, 255, 0, 0])
    }

    @Test("Floats go through the training's range and back to their units")
    func floats() throws {
        let scale = Self.scale(.f32, -1000, 3000)
        let values: [Float] = [-1000, 0, 1000, 3000, 2999.5]
        let bytes = values.flatMap { value in
            (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
        }
        let planes = try Self.planes(Self.row(bytes, .f32), scale)
        #expect(Array(planes[..<4]) == [-1, -0.5, 0, 1])
        let back = try Self.bytes(planes + [1.25], scale)
        let found = (0..<6).map { place in
            Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(back[4 * place + $1]) << (8 * $1) })
        }
        #expect(Array(found[..<4]) == Array(values[..<4]))
        #expect(abs(found[4] - 2999.5) < 0.001)
        #expect(found[5] == 3000, "cut to the range")
    }

    @Test("What is not a number is refused, in and out")
    func notNumbers() throws {
        let bits = Float.nan.bitPattern
        let bytes = (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
        #expect(throws: DatasetError.self) {
            try Self.planes(Self.row(bytes, .f32), Self.scale(.f32))
        }
        for type in SampleType.allCases {
            let error = try #require(throws: DatasetError.self) {
                try Self.bytes([0, .nan], Self.scale(type))
            }
            #expect(error.code == .corrupt)
        }
    }
}
