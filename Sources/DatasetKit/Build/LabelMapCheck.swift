/// Looks for label maps whose colours a build has blurred: JPEG and smooth filters make new ones.
///
/// Some rows of some pairs are looked at, so that a build is hardly longer.
struct LabelMapCheck {
    private let dataset: Dataset
    private let pairs: [SourcePair]
    private let recipe: Recipe

    private static let samplePairs = 24
    private static let sampleRows = 64

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
                + "\(found.colors) are in \(Self.sampleRows) rows (median): \(causes(side).joined(separator: " and ")) made new ones. "
                + "Keep label maps as PNG, and resize that side with \"filter\": \"nearest\""
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

    /// Rows of pairs that are evenly spread over the dataset, as 8-bit grey or RGB.
    private func sampled() -> [ImagePair] {
        let count = min(Self.samplePairs, pairs.count)
        return (0..<count).compactMap { number in
            let place = number * pairs.count / count
            let split = pairs[place].split
            guard let first = pairs.firstIndex(where: { $0.split == split }),
                let pair = try? dataset.split(split)?.pair(at: place - first)
            else { return nil }
            return ImagePair(
                input: dataset.index.input.displayed(Self.rows(of: pair.input)),
                target: dataset.index.target.displayed(Self.rows(of: pair.target))
            )
        }
    }

    /// Rows that are evenly spread over an image, one below the other.
    private static func rows(of image: Image) -> Image {
        let count = min(sampleRows, image.height)
        let bytes = (0..<count).flatMap { number in
            let start = number * image.height / count * image.bytesPerRow
            return image.bytes[start..<start + image.bytesPerRow]
        }
        return Image(
            size: ImageSize(width: image.width, height: count),
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
            let view = InspectedImage(image)
            distinct.append(Double(ColorCount.distinctColors(of: view)))
            flat.append(Double(Texture(view).flatNeighbors))
            counts.merge(ColorCount.sample(of: view), uniquingKeysWith: +)
        }
        let colors = Int(RobustStatistics.median(distinct))
        guard colors > SidePalettes.cleanLimit,
            RobustStatistics.median(flat) >= SidePalettes.blurredNeighbors,
            let palette = Palette.ofBlurredMaps(counts)
        else { return nil }
        return (palette.entries.count, colors)
    }
}
