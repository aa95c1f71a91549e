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
        let madePair = try Tensor.concatenated([part.input, image], dimension: 1)
        let realPair = try Tensor.concatenated([part.input, part.target], dimension: 1)
        let judgedMade = try discriminator(madePair, mode: .training)
        let fake = try adversarialLoss.ofFake(judgedMade)
        let judgedReal = try discriminator(realPair, mode: .training)
        let real = try adversarialLoss.ofReal(judgedReal)
        var sum = try fake.adding(real)
        if adversarialLoss.kind == .wganGP, options.lambdaGP > 0 {
            let penalty = try GradientPenalty.penalty(
                of: discriminator,
                real: realPair,
                made: madePair
            ).scaled(by: options.lambdaGP)
            sum = try sum.adding(penalty)
            try measured.add(.discriminatorPenalty, penalty, share: work.share)
        }
        // Halved, so that it learns more slowly than the generator (paper, section 3.3); all of it,
        // the penalty too.
        try sum.scaled(by: 0.5 * work.share).backward()
        try measured.add(.discriminatorReal, real, share: work.share)
        try measured.add(.discriminatorFake, fake, share: work.share)
        try measured.add(.realScore, judgedReal.detached().mean(), share: work.share)
        try measured.add(.fakeScore, judgedMade.detached().mean(), share: work.share)
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
            let judged = try discriminator(input: part.input, image: image, mode: .training)
            try add(
                .generatorGAN,
                adversarialLoss.ofGenerator(judged),
                weight: options.ganWeight
            )
        }
        for (loss, weight) in options.reconstructionLosses {
            try add(
                StepMeasurements.Quantity(loss),
                loss(of: image, against: part.target),
                weight: weight
            )
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
