public import DatasetKit

extension Image {
    /// Writes the image as float planes (CHW) in −1…1, the form in which networks take it.
    ///
    /// The arithmetic is torchvision's `ToTensor` and `Normalize(0.5, 0.5)` in single precision, with
    /// 65535 in place of 255 for 16 bits.
    ///
    /// - Parameters:
    ///   - planes: Receives `channels * height * width` values from `offset` on.
    ///   - offset: Where the first plane starts.
    /// - Precondition: The samples are integers, and `planes` has room. Floats have no known range.
    public func writePlanes(to planes: inout [Float], at offset: Int) {
        precondition(offset >= 0 && offset + width * height * channels <= planes.count)
        let source = bytes.span
        switch sampleType {
        case .u8:
            writePlanes(to: &planes, at: offset) { Self.normalized[Int(source[$0])] }
        case .u16:
            writePlanes(to: &planes, at: offset) {
                let level = UInt16(source[2 * $0]) | UInt16(source[2 * $0 + 1]) << 8
                return (Float(level) / 65535 - 0.5) / 0.5
            }
        case .f32:
            preconditionFailure("floats have no range to normalise")
        }
    }

    /// Puts the values of interleaved samples into planes.
    @inline(__always)
    private func writePlanes(
        to planes: inout [Float],
        at offset: Int,
        _ value: (_ sample: Int) -> Float
    ) {
        let plane = width * height
        var output = planes.mutableSpan
        for channel in 0..<channels {
            let start = offset + channel * plane
            var sample = channel
            for index in 0..<plane {
                output[start + index] = value(sample)
                sample += channels
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
