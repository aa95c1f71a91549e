import ArgumentParser
import DatasetKit

/// The training's options as flags, named as in the `train` section of a recipe.
struct TrainFlags: ParsableArguments {
    @OptionGroup(title: "Length") var length: LengthFlags
    @OptionGroup(title: "Networks") var networks: NetworkFlags
    @OptionGroup(title: "Losses") var losses: LossFlags
    @OptionGroup(title: "Small datasets") var smallData: SmallDataFlags
    @OptionGroup(title: "Optimisation") var optimization: OptimizationFlags
    @OptionGroup(title: "Validation and checkpoints") var validation: ValidationFlags

    /// The options that are given, by their names in a recipe.
    var members: [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        for (name, value) in all { members[name] = value }
        return members
    }

    /// The flags that are given, as they are written.
    var given: [String] {
        all.filter { $0.value != nil }.map { "--\(Self.kebabCase($0.name))" }
    }

    private var all: FlagMembers {
        length.members + networks.members + losses.members + smallData.members
            + optimization.members + validation.members
    }

    /// A recipe's name as a flag: `lambdaL1` as `lambda-l1`.
    private static func kebabCase(_ name: String) -> String {
        var result = ""
        var isLower = false
        for character in name {
            if character.isUppercase, isLower { result += "-" }
            isLower = !character.isUppercase
            result += character.lowercased()
        }
        return result
    }
}

/// What some flags say: a recipe's names and, where a flag is given, its value.
typealias FlagMembers = [(name: String, value: JSONValue?)]

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

/// What learns.
struct NetworkFlags: ParsableArguments {
    @Option(help: "(default: unet_256, or the largest U-Net that the images' size allows)")
    var generator: TrainOptions.Generator?

    @Option(help: "basic is the 70x70 PatchGAN. (default: basic)")
    var discriminator: TrainOptions.Discriminator?

    @Option(
        name: .customLong("n-layers-d"),
        help: "Layers of the discriminator n_layers, 1 to 6. (default: 3)"
    )
    var nLayersD: Int?

    @Option(help: "Filters of the generator's first layer. (default: 64)")
    var ngf: Int?

    @Option(help: "Filters of the discriminator's first layer. (default: 64)")
    var ndf: Int?

    @Option(help: "Normalisation. (default: batch)")
    var norm: TrainOptions.Norm?

    @Option(help: "The discriminator's. (default: --norm)")
    var normD: TrainOptions.Norm?

    @Flag(inversion: .prefixedNo, help: "Dropout in the generator. (default: on)")
    var dropout: Bool?

    @Option(help: "How the generator doubles features. (default: transposed)")
    var upsampling: TrainOptions.Upsampling?

    @Option(help: "U-Net: residual blocks after each halving and doubling. (default: 0)")
    var resBlocks: Int?

    @Option(
        parsing: .upToNextOption,
        help: """
            U-Net: levels with self-attention; level 2 has a quarter of the image's side, 3 an eighth. \
            (default: none)
            """
    )
    var attentionLevels: [Int] = []

    @Flag(
        inversion: .prefixedNo,
        help: "U-Net: channel attention (squeeze and excitation). (default: off)"
    )
    var channelAttention: Bool?

    @Option(help: "Which networks have spectral normalisation. (default: none)")
    var spectralNorm: TrainOptions.SpectralNorm?

    @Option(name: .customLong("scales-d"), help: "Scales of the discriminator. (default: 1)")
    var scalesD: Int?

    var members: FlagMembers {
        [
            ("generator", generator.json), ("discriminator", discriminator.json),
            ("nLayersD", nLayersD.json), ("ngf", ngf.json), ("ndf", ndf.json),
            ("norm", norm.json), ("normD", normD.json), ("dropout", dropout.json),
            ("upsampling", upsampling.json), ("resBlocks", resBlocks.json),
            ("attentionLevels", attentionLevels.json),
            ("channelAttention", channelAttention.json), ("spectralNorm", spectralNorm.json),
            ("scalesD", scalesD.json),
        ]
    }
}

/// What is learned.
struct LossFlags: ParsableArguments {
    @Option(help: "The adversarial loss. (default: vanilla)")
    var ganLoss: TrainOptions.GANLoss?

    @Option(help: "Its weight; 0 trains without a discriminator. (default: 1)")
    var ganWeight: Double?

    @Option(name: .customLong("lambda-l1"), help: "The weight of the L1 loss. (default: 100)")
    var lambdaL1: Double?

    @Option(name: .customLong("lambda-l2"), help: "The weight of the L2 loss. (default: 0)")
    var lambdaL2: Double?

    @Option(help: "The weight of the Charbonnier loss. (default: 0)")
    var lambdaCharbonnier: Double?

    @Option(name: .customLong("lambda-ssim"), help: "The weight of 1 - SSIM. (default: 0)")
    var lambdaSSIM: Double?

    @Option(
        name: .customLong("lambda-msssim"),
        help: "The weight of 1 - MS-SSIM, for images above 160 pixels. (default: 0)"
    )
    var lambdaMSSSIM: Double?

