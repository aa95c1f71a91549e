/// How far a training is in its epoch, and what its validations have said so far.
public struct TrainingProgress: Codable, Equatable, Sendable {
    /// The epoch's sums so far.
    public var tally: EpochTally
    /// Whether the epoch has been validated, drawn and reported.
    public var isFinished = false
    /// What the validations have said.
    public var validations = ValidationWatch()
    /// How probable adaptive augmentations are.
    public var augmentation = AugmentationController()
    /// What the steps have said.
    var collapse = CollapseWatch()

    /// A training that has not begun.
    init() {
        tally = EpochTally(number: 1)
    }
}
