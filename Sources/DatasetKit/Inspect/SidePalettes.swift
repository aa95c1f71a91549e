import Synchronization

/// Whether the sides of a set hold label maps, and which colours these have.
struct SidePalettes {
    /// The inputs' colours; `nil` where they are no label maps.
    let input: SideReport.LabelMap?
    /// The targets' colours; `nil` where they are no label maps.
    let target: SideReport.LabelMap?

    /// Clean label maps have at most so many colours each.
    static let cleanLimit = 64
    /// Neighbours in clean label maps are mostly equal.
    static let cleanNeighbors = 0.7
    /// Neighbours in blurred label maps mostly differ by at most 2 of 255.
    static let blurredNeighbors = 0.6
    /// So many pairs are looked at again.
    private static let samplePairs = 64
    /// So many colours are listed.
    private static let listed = 64

    /// Looks at the sides of a set.
    init(_ set: InspectedSet, source: any InspectionSource, jobs: Int) {
        let inputs = set.pairs.map(\.input)
        let targets = set.pairs.map(\.target)
        let wantsInput = Self.mayBeLabelMaps(inputs)
        let wantsTarget = Self.mayBeLabelMaps(targets)
        guard wantsInput || wantsTarget else {
            input = nil
            target = nil
            return
        }
        let counts = Self.sample(set, source: source, jobs: jobs)
        input = wantsInput ? Self.labelMap(inputs, counts.input) : nil
        target = wantsTarget ? Self.labelMap(targets, counts.target) : nil
    }

    /// The sides with label maps.
    var sides: Set<InspectionReport.Side> {
        var sides: Set<InspectionReport.Side> = []
        if input != nil { sides.insert(.input) }
        if target != nil { sides.insert(.target) }
        return sides
    }

    /// What JPEG or resizing did to the label maps.
    var notes: [String] {
        [("Inputs", input), ("Targets", target)].compactMap { side, map in
            guard let map, !map.isClean else { return nil }
            return
                "\(side) are label maps of \(map.count) colours, but an image has "
                + "\(map.distinctColors) (median): JPEG or smooth resizing made new ones. Keep label "
                + "maps as PNG and resize them with \"nearest\"."
        }
    }

    private static func mayBeLabelMaps(_ images: [ImageSignature]) -> Bool {
        isClean(images)
            || RobustStatistics.median(images.map { Double($0.flatNeighbors) }) >= blurredNeighbors
    }

    private static func isClean(_ images: [ImageSignature]) -> Bool {
        guard !images.isEmpty, !images.allSatisfy(\.isNearConstant) else { return false }
        return RobustStatistics.median(images.map { Double($0.distinctColors) })
            <= Double(cleanLimit)
            && RobustStatistics.median(images.map { Double($0.equalNeighbors) }) >= cleanNeighbors
    }

    private static func labelMap(
        _ images: [ImageSignature],
        _ counts: [UInt32: Int]
    ) -> SideReport.LabelMap? {
        let isClean = isClean(images)
        guard let palette = isClean ? Palette.ofCleanMaps(counts) : Palette.ofBlurredMaps(counts)
        else { return nil }
        return SideReport.LabelMap(
            colors: palette.entries.prefix(listed).map {
                SideReport.PaletteColor(color: text($0.color), share: $0.share)
            },
            count: palette.entries.count,
            isClean: isClean,
            distinctColors: Int(
                RobustStatistics.median(images.map { Double($0.distinctColors) })
            ),
            strayShare: palette.strayShare
        )
    }

    /// Such as `#00aaff`.
    private static func text(_ color: UInt32) -> String {
        let digits = String(color, radix: 16)
        return "#" + String(repeating: "0", count: 6 - digits.count) + digits
    }

    /// The colours of pairs that are evenly spread over the set; those that cannot be read again
    /// are left out.
    private static func sample(
        _ set: InspectedSet,
        source: any InspectionSource,
        jobs: Int
    ) -> (input: [UInt32: Int], target: [UInt32: Int]) {
        let count = min(samplePairs, set.pairs.count)
        let counts = Mutex<(input: [UInt32: Int], target: [UInt32: Int])>(([:], [:]))
        parallelLoop(count: count, jobs: jobs) { number in
            let place = number * set.pairs.count / count
            guard let pair = try? source.pair(at: set.pairs[place].index) else { return }
            let input = ColorCount.sample(of: InspectedImage(pair.input))
            let target = ColorCount.sample(of: InspectedImage(pair.target))
            counts.withLock {
                $0.input.merge(input, uniquingKeysWith: +)
                $0.target.merge(target, uniquingKeysWith: +)
            }
        }
        return counts.withLock { $0 }
    }
}
