public import DatasetKit

extension TrainOptions {
    /// All epochs of the training.
    public var totalEpochs: Int { epochs + (lrSchedule == .linear ? decayEpochs : 0) }

    /// Refuses options that cannot work together.
    ///
    /// - Throws: ``TrainingError`` with code `impossibleSettings`, naming the options.
    func checkTogether() throws(TrainingError) {
        func refuse(_ message: String) -> TrainingError {
            TrainingError(.impossibleSettings, message)
        }
        if totalEpochs == 0 {
            throw refuse("epochs: expected at least one epoch, found none")
        }
        if !hasLoss {
            throw refuse(
                "expected a loss with a weight above 0, found ganWeight and every lambda 0 that compares "
                    + "with the target: there is nothing to learn from"
            )
        }
        if labelSmoothing > 0, ganLoss != .vanilla, ganLoss != .lsgan {
            throw refuse(
                "labelSmoothing: expected the ganLoss vanilla or lsgan, which have labels, found "
                    + ganLoss.rawValue
            )
        }
        if lambdaPerceptual > 0, perceptualWeights == nil {
            throw refuse(
                "lambdaPerceptual: expected perceptualWeights, the file of a VGG-16 or VGG-19; download "
                    + "https://download.pytorch.org/models/vgg16-397923af.pth and name it"
            )
        }
        if ada, !diffAugment.isEmpty {
            throw refuse("ada: expected it or diffAugment, found both: they do the same work")
        }
        let needsDiscriminator: [(name: String, isUsed: Bool)] = [
            ("lambdaFM", lambdaFM > 0), ("lambdaR1", lambdaR1 > 0), ("ada", ada),
            ("diffAugment", !diffAugment.isEmpty), ("historySize", historySize > 0),
        ]
        if ganWeight == 0, let option = needsDiscriminator.first(where: \.isUsed) {
            throw refuse("\(option.name): expected a discriminator, found ganWeight 0")
        }
    }

    /// Refuses what a generator or images of a size cannot have.
    ///
    /// - Throws: ``TrainingError`` with code `impossibleSettings`, naming the option.
    func check(_ generator: Generator, for size: ImageSize) throws(TrainingError) {
        func refuse(_ message: String) -> TrainingError {
            TrainingError(.impossibleSettings, message)
        }
        let ofUNets: [(name: String, isUsed: Bool)] = [
            ("resBlocks", resBlocks > 0), ("attentionLevels", !attentionLevels.isEmpty),
            ("channelAttention", channelAttention),
        ]
        switch generator.shape {
        case .unet(let levels):
            if let level = attentionLevels.first(where: { $0 >= levels }) {
                throw refuse(
                    "attentionLevels: \(generator.rawValue) has them at levels 1 to \(levels - 1), found "
                        + "\(level)"
                )
            }
        case .resnet, .keras:
            if let option = ofUNets.first(where: \.isUsed) {
                throw refuse(
                    "\(option.name): expected a generator unet_32 to unet_1024, found "
                        + generator.rawValue
                )
            }
        }
        if generator == .keras, upsampling != .transposed {
            throw refuse(
                "upsampling: the generator keras repeats pixels; choose another generator for "
                    + upsampling.rawValue
            )
        }
        let side = min(size.width, size.height)
        if let loss = reconstructionLosses.first(where: { $0.loss.minimumSide > side })?.loss {
            throw refuse(
                "the loss \(loss.rawValue) needs images of at least \(loss.minimumSide) pixels a side, "
                    + "found \(size)"
            )
        }
    }

    /// The generator to use.
    ///
    /// - Parameter size: The images' size.
    /// - Returns: The one named; without a name ``Generator/unet256``, as the reference has it, or the
    ///   largest smaller U-Net that the size allows.
    /// - Throws: ``TrainingError`` if it cannot take the images.
    func generator(for size: ImageSize) throws(TrainingError) -> Generator {
        let fits = { (generator: Generator) in
            size.width % generator.sizeMultiple == 0 && size.height % generator.sizeMultiple == 0
        }
        guard let generator else {
            let usual: [Generator] = [.unet256, .unet128, .unet64, .unet32]
            guard let largest = usual.first(where: fits) else {
                throw Self.misfit("a U-Net", Generator.unet32.sizeMultiple, size)
            }
            return largest
        }
        guard fits(generator) else {
            throw Self.misfit(generator.rawValue, generator.sizeMultiple, size)
        }
        guard min(size.width, size.height) >= generator.minimumSide else {
            throw TrainingError(
                .impossibleSettings,
                "\(generator.rawValue) needs images of at least \(generator.minimumSide) pixels a side, "
                    + "found \(size); give another --size"
            )
        }
        return generator
    }

    private static func misfit(_ name: String, _ multiple: Int, _ size: ImageSize) -> TrainingError
    {
        TrainingError(
            .impossibleSettings,
            "\(name) needs a width and height that are multiples of \(multiple), found \(size); give "
                + "another --size or --generator, or crop to such a size in the recipe"
        )
    }
}

extension TrainOptions.Generator {
    /// What the images' sides must be multiples of.
    public var sizeMultiple: Int {
        switch shape {
        case .unet(let levels): 1 << levels
        case .resnet: 4
        case .keras: 1 << KerasGenerator.levels
        }
    }

    /// The smallest side of an image that it takes.
    var minimumSide: Int {
        switch shape {
        case .unet(let levels): 1 << levels
        case .resnet: ResnetGenerator.minimumSide
        case .keras: KerasGenerator.minimumSide
        }
    }
}
