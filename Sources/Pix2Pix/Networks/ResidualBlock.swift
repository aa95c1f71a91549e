internal import DatasetKit

/// Two 3x3 convolutions whose result is added to what they got.
///
/// From He et al. 2016, section 3.2; without an activation after the sum, as in the reference's ResNet
/// generator. In PyTorch: `x + conv_block(x)`, `conv_block` being convolution, norm, ReLU,
/// convolution, norm.
struct ResidualBlock: FeatureBlock {
    private let first: (convolution: Convolution, norm: Normalization)
    private let second: (convolution: Convolution, norm: Normalization)

    /// Creates a block with convolution weights of 0.
    ///
    /// - Throws: ``TorchError`` if there is not enough memory.
    init(
        channels: Int,
        norm: TrainOptions.Norm,
        isSpectral: Bool,
        device: Device
    ) throws(TorchError) {
        func half() throws(TorchError) -> (convolution: Convolution, norm: Normalization) {
            (
                try Convolution(
                    inputChannels: channels,
                    outputChannels: channels,
                    kernelSize: 3,
                    stride: 1,
                    padding: 1,
                    hasBias: norm.givesBias,
                    isSpectral: isSpectral,
                    device: device
                ), try Normalization(norm, channels: channels, device: device)
            )
        }
        first = try half()
        second = try half()
    }

    func callAsFunction(_ features: Tensor, mode: ForwardMode) throws(TorchError) -> Tensor {
        let change = try first.norm(first.convolution(features, mode: mode), mode: mode)
        try change.formReLU()
        return try features.adding(
            second.norm(second.convolution(change, mode: mode), mode: mode)
        )
    }

    func layers(named name: String) -> [(name: String, layer: any Layer)] {
        [("\(name).conv_block.0", first.convolution as any Layer)]
            + first.norm.layers(named: "\(name).conv_block.1")
            + [("\(name).conv_block.3", second.convolution)]
            + second.norm.layers(named: "\(name).conv_block.4")
    }
}
