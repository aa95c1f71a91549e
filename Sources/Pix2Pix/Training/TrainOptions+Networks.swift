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
        switch generator.shape {
        case .unet(let levels):
            try UNetGenerator(
                levels: levels,
                filters: ngf,
                inputChannels: inputChannels,
                outputChannels: targetChannels,
                norm: norm,
                dropout: dropout,
                device: device
            )
        case .resnet(let blocks):
            try ResnetGenerator(
                blocks: blocks,
                filters: ngf,
                inputChannels: inputChannels,
                outputChannels: targetChannels,
                norm: norm,
                dropout: dropout,
                device: device
            )
        }
    }

    /// Makes a discriminator with convolution weights of 0; `nil` where its loss has no weight.
    ///
    /// - Throws: ``TorchError`` if there is not enough memory.
    package func makeDiscriminator(
        channels: Int,
        device: Device
    ) throws(TorchError) -> (any Pix2Pix.Discriminator)? {
        guard ganWeight > 0 else { return nil }
        let layers: Int
        switch discriminator {
        case .basic: layers = 3
        case .nLayers: layers = nLayersD
        case .pixel:
            return try PixelDiscriminator(
                filters: ndf,
                channels: channels,
                norm: norm,
                device: device
            )
        }
        return try PatchDiscriminator(
            layerCount: layers,
            filters: ndf,
            channels: channels,
            norm: norm,
            device: device
        )
    }

    /// The losses that compare with the target, and their weights: those above 0.
    var reconstructionLosses: [(loss: ReconstructionLoss, weight: Double)] {
        [(.l1, lambdaL1), (.l2, lambdaL2), (.charbonnier, lambdaCharbonnier)]
            .filter { $0.1 > 0 }
    }
}

extension TrainOptions.Generator {
    /// What a name stands for.
    enum Shape {
        /// A U-Net that halves the image so often.
        case unet(levels: Int)
        /// So many residual blocks.
        case resnet(blocks: Int)
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
        }
    }
}
