import DatasetKit

/// The known network that a file's tensors are of, or are nearest to.
struct NetworkMatch {
    /// A tensor that is not as the network has it.
    enum Difference: Equatable {
        case missing(String, [Int])
        case unexpected(String, [Int])
        case misshapen(String, expected: [Int], found: [Int])
    }

    /// Where less than a tenth of the names agree, "the nearest" says nothing.
    private static let leastLikeness = 0.1

    /// The network.
    let network: KnownNetwork
    /// Its size.
    let size: NetworkSize
    /// What stands before its names in the file.
    let prefix: String
    /// The file's names of its tensors, by its own.
    let names: [String: String]
    /// How alike the names are: from 0 to 1, where all are the same.
    let likeness: Double
    /// What differs, in the network's order: nothing where the file's tensors are of it.
    let differences: [Difference]

    /// Finds it; `nil` where hardly a name of the file's is one of a known network.
    ///
    /// - Parameter file: The tensors.
    /// - Throws: ``TorchError`` if there is not enough memory.
    init?(for file: WeightsFile) throws(TorchError) {
        let names = Self.withoutUnusedStatistics(file.names)
        let views = NamePrefix.candidates(in: names).map { ($0, NamePrefix.strip($0, from: names)) }
        var best: [Candidate] = []
        var seen: Set<String> = []
        for network in KnownNetwork.all {
            let layout = try network.layout(SizedShapes.base)
            guard seen.insert(layout.map { "\($0.name) \($0.shape)" }.joined()).inserted else {
                continue
            }
            for (prefix, names) in views {
                let candidate = Candidate(network, layout, names, prefix: prefix)
                guard candidate.likeness >= best.first?.likeness ?? Self.leastLikeness else {
                    continue
                }
                if candidate.likeness > best.first?.likeness ?? 0 { best = [] }
                best.append(candidate)
            }
        }
        var chosen: NetworkMatch?
        for candidate in best {
            let match = try NetworkMatch(candidate, file)
            if match.differences.count < chosen?.differences.count ?? .max { chosen = match }
        }
        guard let chosen else { return nil }
        self = chosen
    }

    private init(_ candidate: Candidate, _ file: WeightsFile) throws(TorchError) {
        network = candidate.network
        prefix = candidate.prefix
        names = candidate.names
        likeness = candidate.likeness
        func shape(_ name: String) -> [Int]? { candidate.names[name].flatMap(file.shape) }
        let shapes = try SizedShapes(of: candidate.network, base: candidate.layout)
        size = shapes.size(of: shape)

        var differences: [Difference] = []
        for (name, expected) in shapes.layout(size) {
            if let found = shape(name) {
                guard found != expected else { continue }
                differences.append(.misshapen(name, expected: expected, found: found))
            } else if !Self.isCounter(name) {
                differences.append(.missing(name, expected))
            }
        }
        let expected = Set(candidate.layout.map(\.name))
        for name in candidate.names.keys.sorted() where !expected.contains(name) {
            differences.append(.unexpected(name, shape(name) ?? []))
        }
        self.differences = differences
    }

    /// Whether a tensor counts batches: old files lack it, and no computation uses it.
    static func isCounter(_ name: String) -> Bool { name.hasSuffix(".num_batches_tracked") }

    /// Leaves out the statistics that PyTorch before 0.4 kept for instance normalisation, which never used
    /// them: those beside which no weights are.
    private static func withoutUnusedStatistics(_ names: [String]) -> [String] {
        let all = Set(names)
        return names.filter { name in
            let statistics = [".running_mean", ".running_var", ".num_batches_tracked"]
            guard let ending = statistics.first(where: name.hasSuffix) else { return true }
            return all.contains("\(name.dropLast(ending.count)).weight")
        }
    }
}

/// A network, and the tensors of a file that would be its own.
private struct Candidate {
    let network: KnownNetwork
    let layout: KnownNetwork.Layout
    let prefix: String
    /// The file's names by those without the prefix: what begins like a name of the network.
    let names: [String: String]
    /// The share of the names, the file's and the network's, that both have.
    let likeness: Double

    init(
        _ network: KnownNetwork,
        _ layout: KnownNetwork.Layout,
        _ names: [String: String],
        prefix: String
    ) {
        func start(_ name: String) -> Substring { name.prefix { $0 != "." } }
        self.network = network
        self.layout = layout
        self.prefix = prefix
        let starts = Set(layout.map { start($0.name) })
        self.names = names.filter { starts.contains(start($0.key)) }
        let expected = Set(layout.map(\.name).filter { !NetworkMatch.isCounter($0) })
        let found = Set(self.names.keys.filter { !NetworkMatch.isCounter($0) })
        likeness = Double(expected.intersection(found).count) / Double(expected.union(found).count)
    }
}
