/// A layer of a pretrained network, by what stands for its convolutions: a plan, or tensors.
///
/// Enough for the networks whose features others compare images by: VGG, AlexNet, SqueezeNet,
/// Inception.
indirect enum FeatureLayer<Convolution> {
    case convolution(Convolution)
    /// Negative elements as 0.
    case relu
    /// The largest element of each window.
    case maxPool(PoolWindow)
    /// The mean of each window's elements inside the image.
    case averagePool(PoolWindow)
    /// One after the other.
    case sequence([FeatureLayer])
    /// Each on the same input; their channels are joined in this order.
    case branches([FeatureLayer])
}

extension FeatureLayer: Sendable where Convolution: Sendable {}

// MARK: - Plan

/// What a convolution of a pretrained network is but for its numbers: widths are the file's matter.
struct ConvolutionPlan: Sendable {
    /// Of its tensors in a file: `NAME.weight`, `NAME.bias`; normalised: `NAME.conv.weight`, `NAME.bn.…`.
    var name: String
    var kernel: (height: Int, width: Int)
    /// Pixels from one position to the next.
    var stride = 1
    /// Zeros on each side.
    var padding: (height: Int, width: Int)
    /// Whether batch normalisation follows, and there is no bias.
    var isNormalized = false
}

extension FeatureLayer<ConvolutionPlan> {
    /// The same layer with a file's tensors.
    ///
    /// - Parameters:
    ///   - weights: The file.
    ///   - channels: Of the layer's input; then of its output.
    /// - Returns: A layer that computes.
    /// - Throws: ``DatasetError`` naming the tensor that is missing or of another shape.
    func filled(
        from weights: FeatureWeights,
        channels: inout Int
    ) throws -> FeatureLayer<FixedConvolution> {
        switch self {
        case .convolution(let plan):
            let convolution = try FixedConvolution(plan, inputChannels: channels, from: weights)
            channels = convolution.outputChannels
            return .convolution(convolution)
        case .relu: return .relu
        case .maxPool(let window): return .maxPool(window)
        case .averagePool(let window): return .averagePool(window)
        case .sequence(let layers):
            return .sequence(try layers.map { try $0.filled(from: weights, channels: &channels) })
        case .branches(let layers):
            var total = 0
            let filled = try layers.map { layer in
                var own = channels
                defer { total += own }
                return try layer.filled(from: weights, channels: &own)
            }
            channels = total
            return .branches(filled)
        }
    }
}

// MARK: - Use

extension FeatureLayer<FixedConvolution> {
    /// `[N, C, H, W]` to `[N, …]`.
    func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor {
        switch self {
        case .convolution(let convolution): return try convolution(input)
        case .relu: return try input.relu()
        case .maxPool(let window): return try input.maxPooled(window)
        case .averagePool(let window): return try input.averagePooled(window)
        case .sequence(let layers): return try layers.outputs(of: input, at: [layers.count - 1])[0]
        case .branches(let layers):
            let outputs = try layers.map { (layer) throws(TorchError) in try layer(input) }
            return try .concatenated(outputs, dimension: 1)
        }
    }

    /// The side of the output for square images; 0 if they are too small.
    func outputSide(of side: Int) -> Int {
        switch self {
        case .convolution(let convolution): convolution.window.positions(along: side)
        case .relu: side
        case .maxPool(let window), .averagePool(let window): window.positions(along: side)
        case .sequence(let layers): layers.outputSide(of: side)
        case .branches(let layers): layers.map { $0.outputSide(of: side) }.min() ?? side
        }
    }
}

extension [FeatureLayer<FixedConvolution>] {
    /// What some of the layers, one after the other, make of a batch.
    ///
    /// - Parameters:
    ///   - input: `[N, C, H, W]`.
    ///   - indices: Of layers; those after the last of them are not computed.
    /// - Returns: The layers' outputs in the order of the indices.
    /// - Throws: ``TorchError`` if the shape does not fit.
    func outputs(of input: Tensor, at indices: [Int]) throws(TorchError) -> [Tensor] {
        var kept: [Int: Tensor] = [:]
        var value = input
        for index in 0...(indices.max() ?? 0) {
            // Nobody else has what a convolution made: no memory for a second tensor.
            if case .relu = self[index], index > 0, case .convolution = self[index - 1],
                kept[index - 1] == nil
            {
                try value.formReLU()
            } else {
                value = try self[index](value)
            }
            if indices.contains(index) { kept[index] = value }
        }
        return indices.compactMap { kept[$0] }
    }

    /// The side of the last layer's output for square images; 0 if they are too small.
    func outputSide(of side: Int) -> Int {
        reduce(side) { side, layer in side < 1 ? 0 : layer.outputSide(of: side) }
    }

    /// The smallest side of images that all layers can look at.
    var smallestSide: Int {
        var side = 1
        while outputSide(of: side) < 1 { side += 1 }
        return side
    }
}
