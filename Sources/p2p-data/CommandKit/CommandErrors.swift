public import ArgumentParser
public import DatasetKit

/// The exit codes of all commands, as the README lists them. Wrong usage is 64 (`EX_USAGE`).
extension ExitCode {
    /// The data was found wanting: lost pairs, corrupt files, a failed verification.
    public static let dataFoundWanting = ExitCode(2)
    /// Wrong usage: flags or a recipe that ask for something impossible.
    public static let wrongUsage = ExitCode(64)
}

extension DatasetError {
    /// The exit code of a command that ends with this error.
    public var exitCode: ExitCode {
        switch code {
        case .invalidRecipe: .wrongUsage
        case .corrupt, .unsupported, .tooLarge, .mismatch, .empty: .dataFoundWanting
        case .notFound, .exists, .io: .failure
        }
    }
}

/// Runs a command's work; an error becomes its message on stderr and the exit code that it has.
///
/// - Throws: `ExitCode`, and what `ArgumentParser` itself knows how to print.
public func reportingErrors(_ body: () throws -> Void) throws {
    do {
        try body()
    } catch let error as DatasetError {
        Console.error(error.description)
        throw error.exitCode
    }
}
