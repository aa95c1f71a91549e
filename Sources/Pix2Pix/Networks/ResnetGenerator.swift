public import DatasetKit

/// The generator without skip connections, as the reference's `ResnetGenerator`.
///
/// From Johnson et al. 2016, in the layout of the reference PyTorch implementation: a 7x7
/// convolution, two halvings, residual blocks of two 3x3 convolutions, two doublings, a 7x7
/// convolution. `resnet_9` has 9 blocks, `resnet_6` has 6. The edges of the 7x7 convolutions and
/// of the blocks are reflections, those of the others zeros. Takes images whose sides are multiples
/// of 4 and at least 8.
public final class ResnetGenerator: Generator {
    /// The numbers of residual blocks that can be built.
    public static let supportedBlocks = 1...64
    /// The smallest side of an image: its quarter must be wider than what is reflected.
    public static let minimumSide = 8
    /// The probability of dropout in the residual blocks (the reference's).
    static let dropout = Dropout(probability: 0.5)

    /// Residual blocks.
    public let blockCount: Int
    /// Channels after the first convolution; the blocks have 4 times as many.
    public let filters: Int
    /// Channels of the input image.
    public let inputChannels: Int
    /// Channels of the image made.
    public let outputChannels: Int
    private let dropsOut: Bool

    /// A convolution and its normalisation, by the reference's names.
    private struct Step<Kernel: Layer> {
        var name: String
        var convolution: Kernel
        var normName: String
        var norm: Normalization

        var layers: [(name: String, layer: any Layer)] {
            [(name, convolution)] + norm.layers(named: normName)
        }
    }

    /// What is added to a block's input.
    private struct Block {
        var first: Step<Convolution>
        var second: Step<Convolution>
    }

    /// The first convolution, then the halvings.
    private let encoder: [Step<Convolution>]
    private let blocks: [Block]
    /// The doublings.
    private let decoder: [Step<Doubling>]
    private let last: Step<Convolution>

    /// Creates a generator with convolution weights of 0: `initialize` or `load` must follow.
    ///
    /// - Parameters:
    ///   - blocks: Residual blocks, 1...64; 6 and 9 in the reference.
    ///   - filters: Channels after the first convolution, at least 1; 64 in the reference.
    ///   - inputChannels: Channels of the input image, at least 1.
    ///   - outputChannels: Channels of the image to make, at least 1.
    ///   - norm: What normalises the features.
    ///   - dropout: Whether the residual blocks drop out.
    ///   - variant: What it has that the reference's has not: how it doubles, and spectral normalisation.
    ///   - device: Where the weights lie.
    /// - Throws: ``TorchError`` if a number is impossible or there is not enough memory.
    public init(
        blocks: Int = 9,
        filters: Int = 64,
        inputChannels: Int = 3,
        outputChannels: Int = 3,
        norm: TrainOptions.Norm = .batch,
        dropout: Bool = true,
        variant: GeneratorVariant = GeneratorVariant(),
        device: Device
    ) throws(TorchError) {
        guard Self.supportedBlocks.contains(blocks) else {
            throw TorchError(
                operation: "ResNet",
                message: "expected 1 to 64 blocks, found \(blocks)"
            )
        }
        guard min(filters, inputChannels, outputChannels) >= 1 else {
            throw TorchError(
                operation: "ResNet",
                message: "expected at least 1 filter and channel, found \(filters) filters, "
                    + "\(inputChannels) input and \(outputChannels) output channels"
            )
        }
        blockCount = blocks
        self.filters = filters
        self.inputChannels = inputChannels
        self.outputChannels = outputChannels
        dropsOut = dropout
        let maker = StepMaker(norm: norm, variant: variant, device: device)

        // Places in the reference's `Sequential`: 0 is a padding, each step is a convolution, a
        // normalisation and an activation.
        var encoder = [try maker.convolution("model", 1, inputChannels, filters, kernelSize: 7)]
        for (index, width) in [(4, filters), (7, 2 * filters)] {
            encoder.append(
                try maker.convolution("model", index, width, 2 * width, stride: 2, padding: 1)
            )
        }
        self.encoder = encoder

        var residuals: [Block] = []
        for number in 0..<blocks {
            // Padding, convolution, norm, activation and perhaps dropout, then again.
            let name = "model.\(10 + number).conv_block"
            residuals.append(
                Block(
                    first: try maker.convolution(name, 1, 4 * filters, 4 * filters),
                    second: try maker.convolution(
                        name,
                        dropout ? 6 : 5,
                        4 * filters,
                        4 * filters
                    )
                )
            )
        }
        self.blocks = residuals

        let end = 10 + blocks
        decoder = [
            try maker.doubling("model", end, 4 * filters, 2 * filters),
            try maker.doubling("model", end + 3, 2 * filters, filters),
        ]
        // After the doublings and a padding; nothing normalises it.
        last = try StepMaker(norm: .none, variant: variant, device: device)
            .convolution("model", end + 7, filters, outputChannels, kernelSize: 7, hasBias: true)
    }

