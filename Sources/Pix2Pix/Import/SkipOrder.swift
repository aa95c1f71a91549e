/// In which order a U-Net joins what it halved and what it doubled.
public enum SkipOrder: String, CaseIterable, Codable, Sendable {
    /// The encoder's features first: the reference PyTorch implementation, and p2p.
    case skipFirst = "skip-first"
    /// The decoder's first: the paper's Lua code, and those in TensorFlow.
    case upsampledFirst = "upsampled-first"
}

extension UNetGenerator {
    /// Exchanges the halves of the input channels of each doubling layer that sees a skip connection, so that
    /// weights that were trained with the decoder's features first do the same with the encoder's first.
    ///
    /// - Throws: ``TorchError`` if there is not enough memory.
    func exchangeSkipHalves() throws(TorchError) {
        // From the innermost, which sees none, to the outermost.
        let doublings = layers.compactMap { $0.layer as? Doubling }
        let weights = doublings.compactMap(\.transposedWeight)
        precondition(weights.count > 1 && weights.count == doublings.count, "the reference's U-Net")
        for weight in weights.dropFirst() {
            let half = weight.shape[0] / 2
            let upsampled = try weight.narrowed(dimension: 0, start: 0, length: half)
            let skip = try weight.narrowed(dimension: 0, start: half, length: half)
            try weight.copyElements(from: .concatenated([skip, upsampled], dimension: 0))
        }
    }
}
