/// How far made images are from their targets: a mean over the batch.
public enum ReconstructionLoss: String, CaseIterable, Sendable {
    /// The absolute difference; at most 2 for values in -1...1.
    case l1 = "L1"
    /// The squared difference; at most 4 for values in -1...1.
    case l2 = "L2"
    /// The root of the squared difference and ε²: L1 without its corner at 0.
    case charbonnier = "Charbonnier"
    /// 1 less the structural similarity (Wang et al. 2004; as a loss Zhao et al. 2017): 0 to 2.
    case ssim = "SSIM"
    /// 1 less the structural similarity over five scales: 0 to 1.
    case msSSIM = "MS_SSIM"

    /// ε of the Charbonnier loss.
    ///
    /// From Lai et al. 2017 (LapSRN), section 3.2.
    public static let charbonnierEpsilon = 1e-3

    /// The loss of a batch of images.
    ///
    /// - Parameters:
    ///   - image: `[N, C, H, W]`: what the generator made.
    ///   - target: `[N, C, H, W]`: what it should have made.
    /// - Returns: A scalar, at least 0.
    /// - Throws: ``TorchError`` if the shapes differ.
    public func callAsFunction(
        of image: Tensor,
        against target: Tensor
    ) throws(TorchError) -> Tensor {
        guard image.shape == target.shape else {
            throw TorchError(
                operation: "\(rawValue) loss",
                message: "expected images of one shape, found \(image.shape) and \(target.shape)"
            )
        }
        switch self {
        case .l1: return try image.meanAbsoluteDifference(from: target)
        case .l2: return try image.meanSquaredDifference(from: target)
        case .charbonnier:
            let epsilon = Self.charbonnierEpsilon
            return try image.subtracting(target).squared().adding(epsilon * epsilon).squareRoot()
                .mean()
        case .ssim: return try Self.oneLess(StructuralSimilarity.ssim(image, target))
        case .msSSIM: return try Self.oneLess(StructuralSimilarity.multiScale(image, target))
        }
    }
    private static func oneLess(_ similarity: Tensor) throws(TorchError) -> Tensor {
        try similarity.scaled(by: -1).adding(1)
    }

    /// The smallest side of an image that it can be taken of.
    var minimumSide: Int {
        switch self {
        case .l1, .l2, .charbonnier: 1
        case .ssim: GaussianWindow.width
        case .msSSIM: MultiScale.largestImpossibleSide + 1
        }
    }
}
