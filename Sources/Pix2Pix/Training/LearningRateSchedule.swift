public import DatasetKit
import Glibc

/// What the learning rate is multiplied by, epoch by epoch and in the first steps.
///
/// `linear` is the reference's policy, stepped at the end of an epoch: with the usual 100 + 100 epochs the
/// factor is 1 up to epoch 100, 0.990 in epoch 101 and 0.0099 in epoch 200. `cosine`, `step` and `plateau`
/// are PyTorch's `CosineAnnealingLR`, `StepLR` and `ReduceLROnPlateau` with the reference's constants.
public struct LearningRateSchedule: Equatable, Sendable {
    private let options: TrainOptions

    /// Creates the schedule that some options ask for.
    public init(_ options: TrainOptions) {
        self.options = options
    }

    /// What the learning rate is multiplied by in one step.
    ///
    /// - Parameters:
    ///   - epoch: Counted from 1.
    ///   - stepsBefore: Steps made before this one, over all epochs.
    ///   - reductions: How often ``Plateau`` has lowered the rate.
    /// - Returns: In 0...1; above 0 in all epochs of the schedule.
    public func factor(epoch: Int, stepsBefore: Int, reductions: Int) -> Double {
        let warming =
            options.warmupSteps == 0
            ? 1 : min(1, Double(stepsBefore + 1) / Double(options.warmupSteps))
        return warming * factor(epoch: epoch, reductions: reductions)
    }

    private func factor(epoch: Int, reductions: Int) -> Double {
        switch options.lrSchedule {
        case .constant: return 1
        case .linear:
            let decayed = Double(max(0, epoch - options.epochs))
            return max(0, 1 - decayed / Double(options.decayEpochs + 1))
        case .cosine:
            return (1 + cos(.pi * Double(epoch - 1) / Double(options.epochs))) / 2
        case .step:
            let steps = (epoch - 1) / options.lrStepEpochs
            return pow(options.lrFactor ?? 0.1, Double(steps))
        case .plateau: return pow(options.lrFactor ?? 0.2, Double(reductions))
        }
    }
}
