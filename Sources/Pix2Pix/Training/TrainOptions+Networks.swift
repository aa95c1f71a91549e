package import DatasetKit

extension TrainOptions {
    /// Makes a generator with convolution weights of 0.
    ///
    /// - Throws: ``TorchError`` if there is not enough memory.
    package func makeGenerator(
        _ generator: Generator,
        inputChannels: Int,
        targetChannels: Int,
        device: Device
    ) throws(TorchError) -> any Pix2Pix.Generator {
        let variant = generatorVariant
        switch generator.shape {
        case .unet(let levels):
            return try UNetGenerator(
                levels: levels,
                filters: ngf,
                inputChannels: inputChannels,
                outputChannels: targetChannels,
                norm: norm,
                dropout: dropout,
                variant: variant,
                device: device
            )
        case .resnet(let blocks):
            return try ResnetGenerator(
                blocks: blocks,
                filters: ngf,
                inputChannels: inputChannels,
                outputChannels: targetChannels,
                norm: norm,
                dropout: dropout,
                variant: variant,
                device: device
            )
        case .keras:
            return try KerasGenerator(
                filters: ngf,
                inputChannels: inputChannels,
                outputChannels: targetChannels,
                dropout: dropout,
                variant: variant,
                device: device
            )
        }
    }

    /// What the generator has that the reference's has not.
    private var generatorVariant: GeneratorVariant {
        var variant = GeneratorVariant()
        variant.upsampling = upsampling
        variant.residualBlocks = resBlocks
        variant.attentionLevels = Set(attentionLevels)
        variant.hasChannelAttention = channelAttention
        variant.isSpectral = spectralNorm == .both
        return variant
    }

    /// Makes a discriminator with convolution weights of 0; `nil` where its loss has no weight.
    ///
    /// - Throws: ``TorchError`` if there is not enough memory.
    package func makeDiscriminator(
        channels: Int,
        device: Device
    ) throws(TorchError) -> (any Pix2Pix.Discriminator)? {
        guard ganWeight > 0 else { return nil }
        var scales: [any Pix2Pix.Discriminator] = []
        for _ in 0..<scalesD { scales.append(try makeScale(channels: channels, device: device)) }
        return scales.count == 1 ? scales[0] : MultiScaleDiscriminator(scales)
    }

    private func makeScale(
        channels: Int,
        device: Device
    ) throws(TorchError) -> any Pix2Pix.Discriminator {
        let (norm, isSpectral) = (normD ?? norm, spectralNorm != .none)
        func patches(_ layers: Int) throws(TorchError) -> PatchDiscriminator {
            try PatchDiscriminator(
                layerCount: layers,
                filters: ndf,
                channels: channels,
                norm: norm,
                isSpectral: isSpectral,
                device: device
            )
        }
        switch discriminator {
        case .basic: return try patches(3)
        case .nLayers: return try patches(nLayersD)
        case .pixel:
            return try PixelDiscriminator(
                filters: ndf,
                channels: channels,
                norm: norm,
                isSpectral: isSpectral,
                device: device
            )
        case .keras:
            return try KerasDiscriminator(
                filters: ndf,
                channels: channels,
                isSpectral: isSpectral,
                device: device
            )
        }
    }

    /// The losses that compare with the target, and their weights: those above 0.
    var reconstructionLosses: [(loss: ReconstructionLoss, weight: Double)] {
        [
            (.l1, lambdaL1), (.l2, lambdaL2), (.charbonnier, lambdaCharbonnier),
            (.ssim, lambdaSSIM), (.msSSIM, lambdaMSSSIM),
        ].filter { $0.1 > 0 }
    }

    /// Whether there is something for the generator to learn from.
    var hasLoss: Bool {
        ganWeight > 0 || !reconstructionLosses.isEmpty || lambdaPerceptual > 0
    }

    /// Reads the network of the perceptual loss.
    ///
    /// - Returns: The loss, without its weight; `nil` where that is 0.
    /// - Throws: ``DatasetError`` where there is no such file, or it holds another network;
    ///   ``TorchError`` where it has no such layer, or cannot look at the images.
    func makePerceptualLoss(
        channels: Int,
        size: ImageSize,
        device: Device
    ) throws -> PerceptualLoss? {
        guard lambdaPerceptual > 0, let path = perceptualWeights else { return nil }
        let loss = try PerceptualLoss(
            VGGFeatures(path: path, device: device),
            layers: perceptualLayers.map { ($0.name, $0.weight) },
            distance: perceptualDistance == .l1 ? .l1 : .l2
        )
        try loss.check(channels: channels, height: size.height, width: size.width)
        return loss
    }

    /// The weight of the gradient penalty that is not named: its paper's with `wgan-gp`.
    var gradientPenaltyWeight: Double { lambdaGP ?? (ganLoss == .wganGP ? 10 : 0) }

    /// The limit of the discriminator's weights that is not named: its paper's with `wgan`.
    var weightLimit: Double? { clipWeights ?? (ganLoss == .wgan ? 0.01 : nil) }
}

extension TrainOptions.Generator {
    /// What a name stands for.
    enum Shape {
        /// A U-Net that halves the image so often.
        case unet(levels: Int)
        /// So many residual blocks.
        case resnet(blocks: Int)
        /// The Keras tutorial's U-Net.
        case keras
    }

    /// What it is.
    var shape: Shape {
        switch self {
        case .unet32: .unet(levels: 5)
        case .unet64: .unet(levels: 6)
        case .unet128: .unet(levels: 7)
        case .unet256: .unet(levels: 8)
        case .unet512: .unet(levels: 9)
        case .unet1024: .unet(levels: 10)
        case .resnet6: .resnet(blocks: 6)
        case .resnet9: .resnet(blocks: 9)
        case .keras: .keras
        }
    }
}
