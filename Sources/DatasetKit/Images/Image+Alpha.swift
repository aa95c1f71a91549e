extension Image {
    /// The image in front of a background of one colour, without alpha.
    ///
    /// 8-bit results are those of Pillow's `alpha_composite` and `paste` onto an opaque background.
    ///
    /// - Parameter color: The background, 0…255 for each channel beside alpha, whatever the sample
    ///   type: 255 is 65535 in 16 bits, and 1 in floats. A single value goes for all channels.
    /// - Returns: An image with one channel less.
    /// - Precondition: The last channel is straight alpha, and floats are in 0…1.
    public func compositedOverColor(_ color: [UInt8]) -> Image {
        precondition(channels > 1, "alpha is not the only channel")
        precondition(
            color.count == channels - 1 || color.count == 1,
            "a background of \(color.count) values for \(channels - 1) channels"
        )
        switch sampleType {
        case .u8: return composited(UInt8.self, color)
        case .u16: return composited(UInt16.self, color)
        case .f32: return composited(Float.self, color)
        }
    }

    /// The image without its last channel: colours that were transparent become visible.
    ///
    /// - Precondition: There is another channel.
    public func withoutAlpha() -> Image {
        precondition(channels > 1, "alpha is not the only channel")
        return selecting(channels: Array(0..<channels - 1))
    }

    private func composited<Sample: ImageSample>(_: Sample.Type, _ color: [UInt8]) -> Image {
        let source = samples(Sample.self)
        let count = channels - 1
        let background = (0..<count).map { channel in
            Sample(eightBits: color.count == 1 ? color[0] : color[channel])
        }
        var result = [Sample](repeating: .zero, count: width * height * count)
        for pixel in 0..<width * height {
            let first = pixel * channels
            let alpha = source[first + count]
            for channel in 0..<count {
                result[pixel * count + channel] = Sample.blend(
                    source[first + channel],
                    over: background[channel],
                    alpha: alpha
                )
            }
        }
        return Image(size: size, channels: count, samples: result)
    }
}
