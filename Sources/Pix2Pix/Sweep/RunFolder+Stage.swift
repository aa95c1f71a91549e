package import DatasetKit

extension RunFolder {
    /// How far the run of a folder has come.
    package enum Stage: Equatable, Sendable {
        /// There is no folder, or an empty one.
        case absent
        /// It has begun, and has no checkpoint yet.
        case begun
        /// It has a checkpoint to go on with.
        case paused
        /// It has come to its end, or to that of its patience.
        case over
    }

    /// Chooses the folder of a run that may have begun before.
    package init(planned path: String) { self.init(path) }

    /// Whether it says what run it is of.
    package var hasConfiguration: Bool { FileSystem.kind(of: configurationPath) != nil }

    /// How far the run has come.
    ///
    /// - Throws: ``DatasetError`` with code `exists` where something else lies there, or others where a
    ///   file is damaged.
    package func stage() throws -> Stage {
        if FileSystem.kind(of: checkpointPath) != nil {
            return try Checkpoint(path: checkpointPath).isOver ? .over : .paused
        }
        if hasConfiguration { return .begun }
        guard let kind = FileSystem.kind(of: path) else { return .absent }
        let own = ["samples", "checkpoints", "config.json.tmp"]
        let names = kind == .folder ? try FileSystem.names(in: path) : [path]
        if names.isEmpty { return .absent }
        guard names.allSatisfy(own.contains) else {
            throw DatasetError(
                .exists,
                "expected a run of the sweep, or nothing, found something else; give another --runs",
                path: path
            )
        }
        return .begun
    }

    /// Removes what a run has left that was ended before its first checkpoint.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    package func clear() throws(DatasetError) { try FileSystem.remove(path) }
}

extension Checkpoint {
    /// Whether the training has nothing left to do.
    var isOver: Bool {
        let options = settings.options
        return progress.isFinished
            && (position.steps >= options.totalEpochs * position.stepsPerEpoch
                || progress.validations.isOver(options))
    }
}

extension RunConfiguration {
    /// What a new run by a plan would do otherwise; the machine does not count.
    ///
    /// - Returns: Such as `lr was 0.0002, is 0.0001`; empty where it is the same training.
    package func differences(from plan: TrainingPlan, on dataset: Dataset) throws -> [String] {
        var differences = self.dataset.differences(in: Source(dataset)).map { "dataset: \($0)" }
        let (before, now) = (settings, plan.settings)
        if before.options != now.options {
            differences += try Self.json(now.options).differences(from: Self.json(before.options))
        }
        if before.imageSize != now.imageSize {
            differences.append("image size was \(before.imageSize), is \(now.imageSize)")
        }
        var operations = JSONValue.array([])
        if case .object(let members) = recipe { operations = members["augment"] ?? operations }
        let planned = JSONValue.array(plan.recipe.augment)
        return differences + planned.differences(from: operations, path: "augment")
    }

    private static func json(_ options: TrainOptions) throws -> JSONValue {
        try JSONValue.parse(JSONText.canonical(options), path: "settings", code: .io)
    }
}
