public import DatasetKit

extension Image {
    /// Reads float planes (CHW) in −1…1 into an 8-bit image: rounded, and cut to 0…255.
    ///
    /// - Parameters:
    ///   - planes: The values, `channels * height * width` of them from `offset` on.
    ///   - offset: Where the first plane starts.
    ///   - size: Width and height.
    ///   - channels: Samples per pixel.
    public init(planes: [Float], at offset: Int = 0, size: ImageSize, channels: Int) {
        let plane = size.width * size.height
        precondition(offset >= 0 && offset + channels * plane <= planes.count)
        var bytes = [UInt8](repeating: 0, count: channels * plane)
        for channel in 0..<channels {
            for index in 0..<plane {
                let value = planes[offset + channel * plane + index]
                let level = ((value + 1) * 127.5).rounded()
                // Not-a-number compares false with everything: it becomes black.
                bytes[index * channels + channel] =
                    level >= 255 ? 255 : level > 0 ? UInt8(level) : 0
            }
        }
        self.init(size: size, channels: channels, bytes: bytes)
    }

    /// Reads float planes (CHW) into an image of the same floats.
    init(floats planes: [Float], at offset: Int, size: ImageSize, channels: Int) {
        let plane = size.width * size.height
        var bytes: [UInt8] = []
        bytes.reserveCapacity(4 * channels * plane)
        for index in 0..<plane {
            for channel in 0..<channels {
                let bits = planes[offset + channel * plane + index].bitPattern
                for shift in stride(from: UInt32(0), to: 32, by: 8) {
                    bytes.append(UInt8(truncatingIfNeeded: bits >> shift))
                }
            }
        }
        self.init(size: size, channels: channels, sampleType: .f32, bytes: bytes)
    }
}
