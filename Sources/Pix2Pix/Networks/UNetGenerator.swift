public import DatasetKit

/// The generator: a U-Net with skip connections, as the reference's `UnetGenerator`.
///
/// Encoder levels halve the image, decoder levels double it; each decoder level also sees the
/// encoder's features of its size. From Isola et al. 2017, section 6.1.1, in the layout of the
/// reference PyTorch implementation: `unet_256` has 8 levels, `unet_128` has 7. All convolutions
/// are 4x4 with stride 2 and padding 1. A network of L levels takes images whose sides are
/// multiples of 2^L.
///
/// A ``GeneratorVariant`` adds blocks to the levels between the outermost, whose features are an image,
/// and the innermost, which may have one pixel: after a halving from level 1 on, after a doubling from
/// level 2 on. Level k's blocks are `down_blocks.N` and `up_blocks.N` beside the `model` of its level.
public final class UNetGenerator: Generator {
    /// The numbers of levels that can be built.
    public static let supportedLevels = 5...10
    /// The slope of negative values in the encoder (paper, section 6.1).
    static let slope = 0.2
    /// The probability of dropout in the inner decoder levels (paper, section 6.1).
    static let dropout = Dropout(probability: 0.5)

    /// How often the image is halved.
    public let levels: Int
    /// Channels after the first convolution; inner levels have 2, 4 and 8 times as many.
    public let filters: Int
    /// Channels of the input image.
    public let inputChannels: Int
    /// Channels of the image made.
    public let outputChannels: Int

    /// One level: its halving and its doubling layers.
    private struct Level {
        /// The reference's name of the `Sequential` that holds the level.
        var name: String
        var down: Convolution
        var downNorm: Normalization
        var downBlocks: [any FeatureBlock]
        var up: Doubling
        var upNorm: Normalization
        var dropsOut: Bool
        var upBlocks: [any FeatureBlock]
    }

    /// From the outermost (full size) to the innermost.
    private let stack: [Level]

    /// Creates a generator with convolution weights of 0: `initialize` or `load` must follow.
    ///
    /// - Parameters:
    ///   - levels: How often the image is halved, 5...10; 8 for 256x256.
    ///   - filters: Channels after the first convolution, at least 1; 64 in the paper.
    ///   - inputChannels: Channels of the input image, at least 1.
    ///   - outputChannels: Channels of the image to make, at least 1.
    ///   - norm: What normalises the features.
    ///   - dropout: Whether the inner decoder levels drop out.
    ///   - variant: What it has that the reference's has not.
    ///   - device: Where the weights lie.
    /// - Throws: ``TorchError`` if a number is impossible or there is not enough memory.
    public init(
        levels: Int = 8,
        filters: Int = 64,
        inputChannels: Int = 3,
        outputChannels: Int = 3,
        norm: TrainOptions.Norm = .batch,
        dropout: Bool = true,
        variant: GeneratorVariant = GeneratorVariant(),
        device: Device
    ) throws(TorchError) {
        guard Self.supportedLevels.contains(levels) else {
            throw TorchError(
                operation: "U-Net",
                message: "expected 5 to 10 levels, found \(levels)"
            )
        }
        guard min(filters, inputChannels, outputChannels) >= 1 else {
            throw TorchError(
                operation: "U-Net",
                message: "expected at least 1 filter and channel, found \(filters) filters, "
                    + "\(inputChannels) input and \(outputChannels) output channels"
            )
        }
        if let level = variant.attentionLevels.first(where: { !(1..<levels).contains($0) }) {
            throw TorchError(
                operation: "U-Net",
                message: "expected self-attention at levels 1 to \(levels - 1), found \(level)"
            )
        }
        self.levels = levels
        self.filters = filters
        self.inputChannels = inputChannels
        self.outputChannels = outputChannels

        var stack: [Level] = []
        var name = "model.model"
        for level in 1...levels {
            let isOuter = level == 1
            let isInner = level == levels
            // Channels outside the level (of what it takes) and inside (of what it halves to).
            let outside = isOuter ? inputChannels : filters * Self.width(level - 1)
            let inside = filters * Self.width(level)
            stack.append(
                Level(
                    name: name,
                    down: try Convolution(
                        inputChannels: outside,
                        outputChannels: inside,
                        kernelSize: 4,
                        stride: 2,
                        padding: 1,
                        hasBias: norm.givesBias,
                        isSpectral: variant.isSpectral,
                        device: device
                    ),
                    downNorm: try Normalization(
                        isOuter || isInner ? .none : norm,
                        channels: inside,
                        device: device
                    ),
                    downBlocks: isInner
                        ? []
                        : try variant.makeBlocks(
                            level: level,
                            channels: inside,
                            isAfterHalving: true,
                            norm: norm,
                            device: device
                        ),
                    up: try Doubling(
                        variant.upsampling,
                        // Except at the bottom, the skip connection doubles the channels.
                        inputChannels: isInner ? inside : 2 * inside,
                        outputChannels: isOuter ? outputChannels : outside,
                        transposedKernelSize: 4,
                        hasBias: isOuter || norm.givesBias,
                        isSpectral: variant.isSpectral,
                        device: device
                    ),
                    upNorm: try Normalization(
                        isOuter ? .none : norm,
                        channels: outside,
                        device: device
                    ),
                    dropsOut: dropout && level >= 5 && !isInner,
                    upBlocks: isOuter
                        ? []
                        : try variant.makeBlocks(
                            level: level,
                            channels: outside,
                            isAfterHalving: false,
                            norm: norm,
                            device: device
                        )
                )
            )
            name += isOuter ? ".1.model" : ".3.model"
        }
        self.stack = stack
    }

