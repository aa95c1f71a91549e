import Crypto
import Glibc

/// What an inspection keeps of an image when its pixels are gone.
struct ImageSignature: Sendable {
    /// Width and height in pixels.
    var size: ImageSize
    /// Channels of the original.
    var channels: Int
    /// The type of its samples.
    var sampleType: SampleType
    /// The first 128 bits of the SHA-256 of its pixels, with their type and shape.
    var digest: SIMD2<UInt64>
    /// Where it is light and dark, in 64 bits.
    var hash: PerceptualHash
    /// Its luma at 16x16, mean 0, stretched to ±127: to check what the hash claims.
    var thumbnail: [Int8]
    /// The mean of its luma, 0…1.
    var meanLuma: Float
    /// Perceived brightness, 0…1: mean, and the 5th, 50th and 99th of 100.
    var brightness: Brightness
    /// The mean of each channel, 0…1; grey counts three times.
    var meanColor: SIMD3<Float>
    /// The largest standard deviation of a channel, 0…1, without a narrow border.
    var deviation: Float
    /// Mean difference between the largest and the smallest channel, 0…1.
    var saturation: Float
    /// Share of neighbours in a row whose colours are exactly the same.
    var equalNeighbors: Float
    /// Share of neighbours in a row that differ by at most 2 of 255 in every channel.
    var flatNeighbors: Float
    /// Mean difference of neighbours in a row, 0…1.
    var roughness: Float
    /// ln of the Laplacian's variance over that of the luma; low is blurred.
    var sharpness: Float
    /// How many 8-bit colours it has.
    var distinctColors: Int
    /// Whether it is RGB with three equal channels everywhere.
    var isGrayInRGB: Bool
    /// Sums for the set's statistics.
    var sums: [InspectedImage.ChannelSum]
    /// The lowest and highest sample in the image's own unit.
    var range: ClosedRange<Double>

    /// Perceived brightness, sqrt(0.241 R² + 0.691 G² + 0.068 B²), 0…1.
    struct Brightness: Sendable {
        var mean: Float
        var percentile5: Float
        var median: Float
        var percentile99: Float
    }

    /// Whether there is next to nothing in it: no channel deviates by 2 of 255.
    ///
    /// Such images are all alike, so they are no duplicates of each other.
    var isNearConstant: Bool { deviation < 2.0 / 255 }

    /// Looks at an image.
    init(_ image: Image, _ view: InspectedImage) {
        size = image.size
        channels = image.channels
        sampleType = image.sampleType
        digest = Self.digest(of: image)
        hash = PerceptualHash(
            luma: view.luma.averaged(width: PerceptualHash.side, height: PerceptualHash.side).values
        )
        let pixels = Double(image.width * image.height)
        let means = view.sums.map { $0.sum / pixels }
        sums = view.sums
        range = view.lowest...max(view.lowest, view.highest)
        meanColor =
            means.count == 3
            ? SIMD3(Float(means[0]), Float(means[1]), Float(means[2]))
            : SIMD3(repeating: Float(means.first ?? 0))
        (thumbnail, meanLuma) = Self.thumbnail(of: view.luma)
        brightness = Self.brightness(of: view)
        let texture = Texture(view)
        deviation = texture.deviation
        saturation = texture.saturation
        equalNeighbors = texture.equalNeighbors
        flatNeighbors = texture.flatNeighbors
        roughness = texture.roughness
        isGrayInRGB = view.channels == 3 && texture.saturation == 0
        sharpness = Self.sharpness(of: view.luma)
        distinctColors = ColorCount.distinctColors(of: view)
    }

    /// The correlation of two thumbnails, -1…1, the second one mirrored if asked for.
    static func correlation(
        _ first: ImageSignature,
        _ second: ImageSignature,
        flip: ImageFlip? = nil
    ) -> Float {
        let side = thumbnailSide
        var products = 0
        var firstSquares = 0
        var secondSquares = 0
        for y in 0..<side {
            for x in 0..<side {
                let a = Int(first.thumbnail[y * side + x])
                let row = flip == .vertical ? side - 1 - y : y
                let column = flip == .horizontal ? side - 1 - x : x
                let b = Int(second.thumbnail[row * side + column])
                products += a * b
                firstSquares += a * a
                secondSquares += b * b
            }
        }
        guard firstSquares > 0, secondSquares > 0 else { return 0 }
        return Float(products) / (Float(firstSquares) * Float(secondSquares)).squareRoot()
    }

    private static let thumbnailSide = 16

    private static func thumbnail(of luma: Plane) -> (values: [Int8], mean: Float) {
        let small = luma.averaged(width: thumbnailSide, height: thumbnailSide).values
        let mean = small.reduce(0, +) / Float(small.count)
        let reach = small.map { abs($0 - mean) }.max() ?? 0
        let scale = reach > 1e-6 ? 127 / reach : 0
        return (small.map { Int8(max(-127, min(127, (($0 - mean) * scale).rounded()))) }, mean)
    }

    private static func digest(of image: Image) -> SIMD2<UInt64> {
        var hash = SHA256()
        let shape = "\(image.sampleType.rawValue) \(image.size) \(image.channels) "
        unsafe Array(shape.utf8).withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
        unsafe image.bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
        var words = SIMD2<UInt64>()
        for (place, byte) in hash.finalize().prefix(16).enumerated() {
            words[place / 8] = words[place / 8] << 8 | UInt64(byte)
        }
        return words
    }

    private static func brightness(of view: InspectedImage) -> Brightness {
        let count = view.size.width * view.size.height
        var histogram = [Int](repeating: 0, count: 256)
        var sum: Float = 0
        for pixel in 0..<count {
            let value: Float
            if view.channels == 3 {
                let red = Float(view.colors[3 * pixel])
                let green = Float(view.colors[3 * pixel + 1])
                let blue = Float(view.colors[3 * pixel + 2])
                value = (0.241 * red * red + 0.691 * green * green + 0.068 * blue * blue)
                    .squareRoot()
            } else {
                value = Float(view.colors[pixel])
            }
            histogram[min(255, Int(value + 0.5))] += 1
            sum += value
        }
        func percentile(_ part: Double) -> Float {
            var left = Int((Double(count) * part).rounded(.up))
            for (value, number) in histogram.enumerated() {
                left -= number
                if left <= 0 { return Float(value) / 255 }
            }
            return 1
        }
        return Brightness(
            mean: sum / Float(count) / 255,
            percentile5: percentile(0.05),
            median: percentile(0.5),
            percentile99: percentile(0.99)
        )
    }

    private static func sharpness(of luma: Plane) -> Float {
        let width = luma.width
        guard width > 2, luma.height > 2 else { return 0 }
        var laplacian = 0.0
        var sum = 0.0
        var squares = 0.0
        let values = luma.values
        for y in 1..<luma.height - 1 {
            var row: Float = 0
            for place in y * width + 1..<(y + 1) * width - 1 {
                let value = values[place]
                let edge =
                    values[place - 1] + values[place + 1] + values[place - width]
                    + values[place + width] - 4 * value
                row += edge * edge
                sum += Double(value)
                squares += Double(value) * Double(value)
            }
            laplacian += Double(row)
        }
        let count = Double((width - 2) * (luma.height - 2))
        let variance = squares / count - (sum / count) * (sum / count)
        // A millionth keeps flat images finite: a quarter of a grey level.
        return Float(log((laplacian / count + 1e-9) / (max(0, variance) + 1e-6)))
    }
}

/// A mirror image.
package enum ImageFlip: String, Codable, Sendable {
    /// Left is right.
    case horizontal
    /// Top is bottom.
    case vertical
}
