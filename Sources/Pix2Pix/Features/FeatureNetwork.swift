/// A pretrained network that images are looked at with: layers one after the other, never trained.
struct FeatureNetwork {
    private let layers: [FeatureLayer<FixedConvolution>]
    /// The channels of each layer's output.
    let channels: [Int]

    /// Reads a network.
    ///
    /// - Parameters:
    ///   - plan: Its layers; the first takes images of 3 channels.
    ///   - weights: Where its tensors are; they decide how wide it is.
    /// - Throws: ``DatasetError`` naming the tensor that is missing or of another shape.
    init(_ plan: [FeatureLayer<ConvolutionPlan>], from weights: FeatureWeights) throws {
        var (width, widths) = (3, [Int]())
        layers = try plan.map { layer in
            defer { widths.append(width) }
            return try layer.filled(from: weights, channels: &width)
        }
        channels = widths
    }

    /// The smallest side of images that have features at some layers.
    func smallestSide(at indices: [Int]) -> Int {
        Array(layers[...(indices.max() ?? 0)]).smallestSide
    }

    /// The features of a batch.
    ///
    /// - Parameters:
    ///   - images: `[N, 3, H, W]`, as the network was trained with.
    ///   - indices: Of layers; those after the last of them are not computed.
    /// - Returns: `[N, channels, …]` for each index, in their order.
    /// - Throws: ``TorchError`` if the images are too small.
    func callAsFunction(_ images: Tensor, at indices: [Int]) throws(TorchError) -> [Tensor] {
        let side = images.shape.suffix(2).min() ?? 0
        let smallest = smallestSide(at: indices)
        guard side >= smallest else {
            throw TorchError(
                operation: "features",
                message: "expected images of at least \(smallest)x\(smallest) pixels, found "
                    + "\(images.shape); look at earlier layers or use larger images"
            )
        }
        return try layers.outputs(of: images, at: indices)
    }
}
