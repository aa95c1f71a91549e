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
        if ganWeight == 0, reconstructionLosses.isEmpty {
            throw refuse(
                "expected a loss with a weight above 0, found ganWeight, lambdaL1, lambdaL2 and "
                    + "lambdaCharbonnier all 0: there is nothing to learn from"
            )
        }
        if labelSmoothing > 0, ganLoss == .hinge || ganLoss == .wganGP {
            throw refuse(
                "labelSmoothing: expected the ganLoss vanilla or lsgan, which have labels, found "
                    + ganLoss.rawValue
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
        }
    }

    /// The smallest side of an image that it takes.
    var minimumSide: Int {
        switch shape {
        case .unet(let levels): 1 << levels
        case .resnet: ResnetGenerator.minimumSide
        }
    }
}
