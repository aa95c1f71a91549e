public import DatasetKit

/// Both networks and their optimisers: what learns.
public final class Pix2PixModel {
    /// Makes images.
    public let generator: any Generator
    /// The moving average of the generator's weights; `nil` without `ema`.
    public let averagedGenerator: (any Generator)?
    /// Judges images; `nil` where the adversarial loss has no weight.
    public let discriminator: (any Discriminator)?
    /// Optimises the generator.
    public let generatorOptimizer: Optimizer
    /// Optimises the discriminator; `nil` without one.
    public let discriminatorOptimizer: Optimizer?
    /// What decides the losses and the steps.
    public let options: TrainOptions

    /// What the discriminator sees of pairs.
    private(set) var view: PairView
    /// Made pairs of earlier steps; `nil` without `historySize`.
    let history: PairHistory?
    /// Whether the discriminator's penalties are due in the next step.
    var penaltyIsDue = true
    /// How much of the generator's average stays in the next step; `nil` without an average.
    var averageDecay: Double?
    private let device: Device
    /// Compares features of a pretrained network; `nil` where that has no weight.
    let perceptualLoss: PerceptualLoss?
    /// The adversarial loss.
    let adversarialLoss: AdversarialLoss
    // Kept, as every step needs them.
    let discriminatorParameters: [NamedTensor]
    let generatorState: [NamedTensor]
    let averagedState: [NamedTensor]

    /// Makes networks on one device; `initialize` or `load` must follow.
    ///
    /// - Parameters:
    ///   - options: Networks, losses and optimisation; the length and what is done around the steps
    ///     have no effect here.
    ///   - generator: Which generator, in place of that of the options, which need not name one.
    ///   - inputChannels: Channels of the input image, at least 1.
    ///   - targetChannels: Channels of the target image, at least 1.
    ///   - perceptualLoss: Where it has a weight.
    ///   - device: Where the networks lie.
    /// - Throws: ``TorchError`` if there is nothing to learn from, a number is impossible, or there
    ///   is not enough memory.
    public init(
        _ options: TrainOptions,
        generator: TrainOptions.Generator,
        inputChannels: Int,
        targetChannels: Int,
        perceptualLoss: PerceptualLoss? = nil,
        device: Device
    ) throws(TorchError) {
        precondition(
            (options.lambdaPerceptual > 0) == (perceptualLoss != nil),
            "the perceptual loss is there where it has a weight"
        )
        guard options.hasLoss else {
            throw TorchError(
                operation: "pix2pix",
                message: "expected a loss with a weight above 0, found none"
            )
        }
        self.options = options
        self.device = device
        self.perceptualLoss = perceptualLoss
        averageDecay = options.ema
        view = PairView(options, inputChannels: inputChannels)
        history = options.historySize > 0 ? PairHistory(capacity: options.historySize) : nil
        adversarialLoss = AdversarialLoss(
            options.ganLoss,
            labelSmoothing: options.labelSmoothing
        )
        func makeGenerator() throws(TorchError) -> any Generator {
            try options.makeGenerator(
                generator,
                inputChannels: inputChannels,
                targetChannels: targetChannels,
                device: device
            )
        }
        let generator = try makeGenerator()
        self.generator = generator
        if options.ema == nil {
            averagedGenerator = nil
        } else {
            let averaged = try makeGenerator()
            try averaged.setRequiresGradients(false)
            averagedGenerator = averaged
        }
        discriminator = try options.makeDiscriminator(
            channels: inputChannels + targetChannels,
            device: device
        )
        func optimizer(_ network: any Network, rate: Double?) throws(TorchError) -> Optimizer {
            try Optimizer(
                parameters: network.parameters,
                method: options.optimizer,
                learningRate: rate ?? options.lr,
                beta1: options.beta1,
                beta2: options.beta2,
                weightDecay: options.weightDecay
            )
        }
        discriminatorParameters = discriminator?.parameters ?? []
        generatorState = generator.state
        averagedState = averagedGenerator?.state ?? []
        generatorOptimizer = try optimizer(generator, rate: options.lrG)
        if let discriminator {
            discriminatorOptimizer = try optimizer(discriminator, rate: options.lrD)
        } else {
            discriminatorOptimizer = nil
        }
    }

