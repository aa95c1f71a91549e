/// The structural similarity as a loss: with gradients, where ``ImageQuality`` has only values.
///
/// As the Python package `pytorch-msssim` computes it, for values in −1…1: the Gaussian window of
/// ``GaussianWindow``, only where the whole window lies inside.
enum StructuralSimilarity {
    /// (K₁ L)² and (K₂ L)² for a range L of 2.
    private static let constants = (0.01 * 2 * 0.01 * 2, 0.03 * 2 * 0.03 * 2)
    /// Added to what is raised to a power: at 0 its slope would be infinite.
    private static let epsilon = 1e-6

    /// The mean SSIM of a batch.
    ///
    /// From Wang et al. 2004.
    ///
    /// - Parameters:
    ///   - image: `[N, C, H, W]`, sides of at least 11.
    ///   - target: The same shape.
    /// - Returns: A scalar, −1…1.
    /// - Throws: ``TorchError`` if the images are too small.
    static func ssim(_ image: Tensor, _ target: Tensor) throws(TorchError) -> Tensor {
        try maps(planes(of: image), planes(of: target)).ssim.mean()
    }

    /// The mean MS-SSIM of a batch.
    ///
    /// From Wang et al. 2003. A channel whose contrast or structure is opposed to the target's counts as nearly 0.
    ///
    /// - Parameters:
    ///   - image: `[N, C, H, W]`, sides above ``MultiScale/largestImpossibleSide``.
    ///   - target: The same shape.
    /// - Returns: A scalar, 0…1.
    /// - Throws: ``TorchError`` if the images are too small.
    static func multiScale(_ image: Tensor, _ target: Tensor) throws(TorchError) -> Tensor {
        var (image, target) = (try planes(of: image), try planes(of: target))
        var product: Tensor?
        for (scale, exponent) in MultiScale.exponents.enumerated() {
            if scale > 0 { (image, target) = (try halved(image), try halved(target)) }
            let maps = try maps(image, target)
            let isLast = scale == MultiScale.exponents.count - 1
            // [planes, 1, 1, 1]: each channel of each image for itself.
            let similarity = try (isLast ? maps.ssim : maps.contrast).mean(over: [1, 2, 3])
            let factor = try similarity.relu().adding(epsilon).power(exponent)
            product = try product?.multiplied(by: factor) ?? factor
        }
        guard let product else { return try .full(1, shape: []) }
        return try product.mean()
    }

    /// The similarity at each position, and its part without the comparison of brightness.
    private static func maps(
        _ image: Tensor,
        _ target: Tensor
    ) throws(TorchError) -> (ssim: Tensor, contrast: Tensor) {
        let (means, others) = (try blurred(image), try blurred(target))
        let squares = (try means.squared(), try others.squared())
        let product = try means.multiplied(by: others)
        let variances = try blurred(image.squared()).subtracting(squares.0)
            .adding(blurred(target.squared()).subtracting(squares.1))
        let covariance = try blurred(image.multiplied(by: target)).subtracting(product)
        let contrast = try covariance.scaled(by: 2).adding(constants.1)
            .divided(by: variances.adding(constants.1))
        let brightness = try product.scaled(by: 2).adding(constants.0)
            .divided(by: squares.0.adding(squares.1).adding(constants.0))
        return (try brightness.multiplied(by: contrast), contrast)
    }

    /// `[N, C, H, W]` as `[N C, 1, H, W]`: each channel is compared alone.
    private static func planes(of images: Tensor) throws(TorchError) -> Tensor {
        let shape = images.shape
        return try images.reshaped(to: [shape[0] * shape[1], 1, shape[2], shape[3]])
    }

    /// The window's mean around each position that has a whole window.
    private static func blurred(_ planes: Tensor) throws(TorchError) -> Tensor {
        let weights = GaussianWindow.fullWeights
        let shapes = [[1, 1, weights.count, 1], [1, 1, 1, weights.count]]
        var result = planes
        for shape in shapes {
            let kernel = try Tensor.floats(weights, shape: shape, device: planes.device)
            result = try result.convolved(with: kernel, bias: nil, stride: 1, padding: 0)
        }
        return result
    }

    /// Half the size; an odd side begins and ends with a half of zeros, as there.
    private static func halved(_ planes: Tensor) throws(TorchError) -> Tensor {
        let shape = planes.shape
        return try planes.halved(paddingHeight: shape[2] % 2, paddingWidth: shape[3] % 2)
    }
}
