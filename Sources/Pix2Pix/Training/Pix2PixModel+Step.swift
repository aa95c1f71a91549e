internal import DatasetKit

extension Pix2PixModel {
    /// Trains both networks by one step, in the reference's order of work.
    ///
    /// With one part, the generator makes its images once. The discriminator learns from them and
    /// from the targets, in this order, which its running statistics depend on. Then the generator
    /// learns from the updated discriminator.
    ///
    /// With several parts, each network's gradients are added up over them, weighted by their
    /// pairs: without batch normalisation and dropout as with all pairs at once. The discriminator
    /// learns from images made without history; then they are made again for the generator, with
    /// the same seeds and so with the same dropout. Running statistics move once per part.
    ///
    /// - Parameter parts: The pairs: at least one part.
    /// - Returns: The losses before each network's update.
    /// - Throws: ``TorchError`` if the shapes do not fit or there is not enough memory. The step
    ///   may have been made in part.
    public func step(_ parts: [TrainingPart]) throws(TorchError) -> StepOutcome {
        let pairs = parts.reduce(0) { $0 + $1.count }
        guard pairs > 0 else {
            throw TorchError(operation: "step", message: "expected at least 1 pair, found none")
        }
        let work = parts.map { Work(part: $0, share: Double($0.count) / Double(pairs)) }
        let made = parts.count == 1 ? try generate(parts[0], mode: .training) : nil
        var measured = StepMeasurements()
        if let discriminator, let discriminatorOptimizer {
            try discriminatorOptimizer.clearGradients()
            for work in work {
                try train(discriminator, on: work, made: made, &measured)
            }
            try finish(discriminatorOptimizer)
            if let limit = options.weightLimit {
                try Tensor.clamp(discriminatorParameters.map(\.tensor), to: limit)
            }
        }
        // The gradients go through the discriminator, but not to its weights.
        try setDiscriminatorLearns(false)
        defer { try? setDiscriminatorLearns(true) }
        try generatorOptimizer.clearGradients()
        for work in work {
            try trainGenerator(on: work, made: made, &measured)
        }
        try finish(generatorOptimizer)
        if let averageDecay {
            try averagedState.move(towards: generatorState, by: 1 - averageDecay)
        }
        return try measured.outcome()
    }

    /// A part and the share of its pairs in the step.
    private struct Work {
        var part: TrainingPart
        var share: Double
    }

    /// What the generator makes of a part, always with the same draws.
    private func generate(
        _ part: TrainingPart,
        mode: ForwardMode
    ) throws(TorchError) -> Tensor {
        try Torch.seed(part.seed)
        return try generator(part.input, mode: mode)
    }

    /// Adds a part's gradients to the discriminator's.
    private func train(
        _ discriminator: any Discriminator,
        on work: Work,
        made: Tensor?,
        _ measured: inout StepMeasurements
    ) throws(TorchError) {
        let part = work.part
        let image: Tensor
        if let made {
            image = try made.detached()
        } else {
            // As in training, but for the running statistics: they move when the images are made
            // again.
            image = try withoutGradients { () throws(TorchError) in
                try generate(part, mode: .inference(.batch, dropout: true))
            }
        }
        var madePair = try Tensor.concatenated([part.input, image], dimension: 1)
        if let history { madePair = try history.exchanged(madePair, seed: part.seed) }
        let realPair = try Tensor.concatenated([part.input, part.target], dimension: 1)
        let judgedMade = try discriminator(
            view(madePair, .made, seed: part.seed),
            mode: .training
        ).map(\.logits)
        let judgedReal = try discriminator(
            view(realPair, .real, seed: part.seed),
            mode: .training
        ).map(\.logits)
        let (real, fake) = try adversarialLoss.ofDiscriminator(real: judgedReal, made: judgedMade)
        var sum = try fake.adding(real)
        for (quantity, penalty) in try penalties(discriminator, part, realPair, madePair) {
            sum = try sum.adding(penalty)
            try measured.add(quantity, penalty, share: work.share)
        }
        // Halved, so that it learns more slowly than the generator (paper, section 3.3); all of it,
        // the penalties too.
        try sum.scaled(by: 0.5 * work.share).backward()
        try measured.add(.discriminatorReal, real, share: work.share)
        try measured.add(.discriminatorFake, fake, share: work.share)
        // At full size: the other scales see less of the same.
        try measured.add(.realScore, judgedReal[0].detached().mean(), share: work.share)
        try measured.add(.fakeScore, judgedMade[0].detached().mean(), share: work.share)
        if options.ada {
            let sign = try judgedReal[0].detached().sign().mean()
            try measured.add(.realSign, sign, share: work.share)
        }
    }

