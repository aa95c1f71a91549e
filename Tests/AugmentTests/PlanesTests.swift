import Augment
import DatasetKit
import TestSupport
import Testing

@Suite struct PlanesTests {
    @Test func planesHoldWhatNormalisingGives() {
        let image = Noise.image(width: 5, height: 4)
        var planes = [Float](repeating: 9, count: 2 + 60)
        image.writePlanes(to: &planes, at: 2)
        #expect(planes.prefix(2) == [9, 9])
        for y in 0..<4 {
            for x in 0..<5 {
                for channel in 0..<3 {
                    let value = Float(image.bytes[(y * 5 + x) * 3 + channel])
                    #expect(planes[2 + channel * 20 + y * 5 + x] == (value / 255 - 0.5) / 0.5)
                }
            }
        }
    }

    @Test func sixteenBitsReachFromBlackToWhite() throws {
        let levels: [UInt16] = [0, 1, 257, 32768, 65534, 65535]
        let image = Image(
            size: ImageSize(width: 3, height: 1),
            channels: 2,
            sampleType: .u16,
            bytes: levels.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        )
        var planes = [Float](repeating: 9, count: 6)
        image.writePlanes(to: &planes, at: 0)
        let values = levels.map { (Float($0) / 65535 - 0.5) / 0.5 }
        #expect(planes == [0, 2, 4, 1, 3, 5].map { values[$0] })
        #expect(planes.min() == -1 && planes.max() == 1)
    }

    @Test func everyLevelComesBack() {
        let levels = Image(
            size: ImageSize(width: 256, height: 1),
            channels: 1,
            bytes: [UInt8](0...255)
        )
        var planes = [Float](repeating: 0, count: 256)
        levels.writePlanes(to: &planes, at: 0)
        #expect(planes.first == -1 && planes.last == 1)
        #expect(Image(planes: planes, size: levels.size, channels: 1) == levels)
    }

    @Test func valuesOutsideAreCutAndRounded() {
        let size = ImageSize(width: 5, height: 1)
        let values: [Float] = [-3, 3, .nan, 0.51 / 127.5 - 1, 0.49 / 127.5 - 1]
        let image = Image(planes: values, size: size, channels: 1)
        #expect(image.bytes == [0, 255, 0, 1, 0])
    }
}
