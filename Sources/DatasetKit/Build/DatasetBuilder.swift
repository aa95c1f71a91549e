import FoundationEssentials
import Synchronization

/// Turns the images of a recipe's source into a dataset: shards and an index, whole or not at all.
///
/// Everything is written to `<out>.partial` beside the output folder, which takes its name in one
/// step at the end.
public struct DatasetBuilder: Sendable {
    /// What to do about files that cannot be used.
    public enum ErrorPolicy: String, Sendable, CaseIterable {
        /// List all of them, build nothing.
        case stop
        /// Leave them out, and keep their number in the index.
        case skip
    }

    /// What is happening.
    public enum Phase: String, Sendable {
        /// Headers and hashes are read.
        case scanning = "scan"
        /// Images are decoded, resized and written.
        case building = "build"
    }

    /// How a build ended.
    public enum Outcome: Sendable, Equatable {
        /// The dataset was written.
        case built
        /// The output folder already held exactly this dataset.
        case unchanged
    }

    /// What a build did.
    public struct Report: Sendable {
        /// How it ended.
        public var outcome: Outcome
        /// The dataset's index.
        public var index: DatasetIndex
        /// The files left out (policy `skip`), with the reasons.
        public var skipped: [DatasetError]
        /// Files that are no images by their names.
        public var ignored: [String]
    }

    /// The recipe.
    public var recipe: Recipe
    /// The folder with the images; `nil` takes the recipe's.
    public var source: String?
    /// The folder to write.
    public var output: String
    /// Threads to use.
    public var jobs: Int
    /// What to do about files that cannot be used.
    public var onError: ErrorPolicy
    /// Whether another dataset in the output folder is replaced.
    public var overwrite: Bool

    /// Creates a builder.
    public init(
        recipe: Recipe,
        source: String? = nil,
        output: String,
        jobs: Int,
        onError: ErrorPolicy = .stop,
        overwrite: Bool = false
    ) {
        self.recipe = recipe
        if let source { self.recipe.source.path = source }
        self.source = source
        self.output = output
        self.jobs = jobs
        self.onError = onError
        self.overwrite = overwrite
    }

    /// Builds the dataset.
    ///
    /// - Parameter progress: Called from any thread after each image: phase, done, of how many.
    /// - Returns: What was built, or that there was nothing to do.
    /// - Throws: ``DatasetFaults`` listing every unusable file (policy `stop`), or
    ///   ``DatasetError``. The output folder is then as it was.
    public func build(progress: @escaping @Sendable (Phase, Int, Int) -> Void) throws -> Report {
        let target = try OutputFolder(output, overwrite: overwrite)
        let scan = try SourceScan(recipe, folder: source ?? recipe.sourceFolder, jobs: jobs) {
            progress(.scanning, $0, $1)
        }
        var pairs = scan.pairs
        var faults = scan.faults
        if !faults.isEmpty, onError == .stop {
            // Go on to the end, so that everything wrong is listed at once.
            let writing = DatasetWriting(recipe: recipe, pairs: pairs, jobs: jobs, folder: nil)
            faults += writing.run { progress(.building, $0, $1) }.faults.map(\.error)
            throw DatasetFaults(faults: faults, images: scan.pairs.count + scan.faults.count)
        }
        while true {
            guard !pairs.isEmpty else {
                throw DatasetFaults(faults: faults, images: scan.pairs.count + scan.faults.count)
            }
            let fingerprint = Fingerprint.of(recipe, pairs: pairs)
            if let index = try target.existing(with: fingerprint) {
                return Report(
                    outcome: .unchanged,
                    index: index,
                    skipped: faults,
                    ignored: scan.ignored
                )
            }
            let folder = try target.begin()
            let writing = DatasetWriting(recipe: recipe, pairs: pairs, jobs: jobs, folder: folder)
            let result = writing.run { progress(.building, $0, $1) }
            if let failure = result.failure {
                target.abandon()
                throw failure
            }
            if result.faults.isEmpty {
                let index = writing.index(
                    shards: result.shards,
                    fingerprint: fingerprint,
                    conversions: result.conversions,
                    rejected: faults,
                    ignored: scan.ignored.count
                )
                do {
                    try FileSystem.writeAtomically(
                        try JSONText.pretty(index),
                        to: "\(folder)/\(DatasetIndex.fileName)"
                    )
                    try target.commit()
                } catch {
                    target.abandon()
                    throw error
                }
                return Report(outcome: .built, index: index, skipped: faults, ignored: scan.ignored)
            }
            target.abandon()
            faults += result.faults.map(\.error)
            guard onError == .skip else {
                throw DatasetFaults(faults: faults, images: scan.pairs.count + scan.faults.count)
            }
            // Which pair goes where depends on the sound pairs alone: start again with those.
            let bad = Set(result.faults.map(\.pair))
            pairs = pairs.enumerated().filter { !bad.contains($0.offset) }.map(\.element)
        }
    }
}

/// Files of a source that cannot be used, each with its reason.
public struct DatasetFaults: Error, Sendable {
    /// One error per file.
    public var faults: [DatasetError]
    /// How many images were looked at.
    public var images: Int
}
