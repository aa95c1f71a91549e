import Synchronization

/// A few thousand pixels of a few pairs that are evenly spread over a dataset, taken while it is
/// built: later the images would have to be read again.
final class PairSamples: Sendable {
    private static let pairs = 12
    /// So many rows of an image, and as many pixels of each.
    private static let side = 48

    /// Which pairs, by their places in the plan, in order.
    private let places: [Int]
    private let taken = Mutex<[Int: ImagePair]>([:])

    /// Chooses the pairs.
    ///
    /// - Parameter pairCount: How many there are.
    init(of pairCount: Int) {
        let count = min(Self.pairs, pairCount)
        places = (0..<count).map { $0 * pairCount / count }
    }

    /// Takes the sample of a pair, if it is one of those.
    func take(_ pair: ImagePair, at place: Int) {
        guard places.contains(place), let sample = Self.sample(of: pair) else { return }
        taken.withLock { $0[place] = sample }
    }

    /// The samples, in the order of the pairs.
    ///
    /// - Parameter read: Gives a pair that was not built this time, by its place.
    /// - Returns: One of each pair that has more than one column.
    func all(orRead read: (Int) -> ImagePair?) -> [ImagePair] {
        let taken = taken.withLock { $0 }
        return places.compactMap { taken[$0] ?? read($0).flatMap(Self.sample) }
    }

    private static func sample(of pair: ImagePair) -> ImagePair? {
        guard let input = sample(of: pair.input), let target = sample(of: pair.target) else {
            return nil
        }
        return ImagePair(input: input, target: target)
    }

    /// Neighbours from all over an image: the first and second pixel of the sample were neighbours,
    /// the third and fourth, and so on; `nil` for an image of one column.
    private static func sample(of image: Image) -> Image? {
        let (rows, couples) = (min(side, image.height), min(side, image.width) / 2)
        guard couples > 0 else { return nil }
        let length = 2 * image.bytesPerPixel
        var bytes: [UInt8] = []
        bytes.reserveCapacity(rows * couples * length)
        for row in 0..<rows {
            let start = row * image.height / rows * image.bytesPerRow
            for couple in 0..<couples {
                let column = couple * (image.width - 1) / couples
                let place = start + column * image.bytesPerPixel
                bytes.append(contentsOf: image.bytes[place..<place + length])
            }
        }
        return Image(
            size: ImageSize(width: 2 * couples, height: rows),
            channels: image.channels,
            sampleType: image.sampleType,
            bytes: bytes
        )
    }
}
