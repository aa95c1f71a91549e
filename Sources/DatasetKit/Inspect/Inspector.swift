import Synchronization

/// Looks at every pair of a source and reports what it holds and what is wrong with it.
///
/// Each pair is decoded once and reduced to about a kilobyte; the analyses work on that. A sample
/// of the pairs is decoded again for the colours of label maps.
package struct Inspector: Sendable {
    /// The radius in bits that is used where none is given.
    ///
    /// Of the 500 real facades, photographs and label maps alike, copies that were encoded again as
    /// JPEG of quality 30 or resized differ by at most 6 bits, all but 1 in 100 by at most 4; the
    /// closest of 125,000 pairs of different images by 8, or 6 when one is mirrored.
    package static let defaultRadius = 4

    private let source: any InspectionSource
    private let radius: Int
    private let jobs: Int
    private let limit: Int

    /// Prepares an inspection.
    ///
    /// - Parameters:
    ///   - source: The pairs.
    ///   - radius: The most bits in which the hashes of near duplicates differ, 0…32.
    ///   - jobs: Threads to use.
    ///   - limit: Looks at so many pairs, the first ones; `nil` for all.
    package init(
        _ source: any InspectionSource,
        radius: Int = defaultRadius,
        jobs: Int,
        limit: Int? = nil
    ) {
        self.source = source
        self.radius = radius
        self.jobs = jobs
        self.limit = min(limit ?? .max, source.items.count)
    }

    /// Looks at the pairs.
    ///
    /// - Parameter progress: Called after each pair with how many are done, and of how many.
    /// - Returns: The report.
    package func inspect(progress: @Sendable (Int, Int) -> Void) -> InspectionReport {
        var (set, losses) = look(progress: progress)
        let palettes = SidePalettes(set, source: source, jobs: jobs)
        set.labelMapSides = palettes.sides
        let matches = MatchFinder(set, radius: radius).matches()
        var notes: [String] = []
        var findings = DuplicateAnalysis(set).findings(matches)
        findings += SwappedSidesAnalysis(set).findings(&notes)
        findings += SamenessAnalysis(set).findings(&notes)
        findings += OutlierAnalysis(set).findings()
        let registration = RegistrationAnalysis(set)
        findings += registration.findings()
        notes += registration.notes + palettes.notes
        losses = source.losses + losses
        let order = InspectionReport.Kind.allCases
        return InspectionReport(
            name: source.name,
            pairs: set.pairs.count,
            splits: set.splitCounts,
            radius: radius,
            losses: losses.map { .init(path: $0.path, message: $0.message) },
            input: SideReport(set.pairs.map(\.input), labelMap: palettes.input),
            target: SideReport(set.pairs.map(\.target), labelMap: palettes.target),
            registration: registration.report,
            findings: order.flatMap { kind in findings.filter { $0.kind == kind } },
            notes: notes
        )
    }

    /// Decodes and measures each pair.
    private func look(
        progress: @Sendable (Int, Int) -> Void
    ) -> (set: InspectedSet, losses: [DatasetError]) {
        let results = Mutex<[Int: Result<PairSignature, DatasetError>]>([:])
        parallelLoop(count: limit, jobs: jobs) { index in
            let result: Result<PairSignature, DatasetError>
            do throws(DatasetError) {
                result = .success(PairSignature(try source.pair(at: index), index: index))
            } catch {
                result = .failure(error)
            }
            let done = results.withLock { results in
                results[index] = result
                return results.count
            }
            progress(done, limit)
        }
        var pairs: [PairSignature] = []
        var losses: [DatasetError] = []
        for (_, result) in results.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
            switch result {
            case .success(let pair): pairs.append(pair)
            case .failure(let error): losses.append(error)
            }
        }
        return (InspectedSet(pairs: pairs, items: source.items), losses)
    }
}

/// What is kept of a pair when its pixels are gone.
struct PairSignature: Sendable {
    /// The pair's place in the source's list.
    let index: Int
    /// The input.
    let input: ImageSignature
    /// The target.
    let target: ImageSignature
    /// The mean difference of their samples, 0…1; `nil` where their sizes differ.
    let difference: Float?
    /// Where the target lies; `nil` where there is nothing to compare.
    let shift: ShiftEstimate?

    /// Measures a pair.
    init(_ pair: ImagePair, index: Int) {
        self.index = index
        let inputView = InspectedImage(pair.input)
        let targetView = InspectedImage(pair.target)
        input = ImageSignature(pair.input, inputView)
        target = ImageSignature(pair.target, targetView)
        difference = Self.difference(inputView, targetView)
        shift =
            input.isNearConstant || target.isNearConstant
            ? nil : ShiftEstimate.between(inputView, targetView)
    }

    /// One of the two images.
    func signature(_ side: InspectionReport.Side) -> ImageSignature {
        side == .target ? target : input
    }

    private static func difference(_ first: InspectedImage, _ second: InspectedImage) -> Float? {
        guard first.size == second.size else { return nil }
        let pixels = first.size.width * first.size.height
        var sum = 0
        for pixel in 0..<pixels {
            for channel in 0..<3 {
                let a = first.colors[pixel * first.channels + (first.channels == 3 ? channel : 0)]
                let b = second.colors[
                    pixel * second.channels + (second.channels == 3 ? channel : 0)
                ]
                sum += abs(Int(a) - Int(b))
            }
        }
        return Float(sum) / Float(3 * pixels) / 255
    }
}

/// All pairs that could be looked at.
struct InspectedSet: Sendable {
    /// The pairs, in the order of the source.
    let pairs: [PairSignature]
    /// The source's list.
    let items: [InspectionItem]
    /// The sides that hold label maps.
    var labelMapSides: Set<InspectionReport.Side> = []

    /// Creates a set.
    init(pairs: [PairSignature], items: [InspectionItem]) {
        self.pairs = pairs
        self.items = items
    }

    /// Pairs by split.
    var splitCounts: [DatasetSplit: Int] {
        pairs.reduce(into: [:]) { $0[items[$1.index].split, default: 0] += 1 }
    }

    /// The split of a pair, by its place in ``pairs``.
    func split(_ place: Int) -> DatasetSplit { items[pairs[place].index].split }

    /// A pair in a finding, by its place in ``pairs``.
    func member(_ place: Int) -> InspectionReport.Member {
        let item = items[pairs[place].index]
        return InspectionReport.Member(
            index: pairs[place].index,
            split: item.split,
            key: item.key
        )
    }

    /// A finding about one pair.
    func finding(
        _ kind: InspectionReport.Kind,
        _ side: InspectionReport.Side,
        at place: Int,
        value: Double? = nil,
        _ detail: String
    ) -> InspectionReport.Finding {
        InspectionReport.Finding(
            kind: kind,
            side: side,
            value: value,
            detail: detail,
            members: [member(place)]
        )
    }
}
