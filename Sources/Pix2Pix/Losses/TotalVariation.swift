/// How much neighbouring pixels differ, which a weight on it smooths.
///
/// Anisotropic (Rudin et al. 1992; as a loss of image transformation Johnson et al. 2016, section 3.2).
enum TotalVariation {
    /// The total variation of a batch.
    ///
    /// - Parameter images: `[N, C, H, W]`, sides of at least 2.
    /// - Returns: A scalar, at least 0: the mean absolute difference to the pixel below, and to that on
    ///   the right.
    /// - Throws: ``TorchError`` if the images are too small.
    static func of(_ images: Tensor) throws(TorchError) -> Tensor {
        try difference(images, along: 2).adding(difference(images, along: 3))
    }

    private static func difference(
        _ images: Tensor,
        along dimension: Int
    ) throws(TorchError) -> Tensor {
        let length = images.shape[dimension] - 1
        return try images.narrowed(dimension: dimension, start: 1, length: length)
            .meanAbsoluteDifference(
                from: images.narrowed(dimension: dimension, start: 0, length: length)
            )
    }
}
