/// The features of VGG-16 or VGG-19 (Simonyan & Zisserman 2015), trained on ImageNet by torchvision.
///
/// The networks without batch normalisation. Which of the two it is follows from the names of the
/// tensors, how wide it is from their shapes.
public struct VGGFeatures {
    /// A layer that features are taken from.
    public struct Layer: Hashable, Sendable {
        /// Its number in torchvision's `features`, from 0.
        public let index: Int
        /// Its usual name: `conv3_2`, `relu3_2` (block, convolution), `pool3` (at the block's end).
        public let name: String
    }

    /// What to download.
    static let advice =
        "download vgg16-397923af.pth or vgg19-dcbb9e9d.pth from https://download.pytorch.org/models/ "
        + "and give its path"

    /// `VGG-16` or `VGG-19`.
    public let name: String
    /// The layers, by their numbers.
    public let layers: [Layer]
    private let network: FeatureNetwork
    private let preparation: ImagePreparation

    /// Reads a file that torchvision's `vgg16` or `vgg19` can load.
    ///
    /// - Parameters:
    ///   - path: The file; the classifier in it is left alone.
    ///   - device: Where to compute.
    /// - Throws: ``DatasetError`` if it cannot be read or holds another network, ``TorchError``.
    public init(path: String, device: Device = .cpu) throws {
        try self.init(FeatureWeights(path: path, device: device, advice: Self.advice))
    }

    /// Takes weights, by names with or without `features.`.
    ///
    /// - Throws: ``DatasetError`` naming what is missing or of another shape, ``TorchError``.
    public init(_ weights: FeatureWeights) throws {
        var weights = weights.byTorchvisionNames
        weights.advice = Self.advice
        if weights.has("features.1.running_mean") {
            throw weights.unfit("expected a VGG without batch normalisation, found one with it")
        }
        // The first places where the two differ: the end of block 3.
        let blocks: [Int]
        if weights.has("features.16.weight") {
            (name, blocks) = ("VGG-19", [2, 2, 4, 4, 4])
        } else if weights.has("features.17.weight") {
            (name, blocks) = ("VGG-16", [2, 2, 3, 3, 3])
        } else {
            throw weights.unfit(
                "expected the weights of a VGG-16 or VGG-19, which have a tensor features.17.weight or "
                    + "features.16.weight, found neither"
            )
        }
        layers = Self.layers(blocks: blocks)
        network = try FeatureNetwork(FeatureLayer.vgg(blocks: blocks), from: weights)
        preparation = try ImagePreparation(device: weights.device)
    }

    /// Finds a layer.
    ///
    /// - Parameter name: Its usual name, such as `relu3_3`, or its number, such as `15`.
    /// - Returns: The layer, or `nil` if there is none.
    public func layer(_ name: String) -> Layer? {
        layers.first { $0.name == name || String($0.index) == name }
    }

    /// The channels that a layer's features have.
    public func channels(of layer: Layer) -> Int { network.channels[layer.index] }

    /// The smallest side of images, in pixels, that have features at some layers.
    public func smallestSide(at layers: [Layer]) -> Int {
        network.smallestSide(at: layers.map(\.index))
    }

    /// The features of a batch of images: recorded for the images' gradients.
    ///
    /// - Parameters:
    ///   - images: `[N, 1 or 3, H, W]`, values in -1...1; normalised here as torchvision's training
    ///     did.
    ///   - layers: Where to take features.
    /// - Returns: `[N, channels, …]` for each layer.
    /// - Throws: ``TorchError`` if there are other channels or the images are too small.
    public func callAsFunction(
        _ images: Tensor,
        at layers: [Layer]
    ) throws(TorchError) -> [Tensor] {
        try network(preparation(images), at: layers.map(\.index))
    }

    private static func layers(blocks: [Int]) -> [Layer] {
        var names: [String] = []
        for (block, convolutions) in blocks.enumerated() {
            for number in 1...convolutions {
                names += ["conv\(block + 1)_\(number)", "relu\(block + 1)_\(number)"]
            }
            names.append("pool\(block + 1)")
        }
        return names.enumerated().map { Layer(index: $0, name: $1) }
    }
}
