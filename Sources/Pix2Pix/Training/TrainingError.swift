/// Why a training cannot start or go on.
public struct TrainingError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The kind of failure: decides the exit code of a command.
    public enum Code: Sendable {
        /// The settings ask for something impossible.
        case impossibleSettings
        /// The dataset lacks what a training needs.
        case unsuitableData
        /// Something is in the way, such as another run.
        case exists
        /// There is no run to go on with.
        case noRun
        /// A loss is infinite or not a number.
        case diverged
    }

    /// The kind of failure.
    public var code: Code
    /// What was expected, what was found, and what to do about it.
    public var message: String

    /// Creates an error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
