/// Finds images that are the same or nearly the same, on each side.
///
/// Exactly the same: equal digests of the decoded pixels. Nearly the same: hashes within the
/// radius, as they are or mirrored, and thumbnails that correlate. The hash alone would be wrong
/// now and then in large sets: the number of pairs of images grows with the square.
struct MatchFinder {
    /// Pairs whose images of one side are alike.
    struct Match: Sendable {
        /// Places in ``InspectedSet/pairs``, in order.
        var places: [Int]
        /// Which image is alike; both where the same pairs are alike on both sides.
        var side: InspectionReport.Side
        /// Whether all pixels are equal.
        var isExact: Bool
        /// How the copies are mirrored, where all are alike.
        var flip: ImageFlip?
    }

    private let set: InspectedSet
    private let radius: Int

    /// Thumbnails of copies correlate by more.
    ///
    /// Of the real facades: encoded again at JPEG quality 10, resized or brightened 0.995; different
    /// photographs 0.941 at most, label maps 0.888.
    private static let correlation: Float = 0.98
    /// The same for label maps, which are alike by nature: roads below, sky above.
    private static let labelMapCorrelation: Float = 0.995

    /// Prepares a search.
    init(_ set: InspectedSet, radius: Int) {
        self.set = set
        self.radius = radius
    }

    /// All matches: of whole pairs, of inputs, of targets.
    func matches() -> [Match] {
        let inputs = matches(of: .input)
        var targets = matches(of: .target)
        var result: [Match] = []
        for var match in inputs {
            if let other = targets.firstIndex(where: { $0.places == match.places }) {
                match.side = .both
                match.isExact = match.isExact && targets[other].isExact
                if match.flip != targets[other].flip { match.flip = nil }
                targets.remove(at: other)
            }
            result.append(match)
        }
        return result + targets
    }

    private func matches(of side: InspectionReport.Side) -> [Match] {
        // Images with nothing in them are alike by nature.
        let places = set.pairs.indices.filter { !set.pairs[$0].signature(side).isNearConstant }
        var groups = DisjointGroups(count: set.pairs.count)
        var firsts: [SIMD2<UInt64>: Int] = [:]
        var unique: [Int] = []
        for place in places {
            let digest = set.pairs[place].signature(side).digest
            if let first = firsts[digest] {
                groups.join(first, place)
            } else {
                firsts[digest] = place
                unique.append(place)
            }
        }
        var near: [(Int, Int, ImageFlip?)] = []
        findNear(unique, side) { near.append(($0, $1, $2)) }
        for (first, second, _) in near { groups.join(first, second) }
        var flips: [Int: [ImageFlip?]] = [:]
        for (first, _, flip) in near { flips[groups.root(of: first), default: []].append(flip) }
        return groups.groups().map { root, members in
            let flips = flips[root] ?? []
            let isMirrored = members.count == 2 && flips.count == 1
            return Match(
                places: members,
                side: side,
                isExact: flips.isEmpty,
                flip: isMirrored ? flips[0] : nil
            )
        }
    }

    /// Calls `found` for pairs of places, the earlier one first, whose images are nearly the same.
    private func findNear(
        _ places: [Int],
        _ side: InspectionReport.Side,
        found: (Int, Int, ImageFlip?) -> Void
    ) {
        let isLabelMap = set.labelMapSides.contains(side)
        let limit = isLabelMap ? Self.labelMapCorrelation : Self.correlation
        var index = HammingIndex(radius: isLabelMap ? radius / 2 : radius)
        for (number, place) in places.enumerated() {
            let signature = set.pairs[place].signature(side)
            let hash = signature.hash
            var seen: Set<Int> = []
            for (bits, flip) in [
                (hash.bits, nil), (hash.flippedHorizontally, ImageFlip.horizontal),
                (hash.flippedVertically, .vertical),
            ] {
                for match in index.matches(of: bits) where !seen.contains(match) {
                    let other = set.pairs[places[match]].signature(side)
                    guard ImageSignature.correlation(signature, other, flip: flip) >= limit
                    else { continue }
                    seen.insert(match)
                    found(places[match], places[number], flip)
                }
            }
            index.add(hash.bits)
        }
    }
}

/// Groups that are joined step by step (union-find).
package struct DisjointGroups {
    private var parents: [Int]

    /// Creates groups of one.
    package init(count: Int) {
        parents = Array(0..<count)
    }

    /// The smallest member of a group.
    package mutating func root(of member: Int) -> Int {
        var root = member
        while parents[root] != root { root = parents[root] }
        var place = member
        while parents[place] != root { (parents[place], place) = (root, parents[place]) }
        return root
    }

    /// Makes two groups one.
    package mutating func join(_ first: Int, _ second: Int) {
        let (a, b) = (root(of: first), root(of: second))
        parents[max(a, b)] = min(a, b)
    }

    /// The groups with more than one member, members and groups in order.
    package mutating func groups() -> [(root: Int, members: [Int])] {
        var members: [Int: [Int]] = [:]
        for member in parents.indices { members[root(of: member), default: []].append(member) }
        return members.filter { $0.value.count > 1 }.sorted { $0.key < $1.key }
            .map { (root: $0.key, members: $0.value) }
    }
}
