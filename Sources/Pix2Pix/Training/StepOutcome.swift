/// Some of the pairs of a step: what the networks see at once.
public struct TrainingPart {
    /// `[N, inputChannels, H, W]`, floats in -1...1.
    public var input: Tensor
    /// `[N, outputChannels, H, W]`, floats in -1...1.
    public var target: Tensor
    /// Of its dropout masks, and of the gradient penalty's mixtures.
    public var seed: UInt64

    /// Creates a part.
    public init(
        input: Tensor,
        target: Tensor,
        seed: UInt64
    ) {
        self.input = input
        self.target = target
        self.seed = seed
    }

    /// How many pairs it has.
    var count: Int { input.shape.first ?? 0 }
}

/// What a step tells of itself.
public struct StepOutcome: Equatable, Sendable {
    /// What the networks were trained by.
    public var losses: StepLosses
    /// How the networks stand to each other.
    public var diagnostics: StepDiagnostics

    /// Creates an outcome.
    public init(losses: StepLosses, diagnostics: StepDiagnostics) {
        self.losses = losses
        self.diagnostics = diagnostics
    }
}

/// The losses of one training step, by the names that every pix2pix user knows.
///
/// Only those in use, in this order: `G_GAN`, `G_L1`, `G_L2`, `G_Charbonnier`, `G_SSIM`, `G_MS_SSIM`,
/// `G_FM`, `G_TV`, `D_real`, `D_fake`, `D_GP`, `D_R1`. Those of the generator and the penalties include
/// their weights; those of the discriminator are before the halving of its sum.
public struct StepLosses: Codable, Equatable, Sendable {
    /// Their names.
    public private(set) var names: [String]
    /// Their values, in the order of the names.
    public private(set) var values: [Double]

    /// Lists losses; none by default, to which others can be added.
    public init(_ named: [(name: String, value: Double)] = []) {
        names = named.map(\.name)
        values = named.map(\.value)
    }

    /// The losses by name, in order.
    public var named: [(name: String, value: Double)] {
        zip(names, values).map { (name: $0, value: $1) }
    }

    /// Whether no loss is infinite or not a number.
    public var isFinite: Bool { values.allSatisfy(\.isFinite) }

    /// One loss by its name; `nil` where it is not in use.
    public subscript(name: String) -> Double? {
        names.firstIndex(of: name).map { values[$0] }
    }

    /// Adds the losses of another step of the same training.
    public mutating func add(_ other: StepLosses) {
        if names.isEmpty {
            self = other
        } else {
            precondition(names == other.names, "the losses of one training")
            for index in values.indices { values[index] += other.values[index] }
        }
    }

    /// All losses divided by a number, for means.
    public func divided(by number: Double) -> StepLosses {
        var losses = self
        for index in values.indices { losses.values[index] /= number }
        return losses
    }
}

/// What tells a collapse of the adversarial game, of one step.
public struct StepDiagnostics: Equatable, Sendable {
    /// The discriminator's mean logit of real pairs, before its update; above 0 for "real".
    ///
    /// `nil` without a discriminator.
    public var realScore: Double?
    /// The discriminator's mean logit of made pairs, before its update.
    ///
    /// `nil` without a discriminator.
    public var fakeScore: Double?
    /// The mean sign of the discriminator's logits of real pairs, −1…1; `nil` without adaptive
    /// augmentation.
    public var realSign: Double?
    /// How much the made images vary: the standard deviation over the pixels of each channel, its
    /// mean over channels and images; 0 for images of one colour each.
    public var outputDeviation: Double

    /// Creates a set of numbers.
    public init(
        realScore: Double?,
        fakeScore: Double?,
        realSign: Double? = nil,
        outputDeviation: Double
    ) {
        self.realSign = realSign
        self.realScore = realScore
        self.fakeScore = fakeScore
        self.outputDeviation = outputDeviation
    }
}

/// Numbers of a step while they are on the device: read at once, as each reading waits for it.
struct StepMeasurements {
    /// What is measured; losses by their names, in the order in which they are told.
    enum Quantity: String, CaseIterable {
        case generatorGAN = "G_GAN"
        case generatorL1 = "G_L1"
        case generatorL2 = "G_L2"
        case generatorCharbonnier = "G_Charbonnier"
        case generatorSSIM = "G_SSIM"
        case generatorMultiScaleSSIM = "G_MS_SSIM"
        case generatorPerceptual = "G_perceptual"
        case generatorFeatures = "G_FM"
        case generatorVariation = "G_TV"
        case discriminatorReal = "D_real"
        case discriminatorFake = "D_fake"
        case gradientPenalty = "D_GP"
        case r1Penalty = "D_R1"
        case realScore, fakeScore, realSign, outputDeviation

        /// Whether it is a loss.
        var isLoss: Bool {
            switch self {
            case .realScore, .fakeScore, .realSign, .outputDeviation: false
            default: true
            }
        }

        /// The generator's loss by how far its images are from their targets.
        init(_ loss: ReconstructionLoss) {
            switch loss {
            case .l1: self = .generatorL1
            case .l2: self = .generatorL2
            case .charbonnier: self = .generatorCharbonnier
            case .ssim: self = .generatorSSIM
            case .msSSIM: self = .generatorMultiScaleSSIM
            }
        }
    }

    private var entries: [(quantity: Quantity, share: Double, value: Tensor)] = []

    /// Keeps a scalar for later.
    ///
    /// - Parameters:
    ///   - quantity: What it is.
    ///   - value: The scalar.
    ///   - share: The share of its pairs in the step.
    /// - Throws: ``TorchError`` if libtorch refuses.
    mutating func add(
        _ quantity: Quantity,
        _ value: Tensor,
        share: Double
    ) throws(TorchError) {
        entries.append((quantity, share, try value.detached()))
    }

    /// Reads everything.
    ///
    /// - Returns: Sums over the parts.
    /// - Throws: ``TorchError`` if the device has failed.
    func outcome() throws(TorchError) -> StepOutcome {
        let values = try Tensor.stacked(entries.map(\.value)).floats()
        var sums: [Quantity: Double] = [:]
        for (entry, value) in zip(entries, values) {
            sums[entry.quantity, default: 0] += entry.share * Double(value)
        }
        return StepOutcome(
            losses: StepLosses(
                Quantity.allCases.compactMap { quantity in
                    guard quantity.isLoss, let sum = sums[quantity] else { return nil }
                    return (name: quantity.rawValue, value: sum)
                }
            ),
            diagnostics: StepDiagnostics(
                realScore: sums[.realScore],
                fakeScore: sums[.fakeScore],
                realSign: sums[.realSign],
                outputDeviation: sums[.outputDeviation] ?? 0
            )
        )
    }
}
