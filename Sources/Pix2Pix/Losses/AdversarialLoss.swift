public import DatasetKit

/// The adversarial loss: what each network wants the discriminator's logits to be.
///
/// `vanilla` and `lsgan` measure how far logits are from a label: 0 for made images, 1 for real
/// ones. `hinge` and `wgan-gp` know no labels.
public struct AdversarialLoss: Sendable {
    /// Which loss.
    public var kind: TrainOptions.GANLoss
    /// How far the discriminator's label of real images lies below 1.
    ///
    /// One-sided (Salimans et al. 2016, section 3.4): neither the label of made images nor the
    /// generator's aim moves. Without labels it has no effect.
    public var labelSmoothing: Double

    /// Chooses a loss.
    public init(_ kind: TrainOptions.GANLoss, labelSmoothing: Double = 0) {
        self.kind = kind
        self.labelSmoothing = labelSmoothing
    }

    /// What the discriminator pays for its judgements of real images, `D_real`.
    ///
    /// - Parameter logits: Of any shape.
    /// - Returns: A scalar; at least 0 but for `wgan-gp`.
    /// - Throws: ``TorchError`` if the logits are not floats.
    public func ofReal(_ logits: Tensor) throws(TorchError) -> Tensor {
        switch kind {
        case .vanilla, .lsgan: try distance(of: logits, to: 1 - labelSmoothing)
        // Lim & Ye 2017, equation 2: no more to gain beyond a margin of 1.
        case .hinge: try logits.scaled(by: -1).adding(1).relu().mean()
        case .wganGP: try logits.mean().scaled(by: -1)
        }
    }

    /// What the discriminator pays for its judgements of made images, `D_fake`.
    ///
    /// - Parameter logits: Of any shape.
    /// - Returns: A scalar; at least 0 but for `wgan-gp`.
    /// - Throws: ``TorchError`` if the logits are not floats.
    public func ofFake(_ logits: Tensor) throws(TorchError) -> Tensor {
        switch kind {
        case .vanilla, .lsgan: try distance(of: logits, to: 0)
        case .hinge: try logits.adding(1).relu().mean()
        case .wganGP: try logits.mean()
        }
    }

    /// What the generator pays for the discriminator's judgements of its images, `G_GAN`.
    ///
    /// - Parameter logits: Of any shape.
    /// - Returns: A scalar.
    /// - Throws: ``TorchError`` if the logits are not floats.
    public func ofGenerator(_ logits: Tensor) throws(TorchError) -> Tensor {
        switch kind {
        case .vanilla, .lsgan: try distance(of: logits, to: 1)
        case .hinge, .wganGP: try logits.mean().scaled(by: -1)
        }
    }

    /// The mean distance to a label.
    ///
    /// Binary cross entropy (Goodfellow et al. 2014), or squares (Mao et al. 2017).
    private func distance(of logits: Tensor, to label: Double) throws(TorchError) -> Tensor {
        if kind == .vanilla { return try logits.binaryCrossEntropy(logitsAgainst: label) }
        return try logits.adding(-label).squared().mean()
    }
}

/// The gradient penalty of `wgan-gp`: the discriminator's slope between real and made shall be 1.
///
/// From Gulrajani et al. 2017, section 4.
public enum GradientPenalty {
    /// Added to each gradient, as the reference's `cal_gradient_penalty` does: the slope of a root
    /// at 0 is infinite.
    static let epsilon = 1e-16

    /// Measures how far the slope is from 1.
    ///
    /// Each pair is a mixture of real and made, in a proportion drawn from libtorch's default
    /// generator, uniformly. Running statistics move as by any batch.
    ///
    /// - Parameters:
    ///   - discriminator: Whose slope.
    ///   - real: `[N, channels, H, W]`: input and target.
    ///   - made: The same shape: input and what was made of it, without history.
    /// - Returns: A scalar, at least 0: the mean over the pairs of (norm of the gradient − 1)².
    /// - Throws: ``TorchError`` if the shapes do not fit or there is not enough memory.
    public static func penalty(
        of discriminator: any Discriminator,
        real: Tensor,
        made: Tensor
    ) throws(TorchError) -> Tensor {
        let share = try Tensor.full(0, shape: [real.shape[0], 1, 1, 1], device: real.device)
        try share.fillUniform()
        let mixed = try share.multiplied(by: real)
            .adding(share.scaled(by: -1).adding(1).multiplied(by: made))
        try mixed.setRequiresGradient(true)
        let logits = try discriminator(mixed, mode: .training)
        return try logits.gradientOfSum(withRespectTo: mixed).adding(epsilon).normOfEntries()
            .adding(-1).squared().mean()
    }
}

extension TrainOptions.GANLoss {
    /// `D_real` and `D_fake` of a discriminator that cannot tell real from made images; `nil` where the
    /// loss has no such value.
    public var undecidedLoss: Double? {
        switch self {
        case .vanilla: 0.693_147  // log 2: a probability of one half
        case .lsgan: 0.25  // an answer of one half
        case .hinge: 1  // an answer of 0
        case .wganGP: nil
        }
    }
}
