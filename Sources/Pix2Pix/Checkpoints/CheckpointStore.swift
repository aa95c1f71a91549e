import DatasetKit

/// The checkpoints of a run: `latest`, `best`, and those of the last epochs.
///
/// A checkpoint that has two names is one file with two links, where the file system has links: it takes no
/// time and no room. Each name appears by a rename, so that a full disk leaves the older file in place.
struct CheckpointStore {
    let run: RunFolder
    /// How many of the epochs' checkpoints to keep.
    let kept: Int

    /// Writes the newest checkpoint.
    ///
    /// - Throws: ``DatasetError`` with code `io`, ``TorchError``, or ``TrainingError`` for weights that are
    ///   not finite; the newest checkpoint before is then untouched.
    func write(_ checkpoint: Checkpoint, of model: Pix2PixModel) throws {
        try checkpoint.write(model, to: run.checkpointPath)
    }

    /// Writes the best checkpoint, where the newest is not it.
    ///
    /// - Throws: As ``write(_:of:)``.
    func writeBest(_ checkpoint: Checkpoint, of model: Pix2PixModel) throws {
        try checkpoint.write(model, to: run.bestCheckpointPath)
    }

    /// Makes the newest checkpoint the best one, too.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    func makeLatestBest() throws(DatasetError) {
        try FileSystem.link(run.checkpointPath, as: run.bestCheckpointPath)
    }

    /// Keeps the newest checkpoint as its epoch's, and forgets those of older epochs.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    func keepLatest(epoch: Int) throws(DatasetError) {
        guard kept > 0 else { return }
        try FileSystem.link(run.checkpointPath, as: run.checkpointPath(epoch: epoch))
        var epochs: [Int] = []
        for name in try FileSystem.names(in: run.checkpointFolder) {
            if let epoch = RunFolder.epoch(ofCheckpoint: name) { epochs.append(epoch) }
        }
        for old in epochs.sorted().dropLast(kept) {
            try FileSystem.remove(run.checkpointPath(epoch: old))
        }
    }
}
