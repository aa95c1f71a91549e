import ArgumentParser
import DatasetKit

/// What is measured and kept.
struct ValidationFlags: ParsableArguments {
    @Option(help: "Epochs from one validation to the next. (default: 1)")
    var valEvery: Int?

    @Option(help: "The most validation pairs to look at. (default: 200)")
    var valPairs: Int?

    @Option(help: "Decides which checkpoint is the best. (default: L1)")
    var bestMetric: TrainOptions.Metric?

    @Option(
        help: """
            What batch normalisation goes by outside of training: the image's own statistics, or the \
            running ones. (default: batch, as in the paper)
            """
    )
    var testNorm: TrainOptions.TestNorm?

    @Flag(
        inversion: .prefixedNo,
        help: "Dropout outside of training, too. (default: on, as in the paper)"
    )
    var testDropout: Bool?

    @Option(help: "Epochs from one checkpoint to the next. (default: 1)")
    var checkpointEpochs: Int?

    @Option(help: "Minutes from one checkpoint to the next, within epochs too. (default: never)")
    var checkpointMinutes: Double?

    @Option(help: "How many epochs' checkpoints to keep besides latest and best. (default: 0)")
    var keepCheckpoints: Int?

    var members: FlagMembers {
        [
            ("valEvery", valEvery.json), ("valPairs", valPairs.json),
            ("bestMetric", bestMetric.json), ("testNorm", testNorm.json),
            ("testDropout", testDropout.json), ("checkpointEpochs", checkpointEpochs.json),
            ("checkpointMinutes", checkpointMinutes.json),
            ("keepCheckpoints", keepCheckpoints.json),
        ]
    }
}
