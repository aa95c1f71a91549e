/// Looks for label maps whose colours a build has blurred: JPEG and smooth filters make new ones.
struct LabelMapCheck {
    private let dataset: Dataset
    private let pairs: [SourcePair]
    private let recipe: Recipe
    private let samples: PairSamples

    /// Prepares a look at a dataset that was just built.
    ///
    /// - Parameters:
    ///   - dataset: The dataset.
    ///   - pairs: Its pairs, in its order.
    ///   - recipe: What it was built by.
    ///   - samples: What was taken of the pairs that were built this time.
    init(_ dataset: Dataset, pairs: [SourcePair], recipe: Recipe, samples: PairSamples) {
        self.dataset = dataset
        self.pairs = pairs
        self.recipe = recipe
        self.samples = samples
    }

    /// One line for each side that has blurred label maps.
    var notes: [String] {
        let sides = PairSide.allCases.filter { !causes($0).isEmpty }
        guard !sides.isEmpty else { return [] }
        let sample = displayed()
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

    /// The samples as 8-bit grey or RGB.
    private func displayed() -> [ImagePair] {
        // Opened once, and only for pairs that were not built this time.
        var opened: [DatasetSplit: (first: Int, reader: SplitReader?)] = [:]
        let sampled = samples.all { place in
            let split = pairs[place].split
            if opened[split] == nil, let first = pairs.firstIndex(where: { $0.split == split }) {
                opened[split] = (first, try? dataset.split(split))
            }
            return opened[split].flatMap { try? $0.reader?.pair(at: place - $0.first) }
        }
        return sampled.map { pair in
            ImagePair(
                input: dataset.index.input.displayed(pair.input),
                target: dataset.index.target.displayed(pair.target)
            )
        }
    }

    /// How many colours label maps have, and how many these images have; `nil` if they are none, or
    /// clean ones.
    private static func blurredMaps(_ images: [Image]) -> (labels: Int, colors: Int)? {
        let pixels = images.map(packedPixels)
        // First, as photographs end here: counting colours takes much longer.
        let flat = RobustStatistics.median(pixels.map(flatCouples))
        guard flat >= SidePalettes.blurredNeighbors else { return nil }
        // Only the large samples show how many colours an image has.
        let most = pixels.map(\.count).max() ?? 0
        let distinct = pixels.filter { 2 * $0.count > most }.map { Double(Set($0).count) }
        let colors = Int(RobustStatistics.median(distinct))
        guard colors > SidePalettes.cleanLimit else { return nil }
        let counts = pixels.joined().reduce(into: [UInt32: Int]()) { $0[$1, default: 0] += 1 }
        return Palette.ofBlurredMaps(counts).map { ($0.entries.count, colors) }
    }

    private static func packedPixels(_ image: Image) -> [UInt32] {
        stride(from: 0, to: image.bytes.count, by: image.channels).map { place in
            ColorCount.packed(image.bytes, at: place, channels: image.channels)
        }
    }

    /// Which part of the neighbours, two pixels at a time, are of almost the same colour.
    private static func flatCouples(_ pixels: [UInt32]) -> Double {
        let couples = stride(from: 0, to: pixels.count, by: 2)
        let flat = couples.count { Palette.distance(pixels[$0], pixels[$0 + 1]) <= 2 }
        return 2 * Double(flat) / Double(pixels.count)
    }
}
