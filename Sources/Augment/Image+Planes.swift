public import DatasetKit

extension Image {
    /// Writes the image as float planes (CHW) in −1…1, the form in which networks take it.
    ///
    /// The arithmetic is torchvision's `ToTensor` and `Normalize(0.5, 0.5)` in single precision.
    ///
    /// - Parameters:
    ///   - planes: Receives `channels * height * width` values from `offset` on.
    ///   - offset: Where the first plane starts.
    /// - Precondition: The samples are 8-bit, and `planes` has room.
    public func writePlanes(to planes: inout [Float], at offset: Int) {
        precondition(sampleType == .u8, "only 8-bit images are normalised")
        precondition(offset >= 0 && offset + bytes.count <= planes.count)
        let plane = width * height
        let source = bytes.span
        var output = planes.mutableSpan
        for channel in 0..<channels {
            let start = offset + channel * plane
            var position = channel
            for index in 0..<plane {
                output[start + index] = Self.normalized[Int(source[position])]
                position += channels
            }
        }
    }

    /// Reads float planes (CHW) in −1…1 back into an 8-bit image: rounded, and cut to 0…255.
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

    /// −1…1 for each of the 256 levels.
    private static let normalized: [Float] = (0..<256).map { (Float($0) / 255 - 0.5) / 0.5 }
}
