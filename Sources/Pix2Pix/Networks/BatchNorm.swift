/// Batch normalisation of images: per channel to mean 0 and variance 1, then scaled and shifted.
public struct BatchNorm: Layer {
    /// Added to the variance: PyTorch's default, which the reference uses.
    public static let epsilon = 1e-5
    /// How far one batch moves the running statistics: likewise.
    public static let momentum = 0.1

    /// `[channels]`, multiplies the normalised values.
    public let weight: Tensor
    /// `[channels]`, added to them.
    public let bias: Tensor
    /// `[channels]`, a moving average of the batches' means.
    public let runningMean: Tensor
    /// `[channels]`, a moving average of the batches' unbiased variances.
    public let runningVariance: Tensor
    /// A scalar I64: the batches that the averages have seen.
    public let batchesTracked: Tensor
    private let epsilon: Double
    private let momentum: Double

    /// Creates a normalisation with weights of 1, biases of 0 and statistics of no batch.
    ///
    /// - Throws: ``TorchError`` if there is not enough memory.
    public init(
        channels: Int,
        epsilon: Double = BatchNorm.epsilon,
        momentum: Double = BatchNorm.momentum,
        device: Device
    ) throws(TorchError) {
        self.epsilon = epsilon
        self.momentum = momentum
        weight = try .parameter(1, shape: [channels], device: device)
        bias = try .parameter(0, shape: [channels], device: device)
        runningMean = try .full(0, shape: [channels], device: device)
        runningVariance = try .full(1, shape: [channels], device: device)
        batchesTracked = try .full(0, shape: [], elementType: .int64, device: device)
    }

    /// Normalises a batch.
    ///
    /// - Parameters:
    ///   - input: `[N, channels, H, W]`.
    ///   - mode: Which statistics to use and whether to move the running ones.
    /// - Returns: A tensor of the same shape.
    /// - Throws: ``TorchError`` if the shape does not fit, or a batch's statistics are asked of a
    ///   single value per channel.
    public func callAsFunction(
        _ input: Tensor,
        mode: ForwardMode
    ) throws(TorchError) -> Tensor {
        let shape = input.shape
        let isOfImages = mode.statistics == .image
        if mode.statistics == .running {
            return try input.batchNormalized(
                weight: weight,
                bias: bias,
                mean: runningMean,
                variance: runningVariance,
                epsilon: epsilon
            )
        }
        guard shape.count != 4 || (isOfImages ? 1 : shape[0]) * shape[2] * shape[3] > 1 else {
            throw TorchError(
                operation: "batch normalisation",
                message: "a batch's statistics need more than 1 value per channel, found \(shape); "
                    + "use larger images or batches"
            )
        }
        if isOfImages {
            return try input.instanceNormalized(weight: weight, bias: bias, epsilon: epsilon)
        }
        if mode == .training { try batchesTracked.formSum(with: 1) }
        return try input.batchNormalized(
            weight: weight,
            bias: bias,
            updating: mode == .training ? (runningMean, runningVariance) : nil,
            momentum: momentum,
            epsilon: epsilon
        )
    }

    /// Its tensors by PyTorch's names.
    public var state: [NamedTensor] {
        [
            NamedTensor("weight", weight, .parameter),
            NamedTensor("bias", bias, .parameter),
            NamedTensor("running_mean", runningMean, .buffer),
            NamedTensor("running_var", runningVariance, .buffer),
            NamedTensor("num_batches_tracked", batchesTracked, .buffer),
        ]
    }

    /// Draws new weights from N(1, deviation), forgets biases and statistics.
    ///
    /// - Throws: ``TorchError`` if libtorch refuses.
    public func initialize(standardDeviation: Double) throws(TorchError) {
        try weight.fillNormal(mean: 1, standardDeviation: standardDeviation)
        try bias.fill(0)
        try runningMean.fill(0)
        try runningVariance.fill(1)
        try batchesTracked.fill(0)
    }
}

/// Dropout: zeroes elements at random, which is the generator's only source of variety.
public struct Dropout: Sendable {
    /// The probability of an element to be zeroed, in 0...1.
    public let probability: Double

    /// Creates a dropout.
    public init(probability: Double) {
        self.probability = probability
    }

    /// Drops elements if the mode says so.
    ///
    /// - Parameters:
    ///   - input: Of any shape.
    ///   - mode: Whether to drop.
    /// - Returns: A tensor of the same shape; `input` itself where nothing is dropped.
    /// - Throws: ``TorchError`` if the probability is impossible.
    public func callAsFunction(
        _ input: Tensor,
        mode: ForwardMode
    ) throws(TorchError) -> Tensor {
        mode.dropsOut ? try input.dropout(probability: probability) : input
    }
}
