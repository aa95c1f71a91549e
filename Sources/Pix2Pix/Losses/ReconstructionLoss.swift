/// How far made images are from their targets: a mean over all pixels and channels.
public enum ReconstructionLoss: String, CaseIterable, Sendable {
    /// The absolute difference; at most 2 for values in -1...1.
    case l1 = "L1"
    /// The squared difference; at most 4 for values in -1...1.
    case l2 = "L2"
    /// The root of the squared difference and ε²: L1 without its corner at 0.
    case charbonnier = "Charbonnier"

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
        }
    }
}
