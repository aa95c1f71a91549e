import ArgumentParser
import DatasetKit

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
