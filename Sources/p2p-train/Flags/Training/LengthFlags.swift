import ArgumentParser
import DatasetKit

/// How long to train, on what.
struct LengthFlags: ParsableArguments {
    @Option(
        help: """
            Where the defaults are from: keras is the usual Keras tutorial's networks and loss. \
            (default: reference)
            """
    )
    var preset: TrainOptions.Preset?

    @Option(help: "Epochs at the full learning rate. (default: 100)")
    var epochs: Int?

    @Option(help: "Epochs of linear decay after them. (default: 100; 0 where --epochs is given)")
    var decayEpochs: Int?

    @Option(help: "Pairs that the networks see at once. (default: 1)")
    var batchSize: Int?

    @Option(help: "Batches whose gradients are added up for one step. (default: 1)")
    var accumulate: Int?

    @Option(help: "End after so many validations without improvement. (default: never)")
    var patience: Int?

    @Option(
        help: """
            The images' side in pixels; the same part of each picture at another resolution. \
            (default: as the recipe's operations give it)
            """
    )
    var size: Int?

    @Option(help: "The seed of everything random. (default: 0)")
    var seed: Int?

    var members: FlagMembers {
        [
            ("preset", preset.json), ("epochs", epochs.json), ("decayEpochs", decayEpochs.json),
            ("batchSize", batchSize.json), ("accumulate", accumulate.json),
            ("patience", patience.json), ("size", size.json), ("seed", seed.json),
        ]
    }
}
