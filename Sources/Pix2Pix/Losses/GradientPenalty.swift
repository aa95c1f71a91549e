/// Penalties for how steep a discriminator is.
///
/// Each looks at the gradient of the sum of all logits; with several scales, at each scale's, and takes
/// the mean. What is done to a pair before the discriminator sees it is part of the way.
public enum GradientPenalty {
    /// Judges a batch of pairs, `[N, channels, H, W]`.
    public typealias Judge = (Tensor) throws(TorchError) -> [Judgement]

    /// Added to each gradient, as the reference's `cal_gradient_penalty` does: the slope of a root
    /// at 0 is infinite.
    static let epsilon = 1e-16

    /// Measures how far the slope is from 1 between real and made pairs.
    ///
    /// From Gulrajani et al. 2017, section 4. Each pair is a mixture of real and made, in a proportion
    /// drawn from libtorch's default generator, uniformly. Running statistics move as by any batch.
    ///
    /// - Parameters:
    ///   - real: `[N, channels, H, W]`: input and target.
    ///   - made: The same shape: input and what was made of it, without history.
    ///   - judge: The discriminator.
    /// - Returns: A scalar, at least 0: the mean over the pairs of (norm of the gradient − 1)².
    /// - Throws: ``TorchError`` if the shapes do not fit or there is not enough memory.
    public static func oneCentered(
        real: Tensor,
        made: Tensor,
        by judge: Judge
    ) throws(TorchError) -> Tensor {
        let share = try Tensor.full(0, shape: [real.shape[0], 1, 1, 1], device: real.device)
        try share.fillUniform()
        let mixed = try share.multiplied(by: real)
            .adding(share.scaled(by: -1).adding(1).multiplied(by: made))
        return try mean(of: mixed, by: judge) { (gradient) throws(TorchError) in
            try gradient.adding(epsilon).normOfEntries().adding(-1).squared()
        }
    }

    /// Measures the slope at real pairs: R1.
    ///
    /// From Mescheder et al. 2018, section 4.1.
    ///
    /// - Parameters:
    ///   - real: `[N, channels, H, W]`: input and target.
    ///   - judge: The discriminator.
    /// - Returns: A scalar, at least 0: half the mean over the pairs of the gradient's squared norm.
    /// - Throws: ``TorchError`` if the shapes do not fit or there is not enough memory.
    public static func r1(real: Tensor, by judge: Judge) throws(TorchError) -> Tensor {
        try mean(of: real.detached().cloned(), by: judge) { (gradient) throws(TorchError) in
            let (pairs, numbers) = (gradient.shape[0], gradient.elementCount)
            // The sum of squares of each pair, halved, from their mean.
            return try gradient.squared().mean().scaled(by: 0.5 * Double(numbers / pairs))
        }
    }

    /// The mean over the scales of what a measure says of the gradient at some pairs.
    private static func mean(
        of pairs: Tensor,
        by judge: Judge,
        _ measure: (Tensor) throws(TorchError) -> Tensor
    ) throws(TorchError) -> Tensor {
        try pairs.setRequiresGradient(true)
        var penalties: [Tensor] = []
        for judgement in try judge(pairs) {
            let gradient = try judgement.logits.gradientOfSum(withRespectTo: pairs)
            penalties.append(try measure(gradient).mean())
        }
        return try .mean(of: penalties)
    }
}