    /// Draws the reference's initial weights from libtorch's default generator.
    ///
    /// The generator's first, as there; their average starts from the generator's.
    ///
    /// - Throws: ``TorchError`` if libtorch refuses.
    public func initialize() throws(TorchError) {
        try generator.initialize()
        try discriminator?.initialize()
        try restartAverage()
    }

    /// Lets the average of the generator's weights, where there is one, start from what they are.
    ///
    /// - Throws: ``TorchError`` if libtorch refuses.
    func restartAverage() throws(TorchError) {
        if averagedGenerator != nil { try averagedState.move(towards: generatorState, by: 1) }
    }

    /// Sets the learning rates.
    ///
    /// - Parameter factor: What the rates of the options are multiplied by, for the steps to come.
    public func setLearningRates(factor: Double) {
        generatorOptimizer.learningRate = factor * (options.lrG ?? options.lr)
        discriminatorOptimizer?.learningRate = factor * (options.lrD ?? options.lr)
    }

    /// Sets what depends on how long the training has gone on.
    ///
    /// The decay of the generator's average, where there is one, is at first lower than that of the
    /// options, so that the random start is soon forgotten: (1 + steps) / (10 + steps), as TensorFlow's
    /// `ExponentialMovingAverage` with `num_updates`. Penalties are due every `penaltyInterval` steps.
    ///
    /// - Parameters:
    ///   - stepsBefore: Steps made before the next one, over all epochs.
    ///   - augmentation: The probability of adaptive augmentations.
    public func prepare(stepsBefore: Int, augmentation: Double) {
        averageDecay = options.ema.map {
            min($0, Double(1 + stepsBefore) / Double(10 + stepsBefore))
        }
        penaltyIsDue = stepsBefore.isMultiple(of: options.penaltyInterval)
        view.probability = augmentation
    }

    /// What makes images outside of training: the averaged generator where there is one.
    public var usedGenerator: any Generator { averagedGenerator ?? generator }

    /// What a checkpoint must hold; the tensors themselves, not copies.
    ///
    /// `generator`, `discriminator` and `generator_ema` have the reference's `state_dict` names,
    /// `generator_optimizer` and `discriminator_optimizer` the moments by those names. Only what
    /// exists is listed: the pairs of `history` from the first step on.
    public var state: [(group: String, tensors: [NamedTensor])] {
        let groups: [(String, [NamedTensor]?)] = [
            ("generator", generator.state), ("discriminator", discriminator?.state),
            ("generator_ema", averagedGenerator?.state),
            ("generator_optimizer", generatorOptimizer.state),
            ("discriminator_optimizer", discriminatorOptimizer?.state),
            ("history", history.flatMap { $0.pairs.isEmpty ? nil : $0.state }),
        ]
        return groups.compactMap { group, tensors in tensors.map { (group: group, tensors: $0) } }
    }

    /// Takes over the state of a checkpoint.
    ///
    /// - Parameter groups: The tensors by the groups and names of ``state``; may lie on another
    ///   device.
    /// - Throws: ``TorchError`` naming what is missing, unexpected or of another shape. The model
    ///   may then hold a part of the checkpoint.
    public func load(_ groups: [String: [String: Tensor]]) throws(TorchError) {
        var expected = Set(state.map(\.group))
        // It grows: its tensors are not known before.
        if history != nil, groups["history"] != nil { expected.insert("history") }
        let missing = expected.subtracting(groups.keys).sorted().map { "\($0) is missing" }
        let unexpected = Set(groups.keys).subtracting(expected).sorted()
            .map { "\($0) is unexpected" }
        guard missing.isEmpty, unexpected.isEmpty else {
            throw TorchError(
                operation: "load weights",
                message: "the groups of tensors do not fit the options: "
                    + (missing + unexpected).joined(separator: ", ")
            )
        }
        try generator.load(groups["generator"] ?? [:])
        try discriminator?.load(groups["discriminator"] ?? [:])
        try averagedGenerator?.load(groups["generator_ema"] ?? [:])
        try generatorOptimizer.load(groups["generator_optimizer"] ?? [:])
        try discriminatorOptimizer?.load(groups["discriminator_optimizer"] ?? [:])
        try history?.load(groups["history"] ?? [:], on: device)
    }
}

@available(*, unavailable)
extension Pix2PixModel: Sendable {}
