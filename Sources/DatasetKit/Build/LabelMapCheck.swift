/// Looks for label maps whose colours a build has blurred: JPEG and smooth filters make new ones.
///
/// A few thousand pixels of a few pairs are looked at, so that a build is hardly longer.
struct LabelMapCheck {
    private let dataset: Dataset
    private let pairs: [SourcePair]
    private let recipe: Recipe

    private static let samplePairs = 12
    /// So many rows of an image, and as many pixels of each.
    private static let sampleSide = 48

    /// Prepares a look at a dataset that was just built.
    ///
    /// - Parameters:
    ///   - dataset: The dataset.
    ///   - pairs: Its pairs, in its order.
    ///   - recipe: What it was built by.
    init(_ dataset: Dataset, pairs: [SourcePair], recipe: Recipe) {
        self.dataset = dataset
        self.pairs = pairs
        self.recipe = recipe
    }

    /// One line for each side that has blurred label maps.
    var notes: [String] {
        let sides = PairSide.allCases.filter { !causes($0).isEmpty }
        guard !sides.isEmpty else { return [] }
        let sample = sampled()
        return sides.compactMap { side in
            let images = sample.map { side == .input ? $0.input : $0.target }
            guard let found = Self.blurredMaps(images) else { return nil }
            return
                "the \(side.rawValue)s look like label maps of \(found.labels) colours, but "
                + "\(found.colors) are in a sample of an image (median): "
                + "\(causes(side).joined(separator: " and ")) made new ones. Keep label maps as PNG, "
                + "and resize that side with \"filter\": \"nearest\""
        }
    }

    /// What may have made new colours on a side.
    private func causes(_ side: PairSide) -> [String] {
        var causes: [String] = []
        if pairs.contains(where: { $0.files[side].info.format == .jpeg }) { causes.append("JPEG") }
        if let plan = recipe.resize?[side], plan.mode != .none, plan.filter != .nearest {
            causes.append("the \(plan.filter.rawValue) filter")
        }
        return causes
    }

    /// Samples of pairs that are evenly spread over the dataset, as 8-bit grey or RGB.
    private func sampled() -> [ImagePair] {
        let count = min(Self.samplePairs, pairs.count)
        return (0..<count).compactMap { number in
            let place = number * pairs.count / count
            let split = pairs[place].split
            guard let first = pairs.firstIndex(where: { $0.split == split }),
                let pair = try? dataset.split(split)?.pair(at: place - first),
                let input = Self.sample(of: pair.input),
                let target = Self.sample(of: pair.target)
            else { return nil }
            return ImagePair(
                input: dataset.index.input.displayed(input),
                target: dataset.index.target.displayed(target)
            )
        }
    }

    /// Neighbours from all over an image: the first and second pixel of the sample were neighbours,
    /// the third and fourth, and so on; `nil` for an image of one column.
    private static func sample(of image: Image) -> Image? {
        let (rows, couples) = (min(sampleSide, image.height), min(sampleSide, image.width) / 2)
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

    /// How many colours label maps have, and how many these images have; `nil` if they are none, or
    /// clean ones.
    private static func blurredMaps(_ images: [Image]) -> (labels: Int, colors: Int)? {
        var counts: [UInt32: Int] = [:]
        var distinct: [Double] = []
        var flat: [Double] = []
        for image in images {
            var colors: [UInt32: Int] = [:]
            var flatCouples = 0
            for place in stride(from: 0, to: image.bytes.count, by: 2 * image.channels) {
                let (channels, next) = (image.channels, place + image.channels)
                let first = ColorCount.packed(image.bytes, at: place, channels: channels)
                let second = ColorCount.packed(image.bytes, at: next, channels: channels)
                colors[first, default: 0] += 1
                colors[second, default: 0] += 1
                if Palette.distance(first, second) <= 2 { flatCouples += 1 }
            }
            distinct.append(Double(colors.count))
            flat.append(2 * Double(flatCouples) / Double(image.width * image.height))
            counts.merge(colors, uniquingKeysWith: +)
        }
        let colors = Int(RobustStatistics.median(distinct))
        guard colors > SidePalettes.cleanLimit,
            RobustStatistics.median(flat) >= SidePalettes.blurredNeighbors,
            let palette = Palette.ofBlurredMaps(counts)
        else { return nil }
        return (palette.entries.count, colors)
    }
}
