import DatasetKit

/// Raises the probability of augmentations while the discriminator overfits, and lowers it otherwise.
///
/// From Karras et al. 2020, section 3 and their code: every 4 steps the mean sign of the logits of real
/// pairs is compared with a target.
public struct AugmentationController: Codable, Equatable, Sendable {
    /// Steps from one adjustment to the next.
    static let interval = 4

    /// The probability of each operation, 0…1.
    public private(set) var probability = 0.0
    private var signs = 0.0
    private var steps = 0
    private var pairs = 0

    /// A controller that has seen nothing.
    init() {}

    /// Takes note of a step.
    ///
    /// - Parameters:
    ///   - sign: The mean sign of the discriminator's logits of the step's real pairs, −1…1.
    ///   - count: How many pairs there were.
    ///   - options: The target, and the thousands of pairs from 0 to 1.
    mutating func see(sign: Double, pairs count: Int, _ options: TrainOptions) {
        signs += sign
        steps += 1
        pairs += count
        guard steps == Self.interval else { return }
        let direction = signs / Double(steps) > options.adaTarget ? 1.0 : -1.0
        let change = Double(pairs) / (1000 * options.adaKimg)
        probability = min(max(probability + direction * change, 0), 1)
        (signs, steps, pairs) = (0, 0, 0)
    }
}
