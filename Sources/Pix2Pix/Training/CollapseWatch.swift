package import DatasetKit

/// Something about a training that its owner should know.
public struct TrainingWarning: Codable, Equatable, Sendable {
    /// What it is about.
    public enum Kind: String, Codable, Sendable {
        /// The discriminator's losses are near 0: the generator learns nothing more from it.
        case discriminatorWins = "discriminator-wins"
        /// The discriminator is sure of each image.
        case scoresSaturated = "scores-saturated"
        /// The generator makes one colour of everything.
        case outputVanishes = "output-vanishes"
    }

    /// What it is about.
    public var kind: Kind
    /// The epoch, from 1.
    public var epoch: Int
    /// The step, over all epochs, from 1.
    public var step: Int
    /// What was seen, with numbers.
    public var message: String
    /// One thing to try.
    public var suggestion: String
}

/// Looks for the ways in which an adversarial training fails, over windows of steps.
///
/// A kind of warning is given once, and again only after a window without it.
package struct CollapseWatch: Codable, Equatable, Sendable {
    /// Steps that are looked at together.
    package static let window = 200
    /// Share of a discriminator's loss that knows nothing, below which it has won.
    static let wonShare = 0.05
    /// Logits beyond which a judgement is certain: a probability above 0.993, or below 0.007.
    static let certainLogit = 5.0
    /// Share of the targets' deviation below which what is made has none.
    static let flatShare = 0.02

    private var steps = 0
    private var discriminatorLoss = 0.0
    private var realScore = 0.0
    private var fakeScore = 0.0
    private var outputDeviation = 0.0
    private var targetDeviation = 0.0
    private var active: Set<TrainingWarning.Kind> = []

    /// A watch that has seen nothing.
    package init() {}

    /// Takes note of a step.
    ///
    /// - Parameters:
    ///   - outcome: What the step gave.
    ///   - targetDeviation: The standard deviation of the targets' values.
    ///   - options: Which losses there are.
    ///   - epoch: The epoch, from 1.
    ///   - step: The step, over all epochs, from 1.
    /// - Returns: What is new, at the end of a window.
    package mutating func see(
        _ outcome: StepOutcome,
        targetDeviation: Double,
        _ options: TrainOptions,
        epoch: Int,
        step: Int
    ) -> [TrainingWarning] {
        steps += 1
        discriminatorLoss += ((outcome.losses["D_real"] ?? 0) + (outcome.losses["D_fake"] ?? 0)) / 2
        realScore += outcome.diagnostics.realScore ?? 0
        fakeScore += outcome.diagnostics.fakeScore ?? 0
        outputDeviation += outcome.diagnostics.outputDeviation
        self.targetDeviation += targetDeviation
        guard steps == Self.window else { return [] }
        let found = findings(options)
        let new = found.filter { !active.contains($0.kind) }
        self = CollapseWatch()
        active = Set(found.map(\.kind))
        return new.map {
            TrainingWarning(
                kind: $0.kind,
                epoch: epoch,
                step: step,
                message: $0.message,
                suggestion: $0.suggestion
            )
        }
    }

    private typealias Finding = (
        kind: TrainingWarning.Kind, message: String, suggestion: String
    )

    private func findings(_ options: TrainOptions) -> [Finding] {
        var findings: [Finding] = []
        let count = Double(steps)
        func text(_ value: Double) -> String { "\((1000 * value).rounded() / 1000)" }
        if options.ganWeight > 0, let ignorant = options.ganLoss.undecidedLoss {
            let loss = discriminatorLoss / count
            if loss < Self.wonShare * ignorant {
                findings.append(
                    (
                        .discriminatorWins,
                        "the discriminator's loss was \(text(loss)) over \(steps) steps, where one that "
                            + "knows nothing has \(text(ignorant)): the generator learns little from it",
                        "slow it down with a lower --lr-d, or --label-smoothing 0.1"
                    )
                )
            }
        }
        let (real, fake) = (realScore / count, fakeScore / count)
        if options.ganWeight > 0, options.ganLoss == .vanilla, real > Self.certainLogit,
            fake < -Self.certainLogit
        {
            findings.append(
                (
                    .scoresSaturated,
                    "the discriminator is sure of every image: mean logits \(text(real)) for real and "
                        + "\(text(fake)) for fake ones, where ±5 is a probability of 0.993",
                    "augment more, or try --gan-loss lsgan, whose gradient does not vanish"
                )
            )
        }
        let (made, wanted) = (outputDeviation / count, targetDeviation / count)
        if made < Self.flatShare * wanted {
            findings.append(
                (
                    .outputVanishes,
                    "the generated images hardly vary: a deviation of \(text(made)) over \(steps) steps, "
                        + "where the targets have \(text(wanted))",
                    "go back to an earlier checkpoint with a lower --lr"
                )
            )
        }
        return findings
    }
}
