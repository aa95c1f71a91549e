/// Duplicates, leaks across splits, and inputs with contradicting targets.
struct DuplicateAnalysis {
    private let set: InspectedSet

    /// Targets whose thumbnails correlate by less, or whose luma differs by more, are different.
    private static let differentCorrelation: Float = 0.9
    private static let differentLuma: Float = 0.1

    /// Prepares the analysis.
    init(_ set: InspectedSet) {
        self.set = set
    }

    /// What the matches mean.
    func findings(_ matches: [MatchFinder.Match]) -> [InspectionReport.Finding] {
        var findings: [InspectionReport.Finding] = []
        for match in matches {
            let isLeak = Set(match.places.map(set.split)).count > 1
            let isContradiction = isContradiction(match)
            if isLeak { findings.append(finding(.leak, match)) }
            if isContradiction {
                findings.append(finding(.contradiction, match))
            } else if !isLeak {
                findings.append(finding(.duplicate, match))
            }
        }
        return findings + groupLeaks()
    }

    private func finding(
        _ kind: InspectionReport.Kind,
        _ match: MatchFinder.Match
    ) -> InspectionReport.Finding {
        let likeness = match.isExact ? "the same" : "nearly the same"
        let what = match.side == .both ? "input and target" : match.side.rawValue
        var detail =
            kind == .contradiction
            ? "\(likeness) input with different targets" : "\(likeness) \(what)"
        switch match.flip {
        case .horizontal: detail += ", mirrored left to right"
        case .vertical: detail += ", upside down"
        case nil: break
        }
        return InspectionReport.Finding(
            kind: kind,
            side: match.side,
            isExact: match.isExact,
            flip: match.flip,
            detail: detail,
            members: match.places.map(set.member)
        )
    }

    /// Whether one input has targets that differ clearly.
    private func isContradiction(_ match: MatchFinder.Match) -> Bool {
        guard match.side == .input, match.flip == nil, let first = match.places.first
        else { return false }
        let reference = set.pairs[first].target
        return match.places.dropFirst().contains { place in
            let other = set.pairs[place].target
            return other.digest != reference.digest
                && (ImageSignature.correlation(reference, other) < Self.differentCorrelation
                    || abs(reference.meanLuma - other.meanLuma) > Self.differentLuma)
        }
    }

    /// Groups of the source that are in several splits.
    private func groupLeaks() -> [InspectionReport.Finding] {
        var places: [String: [Int]] = [:]
        for (place, pair) in set.pairs.enumerated() {
            guard let group = set.items[pair.index].group else { continue }
            places[group, default: []].append(place)
        }
        return places.sorted { $0.key < $1.key }.compactMap { group, places in
            let splits = Set(places.map(set.split))
            guard splits.count > 1 else { return nil }
            let names = DatasetSplit.allCases.filter(splits.contains).map(\.rawValue)
            return InspectionReport.Finding(
                kind: .leak,
                side: .both,
                group: group,
                detail: "the group \(group) is in \(names.joined(separator: " and "))",
                members: places.map(set.member)
            )
        }
    }
}
