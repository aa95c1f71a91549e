/// How far the discriminator's features of made pairs are from those of real ones.
///
/// From Wang et al. 2018 (pix2pixHD), section 3.3, as their code weighs it: the L1 of each layer's features,
/// summed and scaled by 4 / the number of layers, the mean over the scales.
enum FeatureMatching {
    /// What the sum over the layers is multiplied by, times their number.
    private static let scale = 4.0

    /// The loss.
    ///
    /// - Parameters:
    ///   - made: The judgements of made pairs, a scale each.
    ///   - real: Those of the real pairs of the same inputs.
    /// - Returns: A scalar, at least 0, with gradients to the made pairs only.
    /// - Throws: ``TorchError`` if the shapes differ.
    static func loss(
        made: [Judgement],
        real: [Judgement]
    ) throws(TorchError) -> Tensor {
        var terms: [Tensor] = []
        for (made, real) in zip(made, real) {
            var layers: [Tensor] = []
            for (feature, wanted) in zip(made.features, real.features) {
                layers.append(try feature.meanAbsoluteDifference(from: wanted.detached()))
            }
            // As many as the mean has, times the scale.
            terms.append(try .mean(of: layers).scaled(by: scale))
        }
        return try .mean(of: terms)
    }
}