    /// Makes the parts of one network.
    private struct StepMaker {
        var norm: TrainOptions.Norm
        var variant: GeneratorVariant
        var device: Device

        func convolution(
            _ sequence: String,
            _ index: Int,
            _ inputs: Int,
            _ outputs: Int,
            kernelSize: Int = 3,
            stride: Int = 1,
            padding: Int = 0,
            hasBias: Bool? = nil
        ) throws(TorchError) -> Step<Convolution> {
            Step(
                name: "\(sequence).\(index)",
                convolution: try Convolution(
                    inputChannels: inputs,
                    outputChannels: outputs,
                    kernelSize: kernelSize,
                    stride: stride,
                    padding: padding,
                    hasBias: hasBias ?? norm.givesBias,
                    isSpectral: variant.isSpectral,
                    device: device
                ),
                normName: "\(sequence).\(index + 1)",
                norm: try Normalization(norm, channels: outputs, device: device)
            )
        }

        func doubling(
            _ sequence: String,
            _ index: Int,
            _ inputs: Int,
            _ outputs: Int
        ) throws(TorchError) -> Step<Doubling> {
            Step(
                name: "\(sequence).\(index)",
                convolution: try Doubling(
                    variant.upsampling,
                    inputChannels: inputs,
                    outputChannels: outputs,
                    transposedKernelSize: 3,
                    hasBias: norm.givesBias,
                    isSpectral: variant.isSpectral,
                    device: device
                ),
                normName: "\(sequence).\(index + 1)",
                norm: try Normalization(norm, channels: outputs, device: device)
            )
        }
    }

    /// Makes an image from each image of a batch.
    ///
    /// - Parameters:
    ///   - input: `[N, inputChannels, H, W]`, floats in -1...1; H and W multiples of 4, at least 8.
    ///   - mode: Whether to train; otherwise, which statistics to use and whether to drop out.
    /// - Returns: `[N, outputChannels, H, W]`, floats in -1...1.
    /// - Throws: ``TorchError`` if the shape does not fit or there is not enough memory.
    public func callAsFunction(
        _ input: Tensor,
        mode: ForwardMode
    ) throws(TorchError) -> Tensor {
        try check(shape: input.shape)
        var features = try input.reflectionPadded(by: 3)
        for step in encoder {  // [N, filters, H, W], then [N, 4 filters, H / 4, W / 4]
            features = try step.norm(step.convolution(features, mode: mode), mode: mode)
            try features.formReLU()
        }
        for block in blocks {
            var change = try block.first.convolution(features.reflectionPadded(by: 1), mode: mode)
            change = try block.first.norm(change, mode: mode)
            try change.formReLU()
            if dropsOut { change = try Self.dropout(change, mode: mode) }
            change = try block.second.convolution(change.reflectionPadded(by: 1), mode: mode)
            features = try features.adding(block.second.norm(change, mode: mode))
        }
        for step in decoder {
            features = try step.norm(step.convolution(features, mode: mode), mode: mode)
            try features.formReLU()
        }
        return try last.convolution(features.reflectionPadded(by: 3), mode: mode).tanh()
    }

    /// Checks a batch's shape before the work starts.
    ///
    /// - Throws: ``TorchError`` saying what H and W must be.
    private func check(shape: [Int]) throws(TorchError) {
        guard shape.count == 4, shape[1] == inputChannels else {
            throw TorchError(
                operation: "ResNet",
                message: "expected a batch [N, \(inputChannels), H, W], found \(shape)"
            )
        }
        let sides = shape[2...]
        guard sides.allSatisfy({ $0 % 4 == 0 && $0 >= Self.minimumSide }) else {
            throw TorchError(
                operation: "ResNet",
                message: "expected height and width to be multiples of 4, at least "
                    + "\(Self.minimumSide), found \(shape[3])x\(shape[2]) pixels; crop or resize to "
                    + "such a size"
            )
        }
    }

    /// The layers by the reference's names.
    public var layers: [(name: String, layer: any Layer)] {
        encoder.flatMap(\.layers) + blocks.flatMap { $0.first.layers + $0.second.layers }
            + decoder.flatMap(\.layers) + last.layers
    }
}

@available(*, unavailable)
extension ResnetGenerator: Sendable {}
