/// The learning rate's schedule: constant, then linearly towards 0.
///
/// As the reference's `linear` policy, stepped at the end of an epoch: with the usual 100 + 100
/// epochs the factor is 1 up to epoch 100, 0.990 in epoch 101 and 0.0099 in epoch 200.
public struct LinearDecay: Equatable, Sendable {
    /// Epochs at the full rate.
    public let epochs: Int
    /// Epochs of decay after them.
    public let decayEpochs: Int

    /// Creates a schedule.
    ///
    /// - Precondition: Neither number is negative.
    public init(
        epochs: Int,
        decayEpochs: Int
    ) {
        precondition(epochs >= 0 && decayEpochs >= 0)
        self.epochs = epochs
        self.decayEpochs = decayEpochs
    }

    /// All epochs.
    public var totalEpochs: Int { epochs + decayEpochs }

    /// What the learning rate is multiplied by in an epoch.
    ///
    /// - Parameter epoch: Counted from 1.
    /// - Returns: In 0...1; above 0 in all epochs of the schedule.
    public func factor(epoch: Int) -> Double {
        max(0, 1 - Double(max(0, epoch - epochs)) / Double(decayEpochs + 1))
    }
}
