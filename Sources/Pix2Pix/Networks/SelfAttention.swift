/// Self-attention: each place gathers from all others, by how much they have to do with it.
///
/// From Zhang et al. 2019 (SAGAN), section 3: `x + gamma * attention(x)`, with queries and keys of an
/// eighth of the channels and gamma 0 at first, so that it starts as nothing. In PyTorch: three 1x1
/// `Conv2d` `query_conv`, `key_conv` and `value_conv`, and a parameter `gamma`. Takes memory for
/// (H W)² numbers an image.
struct SelfAttention: FeatureBlock {
    private let query: Convolution
    private let key: Convolution
    private let value: Convolution
    private let gamma: Share

    /// How much of the attention is added.
    private struct Share: Layer {
        let gamma: Tensor

        var state: [NamedTensor] { [NamedTensor("gamma", gamma, .parameter)] }

        func initialize(standardDeviation: Double) throws(TorchError) { try gamma.fill(0) }
    }

    /// Creates an attention with weights of 0.
    ///
    /// - Throws: ``TorchError`` if there is not enough memory.
    init(channels: Int, isSpectral: Bool, device: Device) throws(TorchError) {
        func convolution(_ outputs: Int) throws(TorchError) -> Convolution {
            try Convolution(
                inputChannels: channels,
                outputChannels: outputs,
                kernelSize: 1,
                stride: 1,
                padding: 0,
                hasBias: true,
                isSpectral: isSpectral,
                device: device
            )
        }
        query = try convolution(max(channels / 8, 1))
        key = try convolution(max(channels / 8, 1))
        value = try convolution(channels)
        gamma = Share(gamma: try .parameter(0, shape: [1], device: device))
    }

    func callAsFunction(_ features: Tensor, mode: ForwardMode) throws(TorchError) -> Tensor {
        // Places are H W of them.
        let queries = try query(features, mode: mode).flattenedPixels()  // [N, C / 8, places]
        let keys = try key(features, mode: mode).flattenedPixels()
        let values = try value(features, mode: mode).flattenedPixels()  // [N, C, places]
        let shares = try queries.transposed(1, 2).batchedProduct(with: keys).softmax()
        let gathered = try values.batchedProduct(with: shares.transposed(1, 2))
        return try features.adding(gathered.reshaped(like: features).multiplied(by: gamma.gamma))
    }

    func layers(named name: String) -> [(name: String, layer: any Layer)] {
        // A module's own parameters come before those of what is in it.
        [
            (name, gamma), ("\(name).query_conv", query), ("\(name).key_conv", key),
            ("\(name).value_conv", value),
        ]
    }
}
