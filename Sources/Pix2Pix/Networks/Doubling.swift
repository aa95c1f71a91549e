internal import DatasetKit

/// What doubles the size of features: `[N, inputs, H, W]` to `[N, outputs, 2 H, 2 W]`.
///
/// The reference has a transposed convolution, whose overlapping steps can leave a checkerboard. The
/// others enlarge first and then convolve (Odena et al. 2016, "Deconvolution and checkerboard
/// artifacts"), or convolve to four times the channels, which become pixels (Shi et al. 2016, ESPCN).
/// In PyTorch: `Sequential(Upsample, Conv2d)` and `Sequential(Conv2d, PixelShuffle)` in the place of the
/// `ConvTranspose2d`, all of them 3x3.
struct Doubling: Layer {
    private enum Kernel {
        case transposed(TransposedConvolution)
        case repeated(Convolution)
        case bilinear(Convolution)
        case shuffled(Convolution)
    }

    private let kernel: Kernel

    /// Creates a doubling with weights of 0.
    ///
    /// - Parameters:
    ///   - upsampling: How.
    ///   - inputChannels: Channels before.
    ///   - outputChannels: Channels after.
    ///   - transposedKernelSize: Of a transposed convolution: 4 or, with one row and column kept at the
    ///     end, 3.
    ///   - hasBias: Whether the convolution has a bias.
    ///   - isSpectral: Whether its weight is normalised.
    ///   - device: Where the weights lie.
    /// - Throws: ``TorchError`` if there is not enough memory.
    init(
        _ upsampling: TrainOptions.Upsampling,
        inputChannels: Int,
        outputChannels: Int,
        transposedKernelSize: Int,
        hasBias: Bool,
        isSpectral: Bool,
        device: Device
    ) throws(TorchError) {
        func convolution(times: Int = 1) throws(TorchError) -> Convolution {
            try Convolution(
                inputChannels: inputChannels,
                outputChannels: times * outputChannels,
                kernelSize: 3,
                stride: 1,
                padding: 1,
                hasBias: hasBias,
                isSpectral: isSpectral,
                device: device
            )
        }
        switch upsampling {
        case .nearest: kernel = .repeated(try convolution())
        case .bilinear: kernel = .bilinear(try convolution())
        case .pixelShuffle: kernel = .shuffled(try convolution(times: 4))
        case .transposed:
            kernel = .transposed(
                try TransposedConvolution(
                    inputChannels: inputChannels,
                    outputChannels: outputChannels,
                    kernelSize: transposedKernelSize,
                    stride: 2,
                    padding: 1,
                    outputPadding: 4 - transposedKernelSize,
                    hasBias: hasBias,
                    isSpectral: isSpectral,
                    device: device
                )
            )
        }
    }

    /// Doubles a batch.
    ///
    /// - Throws: ``TorchError`` if the shape does not fit.
    func callAsFunction(_ input: Tensor, mode: ForwardMode) throws(TorchError) -> Tensor {
        switch kernel {
        case .transposed(let convolution): try convolution(input, mode: mode)
        case .repeated(let convolution): try convolution(input.repeatedPixels(2), mode: mode)
        case .bilinear(let convolution): try convolution(input.enlargedBilinearly(2), mode: mode)
        case .shuffled(let convolution): try convolution(input, mode: mode).shuffledPixels(2)
        }
    }

    /// Its convolution, and the place of it in PyTorch's `Sequential`, where there is one.
    private var convolution: (prefix: String, layer: any Layer) {
        switch kernel {
        case .transposed(let convolution): ("", convolution)
        case .repeated(let convolution), .bilinear(let convolution): ("1.", convolution)
        case .shuffled(let convolution): ("0.", convolution)
        }
    }

    /// The weight of a transposed convolution, `[inputs, outputs, size, size]`; `nil` for the other kinds.
    var transposedWeight: Tensor? {
        if case .transposed(let convolution) = kernel { convolution.weight } else { nil }
    }

    var state: [NamedTensor] {
        let (prefix, layer) = convolution
        return layer.state.map { NamedTensor(prefix + $0.name, $0.tensor, $0.kind) }
    }

    func initialize(standardDeviation: Double) throws(TorchError) {
        try convolution.layer.initialize(standardDeviation: standardDeviation)
    }
}
