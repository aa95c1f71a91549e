/// A network that makes an image from an image.
public protocol Generator: Network {
    /// Channels of the input image.
    var inputChannels: Int { get }
    /// Channels of the image made.
    var outputChannels: Int { get }

    /// Makes an image from each image of a batch.
    ///
    /// - Parameters:
    ///   - input: `[N, inputChannels, H, W]`, floats in -1...1.
    ///   - mode: Whether to train; otherwise, which statistics to use and whether to drop out.
    /// - Returns: `[N, outputChannels, H, W]`, floats in -1...1.
    /// - Throws: ``TorchError`` if the shape does not fit or there is not enough memory.
    func callAsFunction(
        _ input: Tensor,
        mode: ForwardMode
    ) throws(TorchError) -> Tensor
}

/// A network that judges pairs of images: real or made.
public protocol Discriminator: Network {
    /// Channels of the input and the target image together.
    var channels: Int { get }
    /// The smallest side of an image that leaves one judgement.
    var minimumSide: Int { get }

    /// Judges each place of a batch of pairs.
    ///
    /// - Parameters:
    ///   - pair: `[N, channels, H, W]`: what the generator got, then a target or what it made.
    ///   - mode: Whether to train; otherwise, which statistics to use.
    /// - Returns: A judgement for each scale at which it looks, full size first.
    /// - Throws: ``TorchError`` if the shapes do not fit or there is not enough memory.
    func callAsFunction(
        _ pair: Tensor,
        mode: ForwardMode
    ) throws(TorchError) -> [Judgement]
}

/// What a discriminator says of a batch of pairs at one scale.
public struct Judgement {
    /// `[N, 1, h, w]`: above 0 for "real".
    public var logits: Tensor
    /// The features `[N, C, h, w]` after each activation, from the outermost on.
    public var features: [Tensor]
}

extension Discriminator {
    /// Checks a batch's shape before the work starts.
    ///
    /// - Parameters:
    ///   - pair: The batch.
    ///   - name: Of the network, for the error.
    /// - Throws: ``TorchError`` naming what was expected.
    func check(_ pair: Tensor, for name: String) throws(TorchError) {
        let shape = pair.shape
        guard shape.count == 4, shape[1] == channels, min(shape[2], shape[3]) >= minimumSide else {
            throw TorchError(
                operation: name,
                message: "expected pairs [N, \(channels), H, W] of at least "
                    + "\(minimumSide)x\(minimumSide) pixels, found \(shape)"
            )
        }
    }

    /// Judges each place of a batch of pairs.
    ///
    /// - Parameters:
    ///   - input: `[N, C, H, W]`: what the generator got.
    ///   - image: `[N, C', H, W]`: a target or what the generator made; C + C' = channels.
    ///   - mode: Whether to train; otherwise, which statistics to use.
    /// - Returns: A judgement for each scale at which it looks, full size first.
    /// - Throws: ``TorchError`` if the shapes do not fit or there is not enough memory.
    public func callAsFunction(
        input: Tensor,
        image: Tensor,
        mode: ForwardMode
    ) throws(TorchError) -> [Judgement] {
        try self(.concatenated([input, image], dimension: 1), mode: mode)
    }
}
