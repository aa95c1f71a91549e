/// A convolution with zero padding: `[N, inputChannels, H, W]` to `[N, outputChannels, …]`.
public struct Convolution: Layer {
    /// Positions in a batch up to which the CPU makes a matrix product of a convolution.
    ///
    /// oneDNN copies the weights into a layout of its own and back, which costs more than the
    /// innermost levels' arithmetic. Measured on one core of a Zen 3, a training step at 256x256,
    /// 64 filters, batch 1: 1.51 s without products, then 1.31, 1.25 and 1.28 s with a limit of
    /// 16, 64 and 256 positions.
    static let productLimit = 64

    /// Whether the CPU makes a matrix product of a convolution of so many positions.
    ///
    /// Not where it is recorded: what is meant is the convolution, of any size.
    static func isProduct(positions: Int) -> Bool {
        positions <= productLimit && Recorder.current == nil
    }

    /// `[outputChannels, inputChannels, kernelSize, kernelSize]`.
    public let weight: Tensor
    /// `[outputChannels]`; none where batch normalisation follows, which would undo it.
    public let bias: Tensor?
    /// Pixels from one position to the next.
    public let stride: Int
    /// Zeros added on each side.
    public let padding: Int
    private let spectralNorm: SpectralNorm?

    /// Creates a convolution with weights of 0.
    ///
    /// - Throws: ``TorchError`` if there is not enough memory.
    public init(
        inputChannels: Int,
        outputChannels: Int,
        kernelSize: Int,
        stride: Int,
        padding: Int,
        hasBias: Bool,
        isSpectral: Bool = false,
        device: Device
    ) throws(TorchError) {
        let shape = [outputChannels, inputChannels, kernelSize, kernelSize]
        weight = try .parameter(0, shape: shape, device: device)
        spectralNorm =
            isSpectral ? try SpectralNorm(shape: shape, outputs: 0, device: device) : nil
        bias = hasBias ? try .parameter(0, shape: [outputChannels], device: device) : nil
        self.stride = stride
        self.padding = padding
    }

    /// Convolves a batch.
    ///
    /// - Parameters:
    ///   - input: `[N, inputChannels, H, W]`.
    ///   - mode: Whether a spectral normalisation improves.
    /// - Returns: `[N, outputChannels, (H + 2 padding - kernelSize) / stride + 1, …]`.
    /// - Throws: ``TorchError`` if the shape does not fit.
    public func callAsFunction(_ input: Tensor, mode: ForwardMode) throws(TorchError) -> Tensor {
        let shape = input.shape
        let weight = try spectralNorm?(self.weight, mode: mode) ?? self.weight
        if bias == nil, shape.count == 4, !input.device.isCUDA {
            let positions = shape[0] * shape[2] * shape[3] / (stride * stride)
            if Self.isProduct(positions: positions) {
                return try input.convolvedByProduct(
                    with: weight,
                    stride: stride,
                    padding: padding
                )
            }
        }
        return try input.convolved(with: weight, bias: bias, stride: stride, padding: padding)
    }

    /// Its tensors: `weight` and, if it has one, `bias`; or PyTorch's names with spectral normalisation.
    public var state: [NamedTensor] { .convolution(weight, bias, spectralNorm) }

    /// Draws new weights from N(0, deviation) and sets the bias to 0.
    ///
    /// - Throws: ``TorchError`` if libtorch refuses.
    public func initialize(standardDeviation: Double) throws(TorchError) {
        try weight.fillNormal(mean: 0, standardDeviation: standardDeviation)
        try bias?.fill(0)
        try spectralNorm?.initialize()
    }
}

/// A transposed convolution: `[N, inputChannels, H, W]` to `[N, outputChannels, …]`.
public struct TransposedConvolution: Layer {
    /// `[inputChannels, outputChannels, kernelSize, kernelSize]`.
    public let weight: Tensor
    /// `[outputChannels]`; none where batch normalisation follows, which would undo it.
    public let bias: Tensor?
    /// Pixels between the inputs' places in the output.
    public let stride: Int
    /// Pixels cut off on each side.
    public let padding: Int
    /// Pixels of them that are kept at the bottom and on the right.
    public let outputPadding: Int
    private let spectralNorm: SpectralNorm?

    /// Creates a transposed convolution with weights of 0.
    ///
    /// - Throws: ``TorchError`` if there is not enough memory.
    public init(
        inputChannels: Int,
        outputChannels: Int,
        kernelSize: Int,
        stride: Int,
        padding: Int,
        outputPadding: Int = 0,
        hasBias: Bool,
        isSpectral: Bool = false,
        device: Device
    ) throws(TorchError) {
        let shape = [inputChannels, outputChannels, kernelSize, kernelSize]
        weight = try .parameter(0, shape: shape, device: device)
        spectralNorm =
            isSpectral ? try SpectralNorm(shape: shape, outputs: 1, device: device) : nil
        bias = hasBias ? try .parameter(0, shape: [outputChannels], device: device) : nil
        self.stride = stride
        self.padding = padding
        self.outputPadding = outputPadding
    }

    /// Convolves a batch.
    ///
    /// - Parameters:
    ///   - input: `[N, inputChannels, H, W]`.
    ///   - mode: Whether a spectral normalisation improves.
    /// - Returns: `[N, outputChannels, (H - 1) stride - 2 padding + kernelSize + outputPadding, …]`.
    /// - Throws: ``TorchError`` if the shape does not fit.
    public func callAsFunction(_ input: Tensor, mode: ForwardMode) throws(TorchError) -> Tensor {
        let shape = input.shape
        let weight = try spectralNorm?(self.weight, mode: mode) ?? self.weight
        if bias == nil, outputPadding == 0, shape.count == 4, !input.device.isCUDA,
            Convolution.isProduct(positions: shape[0] * shape[2] * shape[3])
        {
            return try input.transposedConvolvedByProduct(
                with: weight,
                stride: stride,
                padding: padding
            )
        }
        return try input.transposedConvolved(
            with: weight,
            bias: bias,
            stride: stride,
            padding: padding,
            outputPadding: outputPadding
        )
    }

    /// Its tensors: `weight` and, if it has one, `bias`; or PyTorch's names with spectral normalisation.
    public var state: [NamedTensor] { .convolution(weight, bias, spectralNorm) }

    /// Draws new weights from N(0, deviation) and sets the bias to 0.
    ///
    /// - Throws: ``TorchError`` if libtorch refuses.
    public func initialize(standardDeviation: Double) throws(TorchError) {
        try weight.fillNormal(mean: 0, standardDeviation: standardDeviation)
        try bias?.fill(0)
        try spectralNorm?.initialize()
    }
}

extension [NamedTensor] {
    /// The tensors of a convolution, in PyTorch's order.
    fileprivate static func convolution(
        _ weight: Tensor,
        _ bias: Tensor?,
        _ spectralNorm: SpectralNorm?
    ) -> [NamedTensor] {
        let bias = bias.map { [NamedTensor("bias", $0, .parameter)] } ?? []
        guard let spectralNorm else { return [NamedTensor("weight", weight, .parameter)] + bias }
        return bias + [
            NamedTensor("weight_orig", weight, .parameter),
            NamedTensor("weight_u", spectralNorm.left, .buffer),
            NamedTensor("weight_v", spectralNorm.right, .buffer),
        ]
    }
}

extension Tensor {
    /// A new tensor that receives gradients.
    static func parameter(
        _ value: Double,
        shape: [Int],
        device: Device
    ) throws(TorchError) -> Tensor {
        let tensor = try full(value, shape: shape, device: device)
        try tensor.setRequiresGradient(true)
        return tensor
    }
}
