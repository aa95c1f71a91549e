/// The generator of the usual Keras tutorial of pix2pix: a U-Net that normalises after activating.
///
/// Seven halvings (4x4 convolution of stride 2, leaky ReLU, batch normalisation but for the first), six
/// doublings (pixels repeated, 4x4 convolution, ReLU, dropout in the first three, batch normalisation,
/// then joined with the halving's features: made first, skipped second), and a seventh to the image.
/// Its convolutions have biases. Takes images whose sides are multiples of 128, at least 256.
public final class KerasGenerator: Generator {
    /// How often the image is halved.
    static let levels = 7
    /// The smallest side of an image: the innermost normalisation needs more than one pixel.
    static let minimumSide = 256
    /// The slope of negative values.
    static let slope = 0.2
    /// The probability of dropout in the first three doublings.
    static let dropout = Dropout(probability: 0.5)

    /// Channels after the first convolution; inner levels have 2, 4 and 8 times as many.
    public let filters: Int
    /// Channels of the input image.
    public let inputChannels: Int
    /// Channels of the image made.
    public let outputChannels: Int
    private let dropsOut: Bool

    private let halvings: [KerasStep]
    private let doublings: [KerasStep]

    /// Creates a generator with convolution weights of 0: `initialize` or `load` must follow.
    ///
    /// - Parameters:
    ///   - filters: Channels after the first convolution, at least 1; 64 in the tutorial.
    ///   - inputChannels: Channels of the input image, at least 1.
    ///   - outputChannels: Channels of the image to make, at least 1.
    ///   - dropout: Whether the first doublings drop out.
    ///   - variant: Of it, whether weights are normalised.
    ///   - device: Where the weights lie.
    /// - Throws: ``TorchError`` if there is not enough memory.
    public init(
        filters: Int = 64,
        inputChannels: Int = 3,
        outputChannels: Int = 3,
        dropout: Bool = true,
        variant: GeneratorVariant = GeneratorVariant(),
        device: Device
    ) throws(TorchError) {
        self.filters = filters
        self.inputChannels = inputChannels
        self.outputChannels = outputChannels
        dropsOut = dropout
        let widths = (0..<Self.levels).map { filters * min(1 << $0, 8) }
        var halvings: [KerasStep] = []
        for (number, width) in widths.enumerated() {
            halvings.append(
                try KerasStep(
                    "down.\(number)",
                    inputChannels: number == 0 ? inputChannels : widths[number - 1],
                    outputChannels: width,
                    stride: 2,
                    isNormalized: number > 0,
                    variant: variant,
                    device: device
                )
            )
        }
        self.halvings = halvings
        var doublings: [KerasStep] = []
        var channels = widths[Self.levels - 1]
        for number in 0..<Self.levels {
            let isLast = number == Self.levels - 1
            let width = isLast ? outputChannels : widths[Self.levels - 2 - number]
            doublings.append(
                try KerasStep(
                    "up.\(number)",
                    inputChannels: channels,
                    outputChannels: width,
                    stride: 1,
                    isNormalized: !isLast,
                    variant: variant,
                    device: device
                )
            )
            channels = 2 * width
        }
        self.doublings = doublings
    }

    /// Makes an image from each image of a batch.
    ///
    /// - Parameters:
    ///   - input: `[N, inputChannels, H, W]`, floats in -1...1; H and W multiples of 128, at least 256.
    ///   - mode: Whether to train; otherwise, which statistics to use and whether to drop out.
    /// - Returns: `[N, outputChannels, H, W]`, floats in -1...1.
    /// - Throws: ``TorchError`` if the shape does not fit or there is not enough memory.
    public func callAsFunction(
        _ input: Tensor,
        mode: ForwardMode
    ) throws(TorchError) -> Tensor {
        let (shape, multiple) = (input.shape, 1 << Self.levels)
        guard shape.count == 4, shape[1] == inputChannels,
            shape[2...].allSatisfy({ $0 % multiple == 0 && $0 >= Self.minimumSide })
        else {
            throw TorchError(
                operation: "Keras U-Net",
                message:
                    "expected a batch [N, \(inputChannels), H, W] with sides that are multiples of "
                    + "\(multiple), at least \(Self.minimumSide), found \(shape)"
            )
        }
        var skips: [Tensor] = []
        var features = input
        for halving in halvings {
            features = try halving(features, mode: mode) { (features) throws(TorchError) in
                try features.formLeakyReLU(slope: Self.slope)
            }
            skips.append(features)
        }
        skips.removeLast()
        for (number, doubling) in doublings.dropLast().enumerated() {
            let made = try doubling(
                features.repeatedPixels(2),
                mode: mode,
                dropout: dropsOut && number < 3 ? Self.dropout : nil
            ) { (features) throws(TorchError) in try features.formReLU() }
            features = try .concatenated([made, skips.removeLast()], dimension: 1)
        }
        return try doublings[Self.levels - 1](features.repeatedPixels(2), mode: mode).tanh()
    }

    /// The layers, in the order of the image's way through them.
    public var layers: [(name: String, layer: any Layer)] {
        (halvings + doublings).flatMap(\.layers)
    }
}

@available(*, unavailable)
extension KerasGenerator: Sendable {}
