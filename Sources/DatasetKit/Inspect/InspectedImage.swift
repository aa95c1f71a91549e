/// An image as an inspection looks at it, whatever its type: 8-bit colours, and luma in full depth.
///
/// The one place where types and channels are brought together: U8 is divided by 255, U16 by 65535,
/// F32 is stretched from its lowest to its highest value. Of four and more channels the first three
/// count as red, green and blue; of two the first is grey.
struct InspectedImage: Sendable {
    /// What one channel adds up to.
    struct ChannelSum: Sendable {
        var sum = 0.0
        var squares = 0.0
    }

    /// Width and height in pixels.
    let size: ImageSize
    /// Channels of ``colors``: 1 or 3.
    let channels: Int
    /// The colours, `channels` to a pixel.
    let colors: [UInt8]
    /// ITU-R 601 luma, 0…1.
    let luma: Plane
    /// Sums over the pixels of each of ``channels``, in 0…1.
    let sums: [ChannelSum]
    /// The lowest sample of these channels in the image's own unit.
    let lowest: Double
    /// The highest sample of these channels in the image's own unit.
    let highest: Double

    /// Looks at an image.
    init(_ image: Image) {
        size = image.size
        channels = image.channels >= 3 ? 3 : 1
        let stride = image.channels
        let converted: Converted
        switch image.sampleType {
        case .u8:
            let samples = image.bytes
            converted = Self.convert(image, channels: channels, scale: 1 / 255, offset: 0) {
                Float(samples[$0 * stride + $1])
            }
        case .u16:
            let samples = image.bytes
            converted = Self.convert(image, channels: channels, scale: 1 / 65535, offset: 0) {
                let at = 2 * ($0 * stride + $1)
                return Float(UInt16(samples[at]) | UInt16(samples[at + 1]) << 8)
            }
        case .f32:
            let values = Self.floats(image)
            let finite = values.filter(\.isFinite)
            let low = finite.min() ?? 0
            let high = finite.max() ?? 0
            let scale = high > low ? 1 / (high - low) : 0
            converted = Self.convert(image, channels: channels, scale: scale, offset: low) {
                let value = values[$0 * stride + $1]
                return value.isFinite ? value : low
            }
        }
        colors = converted.colors
        luma = Plane(width: image.width, height: image.height, values: converted.luma)
        sums = converted.sums
        lowest = Double(converted.lowest)
        highest = Double(converted.highest)
    }

    /// The colours as an image.
    var picture: Image { Image(size: size, channels: channels, bytes: colors) }

    /// One plane per channel, in 0…255.
    func channelPlanes() -> [Plane] {
        (0..<channels).map { channel in
            var values = [Float](repeating: 0, count: size.width * size.height)
            for pixel in values.indices {
                values[pixel] = Float(colors[pixel * channels + channel])
            }
            return Plane(width: size.width, height: size.height, values: values)
        }
    }

    private struct Converted {
        var colors: [UInt8]
        var luma: [Float]
        var sums: [ChannelSum]
        var lowest: Float
        var highest: Float
    }

    @inline(__always)
    private static func convert(
        _ image: Image,
        channels: Int,
        scale: Float,
        offset: Float,
        sample: (_ pixel: Int, _ channel: Int) -> Float
    ) -> Converted {
        let count = image.width * image.height
        var colors = [UInt8](repeating: 0, count: count * channels)
        var luma = [Float](repeating: 0, count: count)
        var sums = [ChannelSum](repeating: ChannelSum(), count: channels)
        var lowest = Float.infinity
        var highest = -Float.infinity
        let weights: [Float] = channels == 3 ? [0.299, 0.587, 0.114] : [1]
        for channel in 0..<channels {
            let weight = weights[channel]
            var sum = 0.0
            var squares = 0.0
            for pixel in 0..<count {
                let raw = sample(pixel, channel)
                lowest = min(lowest, raw)
                highest = max(highest, raw)
                let value = (raw - offset) * scale
                colors[pixel * channels + channel] = UInt8(min(255, max(0, value * 255 + 0.5)))
                luma[pixel] += value * weight
                sum += Double(value)
                squares += Double(value) * Double(value)
            }
            sums[channel] = ChannelSum(sum: sum, squares: squares)
        }
        return Converted(
            colors: colors,
            luma: luma,
            sums: sums,
            lowest: lowest,
            highest: highest
        )
    }

    private static func floats(_ image: Image) -> [Float] {
        unsafe image.bytes.withUnsafeBytes { bytes in
            Swift.stride(from: 0, to: bytes.count, by: 4).map {
                let bits = unsafe bytes.loadUnaligned(fromByteOffset: $0, as: UInt32.self)
                return Float(bitPattern: UInt32(littleEndian: bits))
            }
        }
    }
}
