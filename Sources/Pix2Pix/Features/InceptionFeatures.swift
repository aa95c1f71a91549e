/// The features that FID compares sets of images by: the last pooling of an Inception v3.
///
/// As the package pytorch-fid computes them. `torchvision.models.inception_v3` has other weights, and
/// clean-fid makes images smaller in another way: their values are others.
public struct InceptionFeatures {
    /// The side that images are brought to, in pixels: `InceptionV3(resize_input=True)` of pytorch-fid.
    static let side = 299

    /// What to download.
    static let advice =
        "download pt_inception-2015-12-05-6726825d.pth from "
        + "https://github.com/mseitzer/pytorch-fid/releases/tag/fid_weights and give its path"

    private let network: FeatureNetwork
    private let last: Int

    /// Reads pytorch-fid's file.
    ///
    /// - Parameters:
    ///   - path: The file; the classifier in it is left alone.
    ///   - device: Where to compute.
    /// - Throws: ``DatasetError`` if it cannot be read or holds another network, ``TorchError``.
    public init(path: String, device: Device = .cpu) throws {
        try self.init(FeatureWeights(path: path, device: device, advice: Self.advice))
    }

    /// Takes weights, by pytorch-fid's names.
    ///
    /// - Throws: ``DatasetError`` naming what is missing or of another shape, ``TorchError``.
    public init(_ weights: FeatureWeights) throws {
        var weights = weights
        weights.advice = Self.advice
        if weights.hasSome("AuxLogits.") {
            throw weights.unfit(
                "expected the Inception of FID, found torchvision's (it has AuxLogits), which gives other "
                    + "values"
            )
        }
        let plan = FeatureLayer.fidInception
        network = try FeatureNetwork(plan, from: weights)
        last = plan.count - 1
    }

    /// The features of one image: 2048, unless the file's network is narrower.
    public var count: Int { network.channels[last] }

    /// The features of a batch of images: not recorded.
    ///
    /// - Parameter images: `[N, 1 or 3, H, W]`, values in -1...1, of any size. Saved images have steps
    ///   of 1 / 127.5: round to them to compare with what pytorch-fid says of files.
    /// - Returns: `[N, count]`.
    /// - Throws: ``TorchError`` if there are other channels.
    public func callAsFunction(_ images: Tensor) throws(TorchError) -> Tensor {
        try withoutGradients { () throws(TorchError) in
            let resized = try ImagePreparation.inColour(images)
                .resizedBilinearly(height: Self.side, width: Self.side)
            return try network(resized, at: [last])[0].meanOverPixels()
        }
    }
}
