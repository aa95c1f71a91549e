import ArgumentParser
import CommandKit
import Pix2Pix

/// Runs a command's work; an error becomes its message on stderr and the exit code that it has.
///
/// - Throws: `ExitCode`, and what `ArgumentParser` itself knows how to print.
func reportingTrainingErrors(_ body: () throws -> Void) throws {
    try reportingErrors {
        do {
            try body()
        } catch let error as TrainingError {
            Console.error(error.description)
            throw error.exitCode
        } catch let error as TorchError {
            Console.error(error.description)
            throw ExitCode.failure
        }
    }
}

extension TrainingError {
    /// The exit code of a command that ends with this error.
    fileprivate var exitCode: ExitCode {
        switch code {
        case .impossibleSettings: .wrongUsage
        case .unsuitableData: .dataFoundWanting
        case .exists, .noRun, .diverged: .failure
        }
    }
}