    /// Channels of a level as a multiple of the filters: 1, 2, 4, 8, 8, ...
    private static func width(_ level: Int) -> Int { min(1 << (level - 1), 8) }

    /// Makes an image from each image of a batch.
    ///
    /// - Parameters:
    ///   - input: `[N, inputChannels, H, W]`, floats in -1...1; H and W multiples of 2^levels.
    ///   - mode: Whether to train; otherwise, which statistics to use and whether to drop out.
    /// - Returns: `[N, outputChannels, H, W]`, floats in -1...1.
    /// - Throws: ``TorchError`` if the shape does not fit or there is not enough memory.
    public func callAsFunction(
        _ input: Tensor,
        mode: ForwardMode
    ) throws(TorchError) -> Tensor {
        try check(shape: input.shape)
        var skips: [Tensor] = []
        var features = input
        for (index, level) in stack.enumerated() {
            // In place, so the skip connection carries the activated features, as in the
            // reference: the ReLU after it makes them equal again, gradients included.
            if index > 0 { try features.formLeakyReLU(slope: Self.slope) }
            skips.append(features)
            // [N, ..., H / 2^level, W / 2^level]
            features = try level.downNorm(level.down(features, mode: mode), mode: mode)
            for block in level.downBlocks { features = try block(features, mode: mode) }
        }
        for (index, level) in stack.enumerated().reversed() {
            try features.formReLU()
            // [N, ..., H / 2^index, W / 2^index]
            features = try level.upNorm(level.up(features, mode: mode), mode: mode)
            if level.dropsOut { features = try Self.dropout(features, mode: mode) }
            for block in level.upBlocks { features = try block(features, mode: mode) }
            if index > 0 {
                // Skip first, as the reference; the paper's Lua code has it second.
                features = try .concatenated([skips[index], features], dimension: 1)
            }
            skips.removeLast()
        }
        return try features.tanh()
    }

    /// Checks a batch's shape before the work starts.
    ///
    /// - Parameter shape: The batch's shape.
    /// - Throws: ``TorchError`` naming what H and W must be multiples of.
    private func check(shape: [Int]) throws(TorchError) {
        let multiple = 1 << levels
        guard shape.count == 4, shape[1] == inputChannels else {
            throw TorchError(
                operation: "U-Net",
                message: "expected a batch [N, \(inputChannels), H, W], found \(shape)"
            )
        }
        guard shape[2] > 0, shape[3] > 0, shape[2] % multiple == 0, shape[3] % multiple == 0 else {
            throw TorchError(
                operation: "U-Net",
                message: "expected height and width to be multiples of \(multiple) "
                    + "(\(levels) levels), found \(shape[3])x\(shape[2]) pixels; "
                    + "crop or resize to such a size, or use fewer levels"
            )
        }
    }

    /// The layers by the reference's names: depth first, a level's halving before what is inside.
    public var layers: [(name: String, layer: any Layer)] {
        var before: [(name: String, layer: any Layer)] = []
        var after: [(name: String, layer: any Layer)] = []
        for (index, level) in stack.enumerated() {
            // Places in the reference's `Sequential`: the outermost has no activation before its
            // convolution and no norms, the innermost has nothing inside and no norm on the way in.
            let isOuter = index == 0
            let isInner = index == stack.count - 1
            let parent = level.name.dropLast(".model".count)
            for (place, block) in level.downBlocks.enumerated() {
                before += block.layers(named: "\(parent).down_blocks.\(place)")
            }
            for (place, block) in level.upBlocks.enumerated() {
                before += block.layers(named: "\(parent).up_blocks.\(place)")
            }
            before.append(("\(level.name).\(isOuter ? 0 : 1)", level.down))
            before += level.downNorm.layers(named: "\(level.name).2")
            let up = isOuter || isInner ? 3 : 5
            after =
                [("\(level.name).\(up)", level.up)]
                + level.upNorm.layers(named: "\(level.name).\(up + 1)") + after
        }
        return before + after
    }
}

@available(*, unavailable)
extension UNetGenerator: Sendable {}
