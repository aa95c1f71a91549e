/// Pairs whose target is their input: nothing to learn.
struct SamenessAnalysis {
    private let set: InspectedSet

    /// Nearly the same: samples differ by so much in the mean, as after an encoding as JPEG.
    private static let difference: Float = 3.0 / 255
    private static let correlation: Float = 0.99
    /// If more of the pairs are nearly the same, this is what the set is about.
    private static let commonShare = 0.25

    /// Prepares the analysis.
    init(_ set: InspectedSet) {
        self.set = set
    }

    /// The pairs with the same image twice.
    func findings(_ notes: inout [String]) -> [InspectionReport.Finding] {
        let exact = set.pairs.indices.filter {
            set.pairs[$0].input.digest == set.pairs[$0].target.digest
        }
        let near = Set(set.pairs.indices.filter(isNear)).subtracting(exact)
        let areCommon = Double(near.count) > Self.commonShare * Double(set.pairs.count)
        if areCommon && set.pairs.count >= 8 {
            notes.append(
                "In \(near.count) of \(set.pairs.count) pairs the target is nearly the input: taken "
                    + "for what the set is about."
            )
        }
        return exact.map { finding($0, isExact: true) }
            + (areCommon && set.pairs.count >= 8
                ? [] : near.sorted().map { finding($0, isExact: false) })
    }

    private func isNear(_ place: Int) -> Bool {
        let pair = set.pairs[place]
        guard let difference = pair.difference, !pair.input.isNearConstant else { return false }
        return difference <= Self.difference
            && ImageSignature.correlation(pair.input, pair.target) >= Self.correlation
    }

    private func finding(_ place: Int, isExact: Bool) -> InspectionReport.Finding {
        var finding = set.finding(
            .inputEqualsTarget,
            .both,
            at: place,
            value: set.pairs[place].difference.map(Double.init),
            isExact ? "the target is the input, pixel by pixel" : "the target is nearly the input"
        )
        finding.isExact = isExact
        return finding
    }
}
