import DatasetKit

/// The edges of both images of a pair in one picture: the input's red, the target's cyan.
///
/// Where the images belong together, edges that they share are white. After an operation that moved
/// one side only, every edge would have a red and a cyan copy beside it.
enum PairOverlay {
    /// Draws it.
    ///
    /// - Precondition: Both images have the same size, 8 bits, and 1 or 3 channels.
    static func image(_ pair: ImagePair) -> Image {
        let input = edges(pair.input)
        let target = edges(pair.target)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(3 * input.count)
        for index in input.indices {
            bytes.append(input[index])
            bytes.append(target[index])
            bytes.append(target[index])
        }
        return Image(size: pair.input.size, channels: 3, bytes: bytes)
    }

    /// The length of Sobel's gradient, the strongest hundredth of pixels at full level.
    private static func edges(_ image: Image) -> [UInt8] {
        let gray = image.channels == 3 ? image.gray().bytes : image.bytes
        let (width, height) = (image.width, image.height)
        func level(_ x: Int, _ y: Int) -> Int {
            Int(gray[min(max(y, 0), height - 1) * width + min(max(x, 0), width - 1)])
        }
        var lengths: [Double] = []
        lengths.reserveCapacity(gray.count)
        for y in 0..<height {
            for x in 0..<width {
                let right = level(x + 1, y - 1) + 2 * level(x + 1, y) + level(x + 1, y + 1)
                let left = level(x - 1, y - 1) + 2 * level(x - 1, y) + level(x - 1, y + 1)
                let lower = level(x - 1, y + 1) + 2 * level(x, y + 1) + level(x + 1, y + 1)
                let upper = level(x - 1, y - 1) + 2 * level(x, y - 1) + level(x + 1, y - 1)
                let (dx, dy) = (Double(right - left), Double(lower - upper))
                lengths.append((dx * dx + dy * dy).squareRoot())
            }
        }
        let strong = lengths.sorted()[lengths.count * 99 / 100]
        let scale = 255 / max(strong, 32)
        return lengths.map { UInt8(min(255, $0 * scale)) }
    }
}
