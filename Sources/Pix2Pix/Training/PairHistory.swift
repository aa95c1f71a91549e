internal import DatasetKit

/// Made pairs of earlier steps, which the discriminator is shown again.
///
/// From Shrivastava et al. 2017, section 2.3, as the reference's `ImagePool`: until it is full, it keeps
/// each pair and shows it; then, half of the time, it shows an older one, which the new one replaces.
final class PairHistory {
    private let capacity: Int
    /// `[1, channels, H, W]` each.
    private(set) var pairs: [Tensor] = []

    /// Makes room for some pairs: at least 1.
    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Keeps some pairs, and gives as many to show.
    ///
    /// - Parameters:
    ///   - made: `[N, channels, H, W]`, without history.
    ///   - seed: Of the part.
    /// - Returns: The same shape.
    /// - Throws: ``TorchError`` if there is not enough memory.
    func exchanged(_ made: Tensor, seed: UInt64) throws(TorchError) -> Tensor {
        var generator = Philox(seed: seed, stream: .discriminator, position: 0x100)
        var shown: [Tensor] = []
        for number in 0..<made.shape[0] {
            let pair = try made.narrowed(dimension: 0, start: number, length: 1).cloned()
            if pairs.count < capacity {
                pairs.append(pair)
                shown.append(pair)
            } else if generator.nextBool(p: 0.5) {
                let place = generator.nextInt(below: pairs.count)
                shown.append(pairs[place])
                pairs[place] = pair
            } else {
                shown.append(pair)
            }
        }
        return try .concatenated(shown, dimension: 0)
    }

    /// What a checkpoint must hold: the pairs by their places.
    var state: [NamedTensor] {
        pairs.enumerated().map { NamedTensor("\($0)", $1, .buffer) }
    }

    /// Takes over the pairs of a checkpoint.
    ///
    /// - Throws: ``TorchError`` if there are too many, or places are missing.
    func load(_ tensors: [String: Tensor], on device: Device) throws(TorchError) {
        var loaded: [Tensor] = []
        for place in 0..<tensors.count {
            guard let pair = tensors["\(place)"], tensors.count <= capacity else {
                throw TorchError(
                    operation: "load history",
                    message: "expected at most \(capacity) pairs named 0, 1, 2…, found "
                        + tensors.keys.sorted().joined(separator: ", ")
                )
            }
            loaded.append(try pair.moved(to: device))
        }
        pairs = loaded
    }
}
