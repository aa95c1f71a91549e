/// Pairs whose target lies elsewhere than in the rest of the set.
struct RegistrationAnalysis {
    /// The shifts of the set.
    let report: RegistrationReport
    /// What is to be said of the whole set.
    let notes: [String]
    private let set: InspectedSet

    /// A pair is off if its shift differs from the set's by 2 pixels, less what the estimate of a
    /// fraction of a pixel may be wrong by.
    private static let tolerance = 1.75
    /// In a smaller share of believed shifts, the images have too little in common.
    private static let reliableShare = 0.1

    /// Looks at the shifts of a set.
    init(_ set: InspectedSet) {
        self.set = set
        var counts: [SIMD2<Int>: Int] = [:]
        for shift in set.pairs.compactMap(Self.believed) {
            counts[SIMD2(Int(shift.x.rounded()), Int(shift.y.rounded())), default: 0] += 1
        }
        let reliable = counts.values.reduce(0, +)
        let shifts = counts.map {
            RegistrationReport.ShiftCount(x: $0.key.x, y: $0.key.y, count: $0.value)
        }
        .sorted {
            ($1.count, abs($0.x) + abs($0.y), $0.y, $0.x) < (
                $0.count, abs($1.x) + abs($1.y), $1.y, $1.x
            )
        }
        let isReliable =
            reliable >= 5 && Double(reliable) >= Self.reliableShare * Double(set.pairs.count)
        report = RegistrationReport(
            reliable: reliable,
            pairs: set.pairs.count,
            isReliable: isReliable,
            mode: isReliable ? shifts.first : nil,
            shifts: shifts
        )
        var notes: [String] = []
        if !set.pairs.isEmpty, !isReliable {
            notes.append(
                "Shifts between input and target can be told in \(reliable) of \(set.pairs.count) "
                    + "pairs only: too few to find misregistered ones."
            )
        }
        if let mode = report.mode, abs(mode.x) >= 2 || abs(mode.y) >= 2 {
            notes.append(
                "In most pairs the target lies \(Self.text(mode.x, mode.y)) of the input."
            )
        }
        self.notes = notes
    }

    /// The pairs that are off.
    func findings() -> [InspectionReport.Finding] {
        guard let mode = report.mode else { return [] }
        return set.pairs.indices.compactMap { place in
            guard let shift = Self.believed(set.pairs[place]) else { return nil }
            let (x, y) = (shift.x - Double(mode.x), shift.y - Double(mode.y))
            let distance = (x * x + y * y).squareRoot()
            guard distance >= Self.tolerance else { return nil }
            return set.finding(
                .misregistered,
                .both,
                at: place,
                value: distance,
                "the target lies \(Self.text(Int(x.rounded()), Int(y.rounded()))) of where it should"
            )
        }
    }

    /// The shift of a pair, if it is sure enough.
    private static func believed(_ pair: PairSignature) -> ShiftEstimate? {
        guard let shift = pair.shift, shift.confidence >= ShiftEstimate.believedConfidence
        else { return nil }
        return shift
    }

    /// Such as `3 pixels right and 1 pixel down`.
    private static func text(_ x: Int, _ y: Int) -> String {
        func part(_ distance: Int, _ direction: String) -> String? {
            guard distance != 0 else { return nil }
            return "\(abs(distance)) \(abs(distance) == 1 ? "pixel" : "pixels") \(direction)"
        }
        return [part(x, x > 0 ? "right" : "left"), part(y, y > 0 ? "down" : "up")]
            .compactMap { $0 }.joined(separator: " and ")
    }
}