    @Option(help: "The weight of the differences between VGG's features. (default: 0)")
    var lambdaPerceptual: Double?

    @Option(
        help: ArgumentHelp(
            "The file of torchvision's VGG-16 or VGG-19, .pth or .safetensors.",
            valueName: "file"
        ),
        completion: .file()
    )
    var perceptualWeights: String?

    @Option(
        parsing: .upToNextOption,
        help: """
            Layers compared, such as relu3_3, or with a weight, relu3_3:0.5. (default: relu1_2 relu2_2 \
            relu3_3 relu4_3)
            """
    )
    var perceptualLayers: [String] = []

    @Option(help: "Mean absolute or squared differences. (default: l2)")
    var perceptualDistance: TrainOptions.FeatureDistance?

    @Option(name: .customLong("lambda-tv"), help: "The weight of the total variation. (default: 0)")
    var lambdaTV: Double?

    @Option(
        name: .customLong("lambda-fm"),
        help: "The weight of the discriminator's feature matching. (default: 0)"
    )
    var lambdaFM: Double?

    @Option(
        name: .customLong("lambda-gp"),
        help: "The weight of the gradient penalty. (default: 10 with wgan-gp, else 0)"
    )
    var lambdaGP: Double?

    @Option(name: .customLong("lambda-r1"), help: "The weight of the R1 penalty. (default: 0)")
    var lambdaR1: Double?

    @Option(help: "Steps from one penalty to the next, as many times as heavy. (default: 1)")
    var penaltyInterval: Int?

    @Option(
        help: """
            The most that a weight of the discriminator may be. (default: 0.01 with wgan, else no limit)
            """
    )
    var clipWeights: Double?

    @Option(help: "How far the label of real images lies below 1. (default: 0)")
    var labelSmoothing: Double?

    var members: FlagMembers {
        [
            ("ganLoss", ganLoss.json), ("ganWeight", ganWeight.json),
            ("lambdaL1", lambdaL1.json), ("lambdaL2", lambdaL2.json),
            ("lambdaCharbonnier", lambdaCharbonnier.json), ("lambdaSSIM", lambdaSSIM.json),
            ("lambdaMSSSIM", lambdaMSSSIM.json), ("lambdaPerceptual", lambdaPerceptual.json),
            ("perceptualWeights", perceptualWeights.map(FileSystem.absolute).json),
            ("perceptualLayers", perceptualLayers.json),
            ("perceptualDistance", perceptualDistance.json), ("lambdaTV", lambdaTV.json),
            ("lambdaFM", lambdaFM.json), ("lambdaGP", lambdaGP.json),
            ("lambdaR1", lambdaR1.json), ("penaltyInterval", penaltyInterval.json),
            ("clipWeights", clipWeights.json), ("labelSmoothing", labelSmoothing.json),
        ]
    }
}

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

/// How it is learned.
struct OptimizationFlags: ParsableArguments {
    @Option(help: "(default: adam)")
    var optimizer: TrainOptions.Optimizer?

    @Option(help: "The learning rate. (default: 0.0002)")
    var lr: Double?

    @Option(name: .customLong("lr-g"), help: "The generator's. (default: --lr)")
    var lrG: Double?

    @Option(name: .customLong("lr-d"), help: "The discriminator's. (default: --lr)")
    var lrD: Double?

    @Option(help: "The decay of the first moment. (default: 0.5)")
    var beta1: Double?

    @Option(help: "The decay of the second moment. (default: 0.999)")
    var beta2: Double?

    @Option(help: "(default: 0)")
    var weightDecay: Double?

    @Option(help: "The most that the norm of a network's gradients may be. (default: no limit)")
    var clipGradients: Double?

    @Option(help: "The decay of a moving average of the generator's weights. (default: none)")
    var ema: Double?

    @Option(help: "How the learning rate changes. (default: linear)")
    var lrSchedule: TrainOptions.LRSchedule?

    @Option(help: "Steps in which the learning rate grows to its full value. (default: 0)")
    var warmupSteps: Int?

    @Option(help: "step: epochs between its steps. (default: 50)")
    var lrStepEpochs: Int?

    @Option(help: "step, plateau: what the rate is multiplied by. (default: 0.1, 0.2)")
    var lrFactor: Double?

    @Option(help: "plateau: validations without improvement before it. (default: 5)")
    var lrPatience: Int?

    var members: FlagMembers {
        [
            ("optimizer", optimizer.json), ("lr", lr.json), ("lrG", lrG.json),
            ("lrD", lrD.json), ("beta1", beta1.json), ("beta2", beta2.json),
            ("weightDecay", weightDecay.json), ("clipGradients", clipGradients.json),
            ("ema", ema.json), ("lrSchedule", lrSchedule.json),
            ("warmupSteps", warmupSteps.json), ("lrStepEpochs", lrStepEpochs.json),
            ("lrFactor", lrFactor.json), ("lrPatience", lrPatience.json),
        ]
    }
}

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
