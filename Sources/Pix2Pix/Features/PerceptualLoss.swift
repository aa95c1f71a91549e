/// How far made images are from their targets in the eyes of a pretrained VGG (Johnson and others
/// 2016, section 3.2).
///
/// The weighted sum over some layers of the distance between both images' features: the mean over
/// all their elements.
public struct PerceptualLoss {
    /// The network that looks at the images.
    public let features: VGGFeatures
    /// Where it looks, and how much that counts.
    public let layers: [(layer: VGGFeatures.Layer, weight: Double)]
    /// What is measured between features.
    public let distance: ReconstructionLoss

    /// Chooses layers.
    ///
    /// - Parameters:
    ///   - features: The network that looks at the images.
    ///   - layers: By usual names or numbers, `relu3_3` or `15`, and their weights; at least one.
    ///   - distance: What is measured between features: squares in the paper.
    /// - Throws: ``TorchError`` if there is no such layer.
    public init(
        _ features: VGGFeatures,
        layers: [(name: String, weight: Double)],
        distance: ReconstructionLoss
    ) throws(TorchError) {
        precondition(!layers.isEmpty, "a loss of no layer is none")
        self.features = features
        self.distance = distance
        self.layers = try layers.map { (name, weight) throws(TorchError) in
            guard let layer = features.layer(name) else {
                throw TorchError(
                    operation: "perceptual loss",
                    message: "expected a layer of \(features.name), found \(name); its layers are "
                        + features.layers.map(\.name).joined(separator: ", ")
                        + ", or their numbers from 0"
                )
            }
            return (layer, weight)
        }
    }

    /// The smallest side of images, in pixels, that it can compare.
    public var smallestSide: Int { features.smallestSide(at: layers.map(\.layer)) }

    /// Checks that images can be compared, before a training begins.
    ///
    /// - Parameters:
    ///   - channels: Of the images.
    ///   - height: In pixels.
    ///   - width: In pixels.
    /// - Throws: ``TorchError`` if there are not 1 or 3 channels, or the images are too small.
    public func check(channels: Int, height: Int, width: Int) throws(TorchError) {
        guard channels == 1 || channels == 3 else {
            throw TorchError(
                operation: "perceptual loss",
                message: "\(features.name) looks at images of 1 or 3 channels, found \(channels)"
            )
        }
        guard min(height, width) >= smallestSide else {
            throw TorchError(
                operation: "perceptual loss",
                message: "\(layers.map(\.layer.name).joined(separator: ", ")) of \(features.name) "
                    + "need images of at least \(smallestSide)x\(smallestSide) pixels, found "
                    + "\(width)x\(height); choose earlier layers or larger images"
            )
        }
    }

    /// The loss of a batch of images, with gradients for `image` alone.
    ///
    /// - Parameters:
    ///   - image: `[N, 1 or 3, H, W]`, values in -1...1: what the generator made.
    ///   - target: Of the same shape: what it should have made.
    /// - Returns: A scalar, at least 0.
    /// - Throws: ``TorchError`` if the shapes differ, there are other channels, or the images are too
    ///   small.
    public func callAsFunction(
        of image: Tensor,
        against target: Tensor
    ) throws(TorchError) -> Tensor {
        let places = layers.map(\.layer)
        let wanted = try withoutGradients { () throws(TorchError) in
            try features(target, at: places)
        }
        var loss = try Tensor.full(0, shape: [], device: image.device)
        for (number, found) in try features(image, at: places).enumerated() {
            let distance = try distance(of: found, against: wanted[number])
            loss = try loss.adding(distance.scaled(by: layers[number].weight))
        }
        return loss
    }
}
