/// What the Keras tutorial's networks are made of: a convolution, an activation, then batch normalisation.
///
/// Padding is TensorFlow's "same": for a stride of 1 an even kernel has one more column and row of zeros
/// at the end. Batch normalisation has Keras's defaults: epsilon 0.001, momentum 0.99.
struct KerasStep {
    /// Added to the variance.
    static let epsilon = 1e-3
    /// How far one batch moves the running statistics: 1 less Keras's momentum.
    static let momentum = 0.01

    private let name: String
    private let convolution: Convolution
    private let norm: BatchNorm?

    /// Creates a step of a 4x4 convolution with weights of 0.
    ///
    /// - Throws: ``TorchError`` if there is not enough memory.
    init(
        _ name: String,
        inputChannels: Int,
        outputChannels: Int,
        stride: Int,
        isNormalized: Bool,
        variant: GeneratorVariant = GeneratorVariant(),
        device: Device
    ) throws(TorchError) {
        self.name = name
        convolution = try Convolution(
            inputChannels: inputChannels,
            outputChannels: outputChannels,
            kernelSize: 4,
            stride: stride,
            padding: stride == 1 ? 0 : 1,
            hasBias: true,
            isSpectral: variant.isSpectral,
            device: device
        )
        norm =
            isNormalized
            ? try BatchNorm(
                channels: outputChannels,
                epsilon: Self.epsilon,
                momentum: Self.momentum,
                device: device
            ) : nil
    }

    /// Convolves, lets `activate` change the result in place, drops out and normalises.
    ///
    /// - Throws: ``TorchError`` if the shape does not fit.
    func callAsFunction(
        _ input: Tensor,
        mode: ForwardMode,
        dropout: Dropout? = nil,
        activate: (Tensor) throws(TorchError) -> Void = { (_) throws(TorchError) in }
    ) throws(TorchError) -> Tensor {
        let padded =
            convolution.stride == 1
            ? try input.padded(left: 1, right: 2, top: 1, bottom: 2) : input
        var features = try convolution(padded, mode: mode)
        try activate(features)
        if let dropout { features = try dropout(features, mode: mode) }
        return try norm?(features, mode: mode) ?? features
    }

    /// Its layers.
    var layers: [(name: String, layer: any Layer)] {
        [("\(name).conv", convolution as any Layer)] + (norm.map { [("\(name).norm", $0)] } ?? [])
    }
}
