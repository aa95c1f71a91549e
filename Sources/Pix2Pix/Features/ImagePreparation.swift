/// Brings images of a training, values in -1...1, to what a pretrained network was trained with.
struct ImagePreparation {
    /// The means of ImageNet's channels, red, green, blue, for values in 0...1.
    ///
    /// From torchvision's documentation of its pretrained models, with ``deviations``. The
    /// `ScalingLayer` of the package lpips 0.1 has the same numbers for -1...1: -0.030, -0.088, -0.188
    /// and 0.458, 0.448, 0.450.
    static let means = [0.485, 0.456, 0.406]
    /// Their standard deviations.
    static let deviations = [0.229, 0.224, 0.225]

    private let scale: Tensor
    private let offset: Tensor

    /// Prepares for networks that were trained with normalised images.
    ///
    /// - Throws: ``TorchError`` if there is not enough memory.
    init(device: Device) throws(TorchError) {
        // ((x + 1) / 2 - mean) / deviation
        scale = try .floats(
            Self.deviations.map { Float(0.5 / $0) },
            shape: [1, 3, 1, 1],
            device: device
        )
        offset = try .floats(
            zip(Self.means, Self.deviations).map { Float((0.5 - $0) / $1) },
            shape: [1, 3, 1, 1],
            device: device
        )
    }

    /// Normalises images.
    ///
    /// - Parameter images: `[N, 1 or 3, H, W]`, values in -1...1.
    /// - Returns: `[N, 3, H, W]`.
    /// - Throws: ``TorchError`` if they have other channels.
    func callAsFunction(_ images: Tensor) throws(TorchError) -> Tensor {
        try Self.inColour(images).multiplied(by: scale).adding(offset)
    }

    /// Images of 3 channels: grey ones have the same one three times.
    ///
    /// - Parameter images: `[N, 1 or 3, H, W]`.
    /// - Returns: `[N, 3, H, W]`.
    /// - Throws: ``TorchError`` if they have other channels.
    static func inColour(_ images: Tensor) throws(TorchError) -> Tensor {
        let shape = images.shape
        guard shape.count == 4, shape[1] == 1 || shape[1] == 3 else {
            throw TorchError(
                operation: "features",
                message:
                    "pretrained networks look at images of 1 or 3 channels, [N, C, H, W], found "
                    + "\(shape)"
            )
        }
        return shape[1] == 3 ? images : try .concatenated([images, images, images], dimension: 1)
    }
}
