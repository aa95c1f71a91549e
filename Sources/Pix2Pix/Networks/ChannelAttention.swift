/// Channel attention (squeeze and excitation): each channel is weighted by what all of them hold.
///
/// From Hu et al. 2018, section 3, with their reduction of 16, as torchvision's `SqueezeExcitation`:
/// the channels' means, a 1x1 convolution `fc1` to a sixteenth, ReLU, `fc2` back, a sigmoid.
struct ChannelAttention: FeatureBlock {
    /// How many channels become one in between (section 4.4 of the paper).
    static let reduction = 16

    private let squeeze: Convolution
    private let excite: Convolution

    /// Creates an attention with weights of 0.
    ///
    /// - Throws: ``TorchError`` if there is not enough memory.
    init(channels: Int, isSpectral: Bool, device: Device) throws(TorchError) {
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
        let squeezed = try squeeze(features.mean(over: [2, 3]), mode: mode).relu()
        return try features.multiplied(by: excite(squeezed, mode: mode).sigmoid())
    }

    func layers(named name: String) -> [(name: String, layer: any Layer)] {
        [("\(name).fc1", squeeze), ("\(name).fc2", excite)]
    }
}
