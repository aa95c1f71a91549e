import FoundationEssentials
import Synchronization

/// Turns the images of a recipe's source into a dataset: shards and an index, whole or not at all.
///
/// Everything is written to `<out>.partial` beside the output folder, which takes its name in one
/// step at the end. A build that was interrupted goes on with what is finished there, and ends with
/// the same bytes.
public struct DatasetBuilder: Sendable {
    /// What to do about pairs that cannot be used.
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

    /// The recipe.
    public var recipe: Recipe
    /// The folder with the images; `nil` takes the recipe's.
    public var source: String?
    /// The folder to write.
    public var output: String
    /// Threads to use.
    public var jobs: Int
    /// What to do about pairs that cannot be used.
    public var onError: ErrorPolicy
    /// Whether another dataset in the output folder is replaced.
    public var overwrite: Bool
    /// The most pairs of a split, the first ones by key; `nil` for all.
    public var limit: Int?

    /// Creates a builder.
    public init(
        recipe: Recipe,
        source: String? = nil,
        output: String,
        jobs: Int,
        onError: ErrorPolicy = .stop,
        overwrite: Bool = false,
        limit: Int? = nil
    ) {
        self.recipe = recipe
        self.source = source
        self.output = output
        self.jobs = jobs
        self.onError = onError
        self.overwrite = overwrite
        self.limit = limit
    }

    /// Builds the dataset.
    ///
    /// - Parameters:
    ///   - shouldStop: Asked before each pair; once it is true the build ends, to go on later.
    ///   - progress: Called from any thread now and then: phase, done, of how many.
    /// - Returns: What was built, or that there was nothing to do.
    /// - Throws: ``DatasetFaults`` listing every unusable pair (policy `stop`), ``BuildInterrupted``,
    ///   or ``DatasetError``. The output folder is then as it was.
    public func build(
        shouldStop: @escaping @Sendable () -> Bool = { false },
        progress: @escaping @Sendable (Phase, Int, Int) -> Void
    ) throws -> BuildReport {
        let target = try OutputFolder(output, overwrite: overwrite)
        let listing = try self.listing()
        let stamp = self.stamp(of: listing)
        let existing = try target.existing()
        if let existing, stamp?.isThat(of: target.path) == true {
            return BuildReport(.unchanged, existing, listing)
        }
        let scan = scan(listing, progress)
        try check(scan, listing, progress)
        return try write(
            Work(target: target, listing: listing, stamp: stamp, existing: existing),
            scan,
            shouldStop,
            progress
        )
    }

    /// Looks at names and headers only: what a build would do.
    ///
    /// - Parameter progress: Called from any thread now and then.
    /// - Returns: The report of a build that was not done; its index has no shards.
    /// - Throws: ``DatasetFaults`` (policy `stop`) or ``DatasetError``.
    public func dryRun(
        progress: @escaping @Sendable (Phase, Int, Int) -> Void
    ) throws -> BuildReport {
        let target = try OutputFolder(output, overwrite: true)
        let listing = try self.listing()
        let scan = scan(listing, progress)
        if scan.pairs.isEmpty || (onError == .stop && !scan.faults.isEmpty) {
            throw faults(scan, listing)
        }
        let plan = try BuildPlan(recipe, scan)
        let index = plan.index(
            entries: plan.shards.map {
                DatasetIndex.Shard(
                    file: $0.name.file,
                    samples: $0.pairs.count,
                    bytes: 0,
                    sha256: ""
                )
            },
            conversions: ConversionCounts(),
            rejected: scan.faults,
            ignored: listing.ignored.count,
            limit: limit
        )
        var report = BuildReport(.planned, index, listing)
        report.faults = scan.faults
        report.notes += SplitLeaks.notes(scan.pairs)
        if let existing = try target.existing() {
            if existing.fingerprint == plan.fingerprint { report.outcome = .unchanged }
            report.changes = DatasetChanges.describe(
                from: target.path,
                existing,
                to: recipe,
                pairs: scan.pairs
            )
        }
        return report
    }

    // MARK: - Steps

    /// What is known before anything is written.
    private struct Work {
        var target: OutputFolder
        var listing: SourceListing
        var stamp: SourceStamp?
        /// The dataset that is there.
        var existing: DatasetIndex?
    }

    private func listing() throws(DatasetError) -> SourceListing {
        try SourceListing(recipe, folder: source ?? recipe.sourceFolder, limit: limit)
    }

    private func stamp(of listing: SourceListing) -> SourceStamp? {
        let options = "\(onError.rawValue) \(limit ?? 0)"
        return SourceStamp(listing, recipe: recipe, options: options, jobs: jobs)
    }

    private func scan(
        _ listing: SourceListing,
        _ progress: @escaping @Sendable (Phase, Int, Int) -> Void
    ) -> SourceScan {
        SourceScan(listing, recipe: recipe, jobs: jobs) { progress(.scanning, $0, $1) }
    }

    private func faults(_ scan: SourceScan, _ listing: SourceListing) -> DatasetFaults {
        DatasetFaults(faults: scan.faults, matched: scan.pairs.count, ignored: listing.ignored)
    }

