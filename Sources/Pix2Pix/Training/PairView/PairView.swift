package import DatasetKit

/// What a discriminator sees of pairs: themselves, or augmented.
///
/// Each image of a pair is augmented for itself (a mean over the channels of both would mix them) and
/// with the same draws; what is drawn depends on a part's seed and on whose view it is.
package struct PairView {
    /// Whose view it is: each has draws of its own.
    package enum Role: Int {
        /// The discriminator's of made pairs.
        case made = 0
        /// The discriminator's of real pairs.
        case real = 1
        /// The discriminator's while the generator learns, of made and real pairs alike.
        case generator = 2
    }

    /// What is done.
    private enum Augmentation {
        case none
        case diffAugment([TrainOptions.DiffAugment])
        case adaptive
    }

    private let augmentation: Augmentation
    private let inputChannels: Int
    /// The probability of each operation of adaptive augmentation.
    var probability = 0.0

    /// Chooses.
    package init(_ options: TrainOptions, inputChannels: Int) {
        augmentation =
            if options.ada { .adaptive } else if options.diffAugment.isEmpty { .none } else {
                .diffAugment(options.diffAugment)
            }
        self.inputChannels = inputChannels
    }

    /// What is seen of a batch.
    ///
    /// - Parameters:
    ///   - pairs: `[N, channels, H, W]`: input and image.
    ///   - role: Whose view it is.
    ///   - seed: Of the part.
    /// - Returns: The same shape, with gradients; `pairs` itself without augmentation.
    /// - Throws: ``TorchError`` if there is not enough memory.
    package func callAsFunction(
        _ pairs: Tensor,
        _ role: Role,
        seed: UInt64
    ) throws(TorchError) -> Tensor {
        var generator = Philox(seed: seed, stream: .discriminator, position: role.rawValue)
        let shape = pairs.shape
        let size = ImageSize(width: shape[3], height: shape[2])
        switch augmentation {
        case .none: return pairs
        case .diffAugment(let operations):
            let draws = (0..<shape[0]).map { _ in
                DiffAugmentDraw(operations, size: size, &generator)
            }
            return try onEachImage(of: pairs) { (images) throws(TorchError) in
                try DiffAugment.applied(to: images, draws)
            }
        case .adaptive:
            guard probability > 0 else { return pairs }
            let draws = (0..<shape[0]).map { _ in
                AdaptiveDraw(probability: probability, size: size, &generator)
            }
            return try onEachImage(of: pairs) { (images) throws(TorchError) in
                try AdaptivePipe.applied(to: images, draws)
            }
        }
    }

    private func onEachImage(
        of pairs: Tensor,
        _ change: (Tensor) throws(TorchError) -> Tensor
    ) throws(TorchError) -> Tensor {
        let others = pairs.shape[1] - inputChannels
        let input = try pairs.narrowed(dimension: 1, start: 0, length: inputChannels)
        let image = try pairs.narrowed(dimension: 1, start: inputChannels, length: others)
        return try .concatenated([change(input), change(image)], dimension: 1)
    }
}
