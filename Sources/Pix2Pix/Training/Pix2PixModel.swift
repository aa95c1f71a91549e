/// The losses of one training step, by the names that every pix2pix user knows.
public struct StepLosses: Codable, Equatable, Sendable {
    /// `G_GAN`: how far the discriminator is from taking the made images for real.
    public var generatorGAN: Double
    /// `G_L1`: the mean absolute difference to the targets, times lambda.
    public var generatorL1: Double
    /// `D_real`: how far the discriminator is from taking targets for real.
    public var discriminatorReal: Double
    /// `D_fake`: how far the discriminator is from taking made images for fake.
    public var discriminatorFake: Double

    /// Creates a set of losses.
    public init(
        generatorGAN: Double,
        generatorL1: Double,
        discriminatorReal: Double,
        discriminatorFake: Double
    ) {
        self.generatorGAN = generatorGAN
        self.generatorL1 = generatorL1
        self.discriminatorReal = discriminatorReal
        self.discriminatorFake = discriminatorFake
    }

    /// The losses by name, in the reference's order.
    public var named: [(name: String, value: Double)] {
        [
            ("G_GAN", generatorGAN), ("G_L1", generatorL1),
            ("D_real", discriminatorReal), ("D_fake", discriminatorFake),
        ]
    }

    /// Whether no loss is infinite or not a number.
    public var isFinite: Bool { named.allSatisfy(\.value.isFinite) }
}

/// Both networks and their optimisers: what learns.
public final class Pix2PixModel {
    /// Makes images.
    public let generator: UNetGenerator
    /// Judges them.
    public let discriminator: PatchDiscriminator
    /// Optimises the generator.
    public let generatorOptimizer: Adam
    /// Optimises the discriminator.
    public let discriminatorOptimizer: Adam
    /// The weight of the L1 loss against the adversarial loss.
    public let lambdaL1: Double
    /// Kept, as they are turned off and on in every step.
    private let discriminatorParameters: [NamedTensor]

    /// Joins two networks on one device; the optimisers start without moments.
    ///
    /// - Parameters:
    ///   - generator: Makes images.
    ///   - discriminator: Takes as many channels as input and target have together.
    ///   - learningRate: Of both optimisers; 2e-4 in the paper (section 3.3).
    ///   - beta1: The decay of the gradients' moving average; 0.5 in the paper.
    ///   - beta2: The decay of the squared gradients' moving average; 0.999 in the paper.
    ///   - lambdaL1: The weight of the L1 loss; 100 in the paper (section 6.2).
    /// - Throws: ``TorchError`` if the networks do not fit or there is not enough memory.
    public init(
        generator: UNetGenerator,
        discriminator: PatchDiscriminator,
        learningRate: Double = 2e-4,
        beta1: Double = 0.5,
        beta2: Double = 0.999,
        lambdaL1: Double = 100
    ) throws(TorchError) {
        let channels = generator.inputChannels + generator.outputChannels
        guard discriminator.channels == channels else {
            throw TorchError(
                operation: "pix2pix",
                message: "the generator's images have \(channels) channels together, "
                    + "the discriminator takes \(discriminator.channels)"
            )
        }
        self.generator = generator
        self.discriminator = discriminator
        self.lambdaL1 = lambdaL1
        discriminatorParameters = discriminator.parameters
        generatorOptimizer = try Adam(
            parameters: generator.parameters,
            learningRate: learningRate,
            beta1: beta1,
            beta2: beta2
        )
        discriminatorOptimizer = try Adam(
            parameters: discriminatorParameters,
            learningRate: learningRate,
            beta1: beta1,
            beta2: beta2
        )
    }

    /// Sets the learning rate of both optimisers.
    ///
    /// - Parameter learningRate: For the steps to come.
    public func setLearningRate(_ learningRate: Double) {
        generatorOptimizer.learningRate = learningRate
        discriminatorOptimizer.learningRate = learningRate
    }

    /// Trains both networks on one batch, in the reference's order of work.
    ///
    /// The generator makes its images once. The discriminator learns from them and from the
    /// targets, in this order, which its running statistics depend on. Then the generator learns
    /// from the updated discriminator.
    ///
    /// - Parameters:
    ///   - input: `[N, inputChannels, H, W]`, floats in -1...1.
    ///   - target: `[N, outputChannels, H, W]`, floats in -1...1.
    /// - Returns: The losses before each network's update.
    /// - Throws: ``TorchError`` if the shapes do not fit or there is not enough memory. The step
    ///   may have been made in part.
    public func step(
        input: Tensor,
        target: Tensor
    ) throws(TorchError) -> StepLosses {
        let made = try generator(input, mode: .training)
        let discriminatorLosses = try trainDiscriminator(
            input: input,
            made: made.detached(),
            target: target
        )
        let generatorLosses = try trainGenerator(input: input, made: made, target: target)
        // Read at once: each reading waits for the device.
        let values = try Tensor.stacked(generatorLosses + discriminatorLosses).floats()
        return StepLosses(
            generatorGAN: Double(values[0]),
            generatorL1: Double(values[1]),
            discriminatorReal: Double(values[2]),
            discriminatorFake: Double(values[3])
        )
    }

    /// One step of the discriminator; gives `D_real` and `D_fake`.
    private func trainDiscriminator(
        input: Tensor,
        made: Tensor,
        target: Tensor
    ) throws(TorchError) -> [Tensor] {
        try discriminatorOptimizer.clearGradients()
        let judgedMade = try discriminator(input: input, image: made, mode: .training)
        let fake = try GANLoss.loss(of: judgedMade, against: .fake)
        let judgedTarget = try discriminator(input: input, image: target, mode: .training)
        let real = try GANLoss.loss(of: judgedTarget, against: .real)
        // Halved, so that it learns more slowly than the generator (paper, section 3.3).
        try fake.adding(real).scaled(by: 0.5).backward()
        try discriminatorOptimizer.step()
        return [try real.detached(), try fake.detached()]
    }

    /// One step of the generator; gives `G_GAN` and `G_L1`.
    private func trainGenerator(
        input: Tensor,
        made: Tensor,
        target: Tensor
    ) throws(TorchError) -> [Tensor] {
        // The gradients go through the discriminator, but not to its weights.
        try setDiscriminatorLearns(false)
        defer { try? setDiscriminatorLearns(true) }
        try generatorOptimizer.clearGradients()
        let judged = try discriminator(input: input, image: made, mode: .training)
        let adversarial = try GANLoss.loss(of: judged, against: .real)
        let difference = try L1Loss.loss(of: made, against: target).scaled(by: lambdaL1)
        try adversarial.adding(difference).backward()
        try generatorOptimizer.step()
        return [try adversarial.detached(), try difference.detached()]
    }

    private func setDiscriminatorLearns(_ learns: Bool) throws(TorchError) {
        for parameter in discriminatorParameters {
            try parameter.tensor.setRequiresGradient(learns)
        }
    }
}

@available(*, unavailable)
extension Pix2PixModel: Sendable {}
