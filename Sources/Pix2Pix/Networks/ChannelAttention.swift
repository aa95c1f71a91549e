/// Channel attention (squeeze and excitation): each channel is weighted by what all of them hold.
///
/// From Hu et al. 2018, section 3, with their reduction of 16, as torchvision's `SqueezeExcitation`:
/// the channels' means, a 1x1 convolution `fc1` to a sixteenth, ReLU, `fc2` back, a sigmoid. The means
/// are those of the activated features, although the activation comes after the block: before it, a
/// normalisation leaves nothing in a channel's mean. The weights are positive, so the order makes no
/// difference to the result.
struct ChannelAttention: FeatureBlock {
    /// How many channels become one in between (section 4.4 of the paper).
    static let reduction = 16

    private let squeeze: Convolution
    private let excite: Convolution
    private let slope: Double

    /// Creates an attention with weights of 0.
    ///
    /// - Parameters:
    ///   - channels: Of the features.
    ///   - slope: Of negative values in the activation that follows; 0 for ReLU.
    ///   - isSpectral: Whether the weights are normalised by their largest singular value.
    ///   - device: Where the weights lie.
    /// - Throws: ``TorchError`` if there is not enough memory.
    init(
        channels: Int,
        slope: Double,
        isSpectral: Bool,
        device: Device
    ) throws(TorchError) {
        self.slope = slope
        func convolution(_ inputs: Int, _ outputs: Int) throws(TorchError) -> Convolution {
            try Convolution(
                inputChannels: inputs,
                outputChannels: outputs,
                kernelSize: 1,
                stride: 1,
                padding: 0,
                hasBias: true,
                isSpectral: isSpectral,
                device: device
            )
        }
        let squeezed = max(channels / Self.reduction, 1)
        squeeze = try convolution(channels, squeezed)
        excite = try convolution(squeezed, channels)
    }

    func callAsFunction(_ features: Tensor, mode: ForwardMode) throws(TorchError) -> Tensor {
        let squeezed = try squeeze(
            features.leakyReLU(slope: slope).mean(over: [2, 3]),
            mode: mode
        ).relu()
        return try features.multiplied(by: excite(squeezed, mode: mode).sigmoid())
    }

    func layers(named name: String) -> [(name: String, layer: any Layer)] {
        [("\(name).fc1", squeeze), ("\(name).fc2", excite)]
    }
}
