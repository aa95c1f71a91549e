import ArgumentParser
import DatasetKit

/// What keeps a discriminator from learning a small dataset by heart.
struct SmallDataFlags: ParsableArguments {
    @Option(
        parsing: .upToNextOption,
        help: "What is done to made and real pairs before the discriminator. (default: nothing)"
    )
    var diffAugment: [TrainOptions.DiffAugment] = []

    @Flag(
        inversion: .prefixedNo,
        help: "Augment before the discriminator as much as it overfits. (default: off)"
    )
    var ada: Bool?

    @Option(help: "The mean sign of its logits of real pairs to aim at. (default: 0.6)")
    var adaTarget: Double?

    @Option(help: "Thousands of pairs from no augmentation to all of it. (default: 500)")
    var adaKimg: Double?

    @Option(help: "Made pairs kept to be shown to the discriminator again. (default: 0)")
    var historySize: Int?

    var members: FlagMembers {
        [
            ("diffAugment", diffAugment.json), ("ada", ada.json), ("adaTarget", adaTarget.json),
            ("adaKimg", adaKimg.json), ("historySize", historySize.json),
        ]
    }
}