    /// The discriminator's penalties that have a weight; 0 in steps in which they are not due.
    private func penalties(
        _ discriminator: any Discriminator,
        _ part: TrainingPart,
        _ real: Tensor,
        _ made: Tensor
    ) throws(TorchError) -> [(quantity: StepMeasurements.Quantity, penalty: Tensor)] {
        func judge(_ pairs: Tensor) throws(TorchError) -> [Judgement] {
            try discriminator(view(pairs, .real, seed: part.seed), mode: .training)
        }
        let weights: [(quantity: StepMeasurements.Quantity, weight: Double)] = [
            (.gradientPenalty, options.gradientPenaltyWeight), (.r1Penalty, options.lambdaR1),
        ]
        var penalties: [(StepMeasurements.Quantity, Tensor)] = []
        for (quantity, weight) in weights where weight > 0 {
            guard penaltyIsDue else {
                penalties.append((quantity, try .full(0, shape: [], device: real.device)))
                continue
            }
            let penalty =
                quantity == .r1Penalty
                ? try GradientPenalty.r1(real: real, by: judge)
                : try GradientPenalty.oneCentered(real: real, made: made, by: judge)
            // For the steps without it too: the lazy regularisation of StyleGAN2 (Karras et al. 2020,
            // section 3.1).
            let scale = weight * Double(options.penaltyInterval)
            penalties.append((quantity, try penalty.scaled(by: scale)))
        }
        return penalties
    }

    /// Adds a part's gradients to the generator's.
    private func trainGenerator(
        on work: Work,
        made: Tensor?,
        _ measured: inout StepMeasurements
    ) throws(TorchError) {
        let part = work.part
        let image: Tensor
        if let made { image = made } else { image = try generate(part, mode: .training) }
        var terms: [Tensor] = []
        func add(
            _ quantity: StepMeasurements.Quantity,
            _ loss: Tensor,
            weight: Double
        ) throws(TorchError) {
            let term = weight == 1 ? loss : try loss.scaled(by: weight)
            try measured.add(quantity, term, share: work.share)
            terms.append(term)
        }
        if let discriminator {
            func judged(_ image: Tensor) throws(TorchError) -> [Judgement] {
                let pairs = try Tensor.concatenated([part.input, image], dimension: 1)
                return try discriminator(
                    view(pairs, .generator, seed: part.seed),
                    mode: .training
                )
            }
            let made = try judged(image)
            let needsReal = adversarialLoss.generatorNeedsReal || options.lambdaFM > 0
            let real = needsReal ? try judged(part.target) : []
            try add(
                .generatorGAN,
                adversarialLoss.ofGenerator(made: made.map(\.logits), real: real.map(\.logits)),
                weight: options.ganWeight
            )
            if options.lambdaFM > 0 {
                try add(
                    .generatorFeatures,
                    FeatureMatching.loss(made: made, real: real),
                    weight: options.lambdaFM
                )
            }
        }
        for (loss, weight) in options.reconstructionLosses {
            try add(
                StepMeasurements.Quantity(loss),
                loss(of: image, against: part.target),
                weight: weight
            )
        }
        if let perceptualLoss {
            try add(
                .generatorPerceptual,
                perceptualLoss(of: image, against: part.target),
                weight: options.lambdaPerceptual
            )
        }
        if options.lambdaTV > 0 {
            try add(.generatorVariation, TotalVariation.of(image), weight: options.lambdaTV)
        }
        guard var sum = terms.first else { return }
        for term in terms.dropFirst() { sum = try sum.adding(term) }
        try (work.share == 1 ? sum : sum.scaled(by: work.share)).backward()
        // Each channel of each image for itself: images of one colour have no deviation.
        let shape = image.shape
        let deviation = try image.detached().reshaped(to: [shape[0] * shape[1], -1])
            .deviationOfEntries().mean()
        try measured.add(.outputDeviation, deviation, share: work.share)
    }

    private func setDiscriminatorLearns(_ learns: Bool) throws(TorchError) {
        for parameter in discriminatorParameters {
            try parameter.tensor.setRequiresGradient(learns)
        }
    }

    /// Takes an optimiser's step by the gradients that were added up.
    private func finish(_ optimizer: Optimizer) throws(TorchError) {
        if let maximum = options.clipGradients { try optimizer.clipGradients(to: maximum) }
        try optimizer.step()
    }
}
