/// A convolution of a pretrained network: its numbers stay as they are and receive no gradients.
struct FixedConvolution {
    /// Added to the variance by the batch normalisation of torchvision's `inception.BasicConv2d`.
    static let epsilon = 0.001

    /// `[outputChannels, inputChannels, a, b]`.
    let weight: Tensor
    /// `[outputChannels]`.
    let bias: Tensor
    /// The square that it looks at; of oblong kernels the height.
    let window: PoolWindow
    private let padding: (height: Int, width: Int)

    /// Reads a convolution; one with batch normalisation becomes one without, and a bias instead.
    ///
    /// - Parameters:
    ///   - plan: What it is.
    ///   - inputChannels: Of its input.
    ///   - weights: Where its tensors are.
    /// - Throws: ``DatasetError`` naming the tensor that is missing or of another shape.
    init(_ plan: ConvolutionPlan, inputChannels: Int, from weights: FeatureWeights) throws {
        window = PoolWindow(
            size: plan.kernel.height,
            stride: plan.stride,
            padding: plan.padding.height
        )
        padding = plan.padding
        let shape = [nil, inputChannels, plan.kernel.height, plan.kernel.width]
        guard plan.isNormalized else {
            weight = try weights.tensor("\(plan.name).weight", shape: shape)
            bias = try weights.tensor("\(plan.name).bias", shape: [weight.shape[0]])
            return
        }
        let kernel = try weights.tensor("\(plan.name).conv.weight", shape: shape)
        let (channels, length) = (kernel.shape[0], kernel.elementCount / kernel.shape[0])
        func statistic(_ name: String) throws -> [Float] {
            try weights.tensor("\(plan.name).bn.\(name)", shape: [channels]).floats()
        }
        var (elements, biases) = (try kernel.floats(), try statistic("bias"))
        let scales = try zip(statistic("weight"), statistic("running_var")).map {
            weight,
            variance in
            Double(weight) / (Double(variance) + Self.epsilon).squareRoot()
        }
        for (channel, mean) in try statistic("running_mean").enumerated() {
            biases[channel] = Float(Double(biases[channel]) - Double(mean) * scales[channel])
            for index in channel * length..<(channel + 1) * length {
                elements[index] = Float(Double(elements[index]) * scales[channel])
            }
        }
        weight = try .floats(elements, shape: kernel.shape, device: weights.device)
        bias = try .floats(biases, shape: [channels], device: weights.device)
    }

    /// Of its output.
    var outputChannels: Int { weight.shape[0] }

    /// Convolves a batch.
    func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor {
        try input.convolved(with: weight, bias: bias, stride: window.stride, padding: padding)
    }
}