    /// With faults in the headers and the policy `stop`, goes on to the end of the pixels, so that
    /// everything wrong is listed at once.
    private func check(
        _ scan: SourceScan,
        _ listing: SourceListing,
        _ progress: @escaping @Sendable (Phase, Int, Int) -> Void
    ) throws {
        guard !scan.faults.isEmpty, onError == .stop else { return }
        var scan = scan
        if !scan.pairs.isEmpty {
            let outcome = try writing(BuildPlan(recipe, scan), scan, to: nil) { false }
                .run { progress(.building, $0, $1) }
            scan.remove(outcome.faults)
        }
        throw faults(scan, listing)
    }

    private func writing(
        _ plan: BuildPlan,
        _ scan: SourceScan,
        to output: ShardOutput?,
        _ shouldStop: @escaping @Sendable () -> Bool
    ) -> DatasetWriting {
        DatasetWriting(
            plan: plan,
            decoder: PairDecoder(recipe: recipe, folder: scan.folder),
            jobs: jobs,
            output: output,
            shouldStop: shouldStop
        )
    }

    /// Writes the dataset, without damaged pairs where the policy is to skip them.
    private func write(
        _ work: Work,
        _ sound: SourceScan,
        _ shouldStop: @escaping @Sendable () -> Bool,
        _ progress: @escaping @Sendable (Phase, Int, Int) -> Void
    ) throws -> BuildReport {
        var scan = sound
        var build: UnfinishedBuild?
        if onError == .skip, FileSystem.kind(of: work.target.partialPath) == .folder {
            let found = try UnfinishedBuild(path: work.target.partialPath)
            scan.remove(damaged: found.damages)
            build = found
        }
        while true {
            guard !scan.pairs.isEmpty else {
                build?.abandon()
                throw faults(scan, work.listing)
            }
            let plan = try BuildPlan(recipe, scan)
            var changes: [String] = []
            if let existing = work.existing {
                if existing.fingerprint == plan.fingerprint {
                    build?.abandon()
                    return try refresh(existing, work, scan)
                }
                changes = DatasetChanges.describe(
                    from: work.target.path,
                    existing,
                    to: recipe,
                    pairs: scan.pairs
                )
                try work.target.checkReplacing(existing, changes: changes)
            }
            let folder = try build ?? UnfinishedBuild(path: work.target.partialPath)
            build = folder
            let writing = writing(plan, scan, to: try ShardOutput(plan, in: folder), shouldStop)
            let outcome = writing.run { progress(.building, $0, $1) }
            if let failure = outcome.failure { throw unfinished(failure, folder) }
            if outcome.wasStopped {
                throw BuildInterrupted(
                    folder: folder.path,
                    finished: outcome.finished.count,
                    shards: plan.shards.count
                )
            }
            if outcome.faults.isEmpty {
                var report = try commit(writing, outcome, work, scan)
                report.changes = changes
                return report
            }
            scan.remove(outcome.faults)
            guard onError == .skip else {
                folder.abandon()
                throw faults(scan, work.listing)
            }
            // Which pair goes where depends on the sound pairs alone: start again with those.
            try folder.note(
                folder.damages
                    + outcome.faults.map {
                        UnfinishedBuild.Damage($0.fault, of: plan.pairs[$0.pair])
                    }
            )
        }
    }

    /// Completes the folder and gives it its name.
    private func commit(
        _ writing: DatasetWriting,
        _ outcome: DatasetWriting.Outcome,
        _ work: Work,
        _ scan: SourceScan
    ) throws -> BuildReport {
        guard let output = writing.output else { preconditionFailure("a build has an output") }
        do {
            let index = writing.plan.index(
                entries: outcome.entries,
                conversions: outcome.conversions,
                rejected: scan.faults,
                ignored: work.listing.ignored.count,
                limit: limit
            )
            let folder = output.build.path
            try SampleList.write(scan.pairs, to: folder)
            try work.stamp?.write(to: folder)
            try write(index, to: folder)
            try output.build.removeNotes()
            try work.target.commit()
            var report = BuildReport(.built, index, work.listing)
            report.faults = scan.faults
            report.warnings = outcome.warnings
            report.resumedShards = outcome.resumed
            report.notes += SplitLeaks.notes(scan.pairs)
            let dataset = Dataset(folder: work.target.path, index: index)
            report.notes +=
                LabelMapCheck(
                    dataset,
                    pairs: scan.pairs,
                    recipe: recipe,
                    samples: output.samples
                ).notes
            return report
        } catch let error as DatasetError {
            throw unfinished(error, output.build)
        }
    }

    private func write(_ index: DatasetIndex, to folder: String) throws {
        try FileSystem.writeAtomically(
            try JSONText.pretty(index),
            to: "\(folder)/\(DatasetIndex.fileName)"
        )
    }

    /// The images are as they were: brings the recipe in the index, and the stamp, up to date.
    private func refresh(
        _ existing: DatasetIndex,
        _ work: Work,
        _ scan: SourceScan
    ) throws -> BuildReport {
        var index = existing
        index.name = recipe.name
        index.recipe = recipe.json
        if index != existing { try write(index, to: work.target.path) }
        try work.stamp?.write(to: work.target.path)
        var report = BuildReport(.unchanged, index, work.listing)
        report.faults = scan.faults
        if index != existing { report.changes = recipe.json.differences(from: existing.recipe) }
        return report
    }

    /// An error that leaves finished shards behind: says that a second build goes on.
    private func unfinished(_ error: DatasetError, _ build: UnfinishedBuild) -> DatasetError {
        DatasetError(
            error.code,
            "\(error.message). What is finished stays in \(build.path): the same command goes on there",
            path: error.path
        )
    }
}
