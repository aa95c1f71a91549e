/// What a build did.
public struct BuildReport: Sendable {
    /// How it ended.
    public enum Outcome: String, Sendable {
        /// The dataset was written.
        case built
        /// The output folder already held exactly this dataset.
        case unchanged
        /// Nothing was done: this is what a build would do.
        case planned
    }

    /// How it ended.
    public var outcome: Outcome
    /// The dataset's index.
    public var index: DatasetIndex
    /// The pairs left out (policy `skip`), with the reasons.
    public var faults: [PairFault] = []
    /// Files that no pair asks for, relative to the source's folder.
    public var ignored: [String]
    /// What the decoders found odd without losing pixels.
    public var warnings: [String] = []
    /// What the user should know about the source.
    public var notes: [String]
    /// What made this another dataset than the one that was there.
    public var changes: [String] = []
    /// Shards that an interrupted build had finished.
    public var resumedShards = 0

    init(_ outcome: Outcome, _ index: DatasetIndex, _ listing: SourceListing) {
        self.outcome = outcome
        self.index = index
        ignored = listing.ignored
        notes = listing.notes
    }

    /// How many pairs the dataset has.
    public var matched: Int { index.splits.values.reduce(0) { $0 + $1.samples } }
}

/// A build that was asked to stop: what is finished stays, and the next build goes on there.
public struct BuildInterrupted: Error, Sendable {
    /// The folder with what is finished.
    public var folder: String
    /// Shards that are finished.
    public var finished: Int
    /// Shards that the dataset will have.
    public var shards: Int
}
