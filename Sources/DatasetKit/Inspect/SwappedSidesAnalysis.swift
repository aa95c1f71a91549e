import Glibc

/// Pairs whose input looks like the other targets, and whose target looks like the other inputs.
///
/// The sides are described by a few numbers that tell photographs from drawings and maps. Only those
/// count by which the two sides of the set really differ; where none does, nothing can be told.
struct SwappedSidesAnalysis {
    private let set: InspectedSet

    /// The sides differ by a number if their medians lie so many deviations apart.
    private static let separation = 1.5
    /// An image belongs to the other side if it lies so much nearer to that side's median, on a
    /// scale from -1 (at its own) to 1 (at the other).
    private static let belonging = 0.3
    /// Fewer pairs have no typical side.
    private static let fewest = 8

    /// Prepares the analysis.
    init(_ set: InspectedSet) {
        self.set = set
    }

    /// The swapped pairs.
    func findings(_ notes: inout [String]) -> [InspectionReport.Finding] {
        guard set.pairs.count >= Self.fewest else { return [] }
        let inputs = set.pairs.map { Self.features(of: $0.input) }
        let targets = set.pairs.map { Self.features(of: $0.target) }
        let features = inputs[0].indices.compactMap { number -> Feature? in
            let feature = Feature(
                number: number,
                input: RobustStatistics(inputs.map { $0[number] }),
                target: RobustStatistics(targets.map { $0[number] })
            )
            return feature.separation >= Self.separation ? feature : nil
        }
        guard !features.isEmpty else {
            notes.append("Input and target look alike as sets: swapped sides cannot be told.")
            return []
        }
        let swapped = set.pairs.indices.filter { place in
            Self.strangeness(inputs[place], features, ofTarget: false) > Self.belonging
                && Self.strangeness(targets[place], features, ofTarget: true) > Self.belonging
        }
        return swapped.map {
            set.finding(
                .swappedSides,
                .both,
                at: $0,
                "the input looks like the other targets, the target like the other inputs"
            )
        }
    }

    /// One number by which the sides differ.
    private struct Feature {
        var number: Int
        var input: RobustStatistics
        var target: RobustStatistics

        /// The distance of the medians in deviations; a hundredth keeps constant numbers finite.
        var separation: Double {
            abs(input.median - target.median) / (input.deviation + target.deviation + 0.01)
        }
    }

    /// How much an image lies nearer to the other side than to its own, -1…1.
    private static func strangeness(
        _ values: [Double],
        _ features: [Feature],
        ofTarget isTarget: Bool
    ) -> Double {
        var sum = 0.0
        var weights = 0.0
        for feature in features {
            let own = isTarget ? feature.target.median : feature.input.median
            let other = isTarget ? feature.input.median : feature.target.median
            let value = values[feature.number]
            let nearer = (abs(value - own) - abs(value - other)) / abs(own - other)
            let weight = min(5, feature.separation)
            sum += weight * max(-1, min(1, nearer))
            weights += weight
        }
        return sum / weights
    }

    private static func features(of image: ImageSignature) -> [Double] {
        [
            Double(image.saturation), Double(image.flatNeighbors), Double(image.roughness) * 10,
            Double(image.deviation), Double(image.meanColor.x), Double(image.meanColor.y),
            Double(image.meanColor.z), log2(Double(image.distinctColors)) / 16,
        ]
    }
}
