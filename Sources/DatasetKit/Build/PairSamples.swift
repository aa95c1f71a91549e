import Synchronization

/// A few thousand pixels of a few pairs that are evenly spread over a dataset, and a few hundred of
/// more, taken while it is built: later the images would have to be read again.
///
/// The few thousand show what an image is like, the others what all are like: the main colours of
/// label maps cover 68 % of the pixels of 12 facades, too little to tell them, and 71 % with 128.
final class PairSamples: Sendable {
    private static let pairs = 128
    /// Of at least so many, or of all, more is taken.
    private static let largePairs = 12
    /// So many rows of an image, and as many pixels of each.
    private static let side = 20, largeSide = 48

    /// Which pairs, by their places in the plan, in order.
    private let places: [Int]
    /// How much is taken of each.
    private let sides: [Int: Int]
    private let taken = Mutex<[Int: ImagePair]>([:])

    /// Chooses the pairs.
    ///
    /// - Parameter pairCount: How many there are.
    init(of pairCount: Int) {
        let count = min(Self.pairs, pairCount)
        let places = (0..<count).map { $0 * pairCount / count }
        let step = max(1, count / Self.largePairs)
        let sides = places.indices.map { $0 % step == 0 ? Self.largeSide : Self.side }
        self.places = places
        self.sides = Dictionary(uniqueKeysWithValues: zip(places, sides))
    }

    /// Takes the sample of a pair, if it is one of those.
    func take(_ pair: ImagePair, at place: Int) {
        guard let sample = sample(of: pair, at: place) else { return }
        taken.withLock { $0[place] = sample }
    }

    /// The samples, in the order of the pairs.
    ///
    /// - Parameter read: Gives a pair that was not built this time, by its place.
    /// - Returns: One of each pair that has more than one column.
    func all(orRead read: (Int) -> ImagePair?) -> [ImagePair] {
        let taken = taken.withLock { $0 }
        return places.compactMap { place in
            taken[place] ?? read(place).flatMap { sample(of: $0, at: place) }
        }
    }

    private func sample(of pair: ImagePair, at place: Int) -> ImagePair? {
        guard let side = sides[place],
            let input = Self.sample(of: pair.input, side: side),
            let target = Self.sample(of: pair.target, side: side)
        else { return nil }
        return ImagePair(input: input, target: target)
    }

    /// Neighbours from all over an image: the first and second pixel of the sample were neighbours,
    /// the third and fourth, and so on; `nil` for an image of one column.
    private static func sample(of image: Image, side: Int) -> Image? {
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
