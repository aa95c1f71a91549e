/// The adversarial loss: how far logits are from "all real" or "all fake".
///
/// Mean binary cross entropy (Goodfellow et al. 2014), with labels of 1 and 0, as the reference's
/// `GANLoss("vanilla")`.
public enum GANLoss {
    /// What the patches shall be judged as.
    public enum Label: Double, Sendable {
        /// Made by the generator.
        case fake = 0
        /// From the dataset.
        case real = 1
    }

    /// The loss of a batch of judgements.
    ///
    /// - Parameters:
    ///   - logits: What the discriminator gave, of any shape.
    ///   - label: What it should have said of every patch.
    /// - Returns: A scalar, at least 0; log 2 where the logits are 0.
    /// - Throws: ``TorchError`` if the logits are not floats.
    public static func loss(
        of logits: Tensor,
        against label: Label
    ) throws(TorchError) -> Tensor {
        try logits.binaryCrossEntropy(logitsAgainst: label.rawValue)
    }
}

/// The L1 loss: the mean absolute difference over all pixels and channels.
public enum L1Loss {
    /// The loss of a batch of images.
    ///
    /// - Parameters:
    ///   - image: `[N, C, H, W]`: what the generator made.
    ///   - target: `[N, C, H, W]`: what it should have made.
    /// - Returns: A scalar, at least 0; at most 2 for values in -1...1.
    /// - Throws: ``TorchError`` if the shapes differ.
    public static func loss(
        of image: Tensor,
        against target: Tensor
    ) throws(TorchError) -> Tensor {
        guard image.shape == target.shape else {
            throw TorchError(
                operation: "L1 loss",
                message: "expected images of one shape, found \(image.shape) and \(target.shape)"
            )
        }
        return try image.meanAbsoluteDifference(from: target)
    }
}
