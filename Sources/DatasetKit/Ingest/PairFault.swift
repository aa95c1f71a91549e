/// Why a pair, or a file that should be part of one, is not in the dataset.
public struct PairFault: Error, Sendable {
    /// The kind of loss, by its name in reports and in `index.json`.
    public enum Kind: String, Sendable, CaseIterable {
        /// An input without its target.
        case inputOnly = "input-only"
        /// A target without its input.
        case targetOnly = "target-only"
        /// Several files could be the one that is meant.
        case ambiguous
        /// The file is damaged, cut short, missing, or of a kind that is not read or not wanted.
        case unreadable
        /// The two images of the pair have different sizes.
        case sizeMismatch = "size-mismatch"
        /// The image cannot be cut into two halves of the same size.
        case oddSeam = "odd-seam"
        /// The pair is sound, but its images are of another kind or size than the others'.
        case misfit
        /// No split or group can be told for the pair.
        case unassigned
    }

    /// The kind of loss.
    public var kind: Kind
    /// The file, what was expected, what was found, and what to do.
    public var error: DatasetError

    /// Creates a fault.
    public init(_ kind: Kind, _ error: DatasetError) {
        self.kind = kind
        self.error = error
    }

    init(_ kind: Kind, _ code: DatasetError.Code, _ message: String, path: String) {
        self.init(kind, DatasetError(code, message, path: path))
    }
}

extension PairFault: CustomStringConvertible {
    /// The kind, the file and the reason in one line.
    public var description: String { "\(kind.rawValue): \(error)" }
}

/// How many of each kind.
public struct FaultCounts: Sendable, Equatable {
    /// The number of faults by the name of their kind; kinds without any are left out.
    public let byName: [String: Int]
    /// All of them.
    public var total: Int { byName.values.reduce(0, +) }

    /// Counts faults.
    public init(_ faults: [PairFault]) {
        byName = Dictionary(grouping: faults, by: \.kind.rawValue).mapValues(\.count)
    }

    /// The number of one kind.
    public subscript(kind: PairFault.Kind) -> Int { byName[kind.rawValue] ?? 0 }
}

/// Files of a source that cannot be used, each with its reason.
public struct DatasetFaults: Error, Sendable {
    /// One fault per pair or lone file.
    public var faults: [PairFault]
    /// How many pairs are sound.
    public var matched: Int
    /// Files that no pair asks for.
    public var ignored: [String]
}
