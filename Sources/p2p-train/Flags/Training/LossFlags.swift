import ArgumentParser
import DatasetKit

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
