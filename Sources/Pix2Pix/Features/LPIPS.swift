/// The learned perceptual similarity of images, LPIPS 0.1 (Zhang and others 2018): lower is better.
///
/// As the package lpips computes it: the features of a classifier at five to seven layers, each
/// pixel's at length 1; their squared differences, weighted by channel as people judged; the mean
/// over pixels, the sum over layers.
public struct LPIPS {
    /// The classifiers that there are weights for.
    public enum Backbone: String, CaseIterable, Sendable {
        /// The package's default.
        case alex
        /// VGG-16.
        case vgg
        /// SqueezeNet 1.1.
        case squeeze

        /// The layers that it compares: the ends of lpips' slices, `pretrained_networks.py`.
        var indices: [Int] {
            switch self {
            case .alex: [1, 4, 7, 9, 11]
            case .vgg: [3, 8, 15, 22, 29]
            case .squeeze: [1, 4, 7, 9, 10, 11, 12]
            }
        }

        /// Torchvision's layers.
        var plan: [FeatureLayer<ConvolutionPlan>] {
            switch self {
            case .alex: FeatureLayer.alexNet
            case .vgg: FeatureLayer.vgg(blocks: [2, 2, 3, 3, 3])
            case .squeeze: FeatureLayer.squeezeNet
            }
        }

        /// A tensor that it alone has.
        var mark: String {
            switch self {
            case .alex: "features.6.weight"
            case .vgg: "features.17.weight"
            case .squeeze: "features.3.squeeze.weight"
            }
        }
    }

    /// Added to the length of a pixel's features that they are divided by: `normalize_tensor` of lpips.
    static let epsilon = 1e-10

    /// What to download.
    static let advice =
        "LPIPS needs a classifier (alexnet-owt-7be5be79.pth, vgg16-397923af.pth or "
        + "squeezenet1_1-b8a52dc0.pth from https://download.pytorch.org/models/) and its heads "
        + "(alex.pth, vgg.pth or squeeze.pth from lpips/weights/v0.1 in "
        + "https://github.com/richzhang/PerceptualSimilarity), or one file with the state_dict of "
        + "lpips.LPIPS"

    /// Which classifier it is.
    public let backbone: Backbone
    private let network: FeatureNetwork
    private let heads: [Tensor]
    private let preparation: ImagePreparation

    /// Reads a classifier and the heads that belong to it.
    ///
    /// - Parameters:
    ///   - path: Torchvision's AlexNet, VGG-16 or SqueezeNet 1.1, or all of lpips' own network.
    ///   - headsPath: lpips' heads; `nil` if they are in the same file.
    ///   - device: Where to compute.
    /// - Throws: ``DatasetError`` if a file cannot be read or does not fit, ``TorchError``.
    public init(path: String, headsPath: String? = nil, device: Device = .cpu) throws {
        let weights = try FeatureWeights(path: path, device: device, advice: Self.advice)
        let heads = try headsPath.map { path throws in
            try FeatureWeights(path: path, device: device, advice: Self.advice)
        }
        try self.init(weights, heads: heads ?? weights)
    }

    /// Takes weights.
    ///
    /// - Parameters:
    ///   - weights: The classifier, by torchvision's names (`features.0.weight`) or lpips'
    ///     (`net.slice1.0.weight`); which one it is follows from them.
    ///   - heads: `lin0.model.1.weight` and so on.
    /// - Throws: ``DatasetError`` naming what is missing or of another shape, ``TorchError``.
    public init(_ weights: FeatureWeights, heads: FeatureWeights) throws {
        var (weights, heads) = (weights.byTorchvisionNames, heads)
        (weights.advice, heads.advice) = (Self.advice, Self.advice)
        guard let backbone = Backbone.allCases.first(where: { weights.has($0.mark) }),
            // VGG-19 and networks with batch normalisation.
            !weights.has("features.16.weight"), !weights.has("features.1.running_mean")
        else {
            throw weights.unfit("expected the weights of AlexNet, VGG-16 or SqueezeNet 1.1")
        }
        self.backbone = backbone
        network = try FeatureNetwork(backbone.plan, from: weights)
        var tensors: [Tensor] = []
        for (number, index) in backbone.indices.enumerated() {
            // The second of two modules where training dropped elements before it, otherwise alone.
            let names = [1, 0].map { "lin\(number).model.\($0).weight" }
            let name = names.first(where: heads.has) ?? names[0]
            tensors.append(try heads.tensor(name, shape: [1, network.channels[index], 1, 1]))
        }
        self.heads = tensors
        preparation = try ImagePreparation(device: weights.device)
    }

    /// The smallest side of images, in pixels, that it can compare.
    public var smallestSide: Int { network.smallestSide(at: backbone.indices) }

    /// The distance of each image from its target: recorded for gradients.
    ///
    /// - Parameters:
    ///   - image: `[N, 1 or 3, H, W]`, values in -1...1.
    ///   - target: Of the same shape.
    /// - Returns: `[N]`; 0 for equal images.
    /// - Throws: ``TorchError`` if the shapes differ, there are other channels, or the images are too
    ///   small.
    public func callAsFunction(
        of image: Tensor,
        against target: Tensor
    ) throws(TorchError) -> Tensor {
        guard image.shape == target.shape, let count = image.shape.first else {
            throw TorchError(
                operation: "LPIPS",
                message: "expected images of one shape, found \(image.shape) and \(target.shape)"
            )
        }
        let found = try network(preparation(image), at: backbone.indices)
        let wanted = try network(preparation(target), at: backbone.indices)
        var sum = try Tensor.full(0, shape: [count, 1], device: image.device)
        for (number, head) in heads.enumerated() {
            let difference = try found[number].channelsNormalized(epsilon: Self.epsilon)
                .subtracting(wanted[number].channelsNormalized(epsilon: Self.epsilon))
            let judged = try difference.squared()
                .convolved(with: head, bias: nil, stride: 1, padding: 0)
            sum = try sum.adding(judged.meanOverPixels())
        }
        return try sum.reshaped(to: [count])
    }
}
