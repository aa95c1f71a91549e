public import DatasetKit

/// What a generator has that the reference's has not; nothing by default.
public struct GeneratorVariant: Equatable, Sendable {
    /// How features are doubled.
    public var upsampling = TrainOptions.Upsampling.transposed
    /// Residual blocks after each halving and each doubling of a U-Net.
    public var residualBlocks = 0
    /// The levels of a U-Net whose features have self-attention: level k has a side of 1 / 2^k.
    public var attentionLevels: Set<Int> = []
    /// Whether the levels of a U-Net have channel attention.
    public var hasChannelAttention = false
    /// Whether the weights of convolutions are normalised by their largest singular value.
    public var isSpectral = false

    /// The reference's network.
    public init() {}

    /// Makes the blocks that follow a level's halving or doubling: residual blocks, channel attention,
    /// self-attention.
    ///
    /// - Throws: ``TorchError`` if there is not enough memory.
    func makeBlocks(
        level: Int,
        channels: Int,
        isAfterHalving: Bool,
        norm: TrainOptions.Norm,
        device: Device
    ) throws(TorchError) -> [any FeatureBlock] {
        var blocks: [any FeatureBlock] = []
        for _ in 0..<residualBlocks {
            blocks.append(
                try ResidualBlock(
                    channels: channels,
                    norm: norm,
                    isSpectral: isSpectral,
                    device: device
                )
            )
        }
        if hasChannelAttention {
            blocks.append(
                try ChannelAttention(
                    channels: channels,
                    slope: isAfterHalving ? UNetGenerator.slope : 0,
                    isSpectral: isSpectral,
                    device: device
                )
            )
        }
        // Once: what the halving's features have gathered reaches the doubling by the skip connection.
        if isAfterHalving, attentionLevels.contains(level) {
            blocks.append(
                try SelfAttention(channels: channels, isSpectral: isSpectral, device: device)
            )
        }
        return blocks
    }
}
