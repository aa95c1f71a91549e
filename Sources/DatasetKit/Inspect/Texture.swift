/// What neighbouring pixels have in common.
struct Texture {
    /// Mean difference between the largest and the smallest channel, 0…1.
    private(set) var saturation: Float = 0
    /// Share of neighbours in a row whose colours are exactly the same.
    private(set) var equalNeighbors: Float = 0
    /// Share of neighbours in a row that differ by at most 2 of 255 in every channel.
    private(set) var flatNeighbors: Float = 0
    /// Mean difference of neighbours in a row, 0…1.
    private(set) var roughness: Float = 0
    /// The largest standard deviation of a channel, 0…1, without a border of a 32nd of the image:
    /// in JPEG the other half of a side-by-side image shows there.
    private(set) var deviation: Float = 0

    /// Looks at an image.
    init(_ view: InspectedImage) {
        let (width, height, channels) = (view.size.width, view.size.height, view.channels)
        let colors = view.colors
        var spread = 0
        var equal = 0
        var flat = 0
        var steps = 0
        for y in 0..<height {
            for x in 0..<width {
                let place = (y * width + x) * channels
                if channels == 3 {
                    let (red, green, blue) = (colors[place], colors[place + 1], colors[place + 2])
                    spread += Int(max(red, green, blue)) - Int(min(red, green, blue))
                }
                guard x > 0 else { continue }
                var largest = 0
                for channel in 0..<channels {
                    let step = abs(
                        Int(colors[place + channel]) - Int(colors[place + channel - channels])
                    )
                    largest = max(largest, step)
                }
                steps += largest
                if largest == 0 { equal += 1 }
                if largest <= 2 { flat += 1 }
            }
        }
        let neighbors = Float(max(1, (width - 1) * height))
        saturation = Float(spread) / Float(width * height) / 255
        equalNeighbors = Float(equal) / neighbors
        flatNeighbors = Float(flat) / neighbors
        roughness = Float(steps) / neighbors / 255
        deviation = (0..<channels).map { Self.interiorDeviation(of: view, channel: $0) }.max() ?? 0
    }

    private static func interiorDeviation(of view: InspectedImage, channel: Int) -> Float {
        let (width, height) = (view.size.width, view.size.height)
        var (count, sum, squares) = (0, 0, 0)
        for y in height / 32..<height - height / 32 {
            for x in width / 32..<width - width / 32 {
                let value = Int(view.colors[(y * width + x) * view.channels + channel])
                count += 1
                sum += value
                squares += value * value
            }
        }
        let mean = Double(sum) / Double(count)
        let variance = Double(squares) / Double(count) - mean * mean
        return Float(max(0, variance).squareRoot() / 255)
    }
}

/// Counts colours.
enum ColorCount {
    /// So many pixels of an image are enough for its main colours.
    private static let samplePixels = 4096

    /// How many pixels of a sample, evenly spread over an image, have each colour.
    static func sample(of view: InspectedImage) -> [UInt32: Int] {
        let pixels = view.size.width * view.size.height
        // An odd step does not fall into the same columns again and again.
        let step = max(1, pixels / samplePixels) | 1
        var counts: [UInt32: Int] = [:]
        for pixel in stride(from: 0, to: pixels, by: step) {
            let color = packed(view.colors, at: pixel * view.channels, channels: view.channels)
            counts[color, default: 0] += 1
        }
        return counts
    }

    /// How many different 8-bit colours an image has.
    static func distinctColors(of view: InspectedImage) -> Int {
        guard view.channels == 3 else {
            var seen = [Bool](repeating: false, count: 256)
            for value in view.colors { seen[Int(value)] = true }
            return seen.count { $0 }
        }
        // One bit for each of 2^24 colours.
        var seen = [UInt64](repeating: 0, count: 1 << 18)
        var count = 0
        for place in stride(from: 0, to: view.colors.count, by: 3) {
            let code = packed(view.colors, at: place, channels: 3)
            let bit: UInt64 = 1 << UInt64(code & 63)
            let word = Int(code >> 6)
            if seen[word] & bit == 0 {
                seen[word] |= bit
                count += 1
            }
        }
        return count
    }

    /// The colour as 0xRRGGBB; grey is three times the same.
    static func packed(_ colors: [UInt8], at place: Int, channels: Int) -> UInt32 {
        guard channels == 3 else { return UInt32(colors[place]) * 0x01_0101 }
        return UInt32(colors[place]) << 16 | UInt32(colors[place + 1]) << 8
            | UInt32(colors[place + 2])
    }
}
