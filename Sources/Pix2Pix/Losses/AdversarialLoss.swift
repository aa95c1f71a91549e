public import DatasetKit

/// The adversarial loss: what each network wants the discriminator's logits to be.
///
/// `vanilla` and `lsgan` measure how far logits are from a label: 0 for made images, 1 for real
/// ones. `hinge` and the Wasserstein losses know no labels. The relativistic ones are `vanilla` of how
/// much higher the logits of real pairs are than those of made ones, place by place or than their mean
/// (Jolicoeur-Martineau 2019, RSGAN and RaSGAN).
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

    /// Whether the generator's loss depends on the logits of real pairs, too.
    var generatorNeedsReal: Bool { kind == .relativistic || kind == .relativisticAverage }

    /// What the discriminator pays: `D_real` and `D_fake`, whose sum it lowers.
    ///
    /// - Parameters:
    ///   - real: Its logits of real pairs, for each scale.
    ///   - made: Its logits of made pairs of the same inputs.
    /// - Returns: Two scalars, means over the scales; at least 0 but for the Wasserstein losses.
    /// - Throws: ``TorchError`` if the logits are not floats, or differ in shape.
    public func ofDiscriminator(
        real: [Tensor],
        made: [Tensor]
    ) throws(TorchError) -> (real: Tensor, made: Tensor) {
        var terms: (real: [Tensor], made: [Tensor]) = ([], [])
        for (real, made) in zip(real, made) {
            let compared = try compared(real: real, made: made)
            terms.real.append(try ofReal(compared.real))
            terms.made.append(try ofMade(compared.made))
        }
        return (try .mean(of: terms.real), try .mean(of: terms.made))
    }

    /// What the generator pays for the discriminator's judgements of its images, `G_GAN`.
    ///
    /// - Parameters:
    ///   - made: The logits of made pairs, for each scale.
    ///   - real: Those of real pairs of the same inputs; only the relativistic losses look at them.
    /// - Returns: A scalar, the mean over the scales.
    /// - Throws: ``TorchError`` if the logits are not floats, or differ in shape.
    public func ofGenerator(made: [Tensor], real: [Tensor] = []) throws(TorchError) -> Tensor {
        var terms: [Tensor] = []
        for (scale, made) in made.enumerated() {
            guard generatorNeedsReal else {
                terms.append(try ofGenerator(made))
                continue
            }
            let compared = try compared(real: real[scale], made: made)
            let term = try distance(of: compared.made, to: 1)
            guard kind == .relativisticAverage else {
                terms.append(term)
                continue
            }
            // Half, as the discriminator's sum is halved too.
            let other = try distance(of: compared.real, to: 0)
            terms.append(try term.adding(other).scaled(by: 0.5))
        }
        return try .mean(of: terms)
    }

    /// The logits as they are judged: themselves, or against each other.
    private func compared(
        real: Tensor,
        made: Tensor
    ) throws(TorchError) -> (real: Tensor, made: Tensor) {
        switch kind {
        case .relativistic: (try real.subtracting(made), try made.subtracting(real))
        case .relativisticAverage:
            (try real.subtracting(made.mean()), try made.subtracting(real.mean()))
        default: (real, made)
        }
    }

    /// What the discriminator pays for its judgements of real images.
    private func ofReal(_ logits: Tensor) throws(TorchError) -> Tensor {
        switch kind {
        // Lim & Ye 2017, equation 2: no more to gain beyond a margin of 1.
        case .hinge: try logits.scaled(by: -1).adding(1).relu().mean()
        case .wgan, .wganGP: try logits.mean().scaled(by: -1)
        default: try distance(of: logits, to: 1 - labelSmoothing)
        }
    }

    /// What the discriminator pays for its judgements of made images.
    private func ofMade(_ logits: Tensor) throws(TorchError) -> Tensor {
        switch kind {
        case .hinge: try logits.adding(1).relu().mean()
        case .wgan, .wganGP: try logits.mean()
        default: try distance(of: logits, to: 0)
        }
    }

    /// What the generator pays where it needs only the judgements of its own images.
    private func ofGenerator(_ logits: Tensor) throws(TorchError) -> Tensor {
        switch kind {
        case .hinge, .wgan, .wganGP: try logits.mean().scaled(by: -1)
        default: try distance(of: logits, to: 1)
        }
    }

    /// The mean distance to a label.
    ///
    /// Binary cross entropy (Goodfellow et al. 2014), or squares (Mao et al. 2017).
    private func distance(of logits: Tensor, to label: Double) throws(TorchError) -> Tensor {
        if kind == .lsgan { return try logits.adding(-label).squared().mean() }
        return try logits.binaryCrossEntropy(logitsAgainst: label)
    }
}

extension Tensor {
    /// The mean of some scalars: at least one.
    static func mean(of scalars: [Tensor]) throws(TorchError) -> Tensor {
        scalars.count == 1 ? scalars[0] : try stacked(scalars).mean()
    }
}

extension TrainOptions.GANLoss {
    /// `D_real` and `D_fake` of a discriminator that cannot tell real from made images; `nil` where the
    /// loss has no such value.
    public var undecidedLoss: Double? {
        switch self {
        // log 2: a probability of one half
        case .vanilla, .relativistic, .relativisticAverage: 0.693_147
        case .lsgan: 0.25  // an answer of one half
        case .hinge: 1  // an answer of 0
        case .wgan, .wganGP: nil
        }
    }
}
