public import Foundation

/// A command of this package, run as a process.
public struct Command {
    /// How a run ended and what it wrote.
    public struct Outcome: Sendable {
        /// The exit code; a negative number is the signal that ended it.
        public var status: Int32
        /// What it wrote to stdout.
        public var output: String
        /// What it wrote to stderr.
        public var messages: String
    }

    private let executable: URL

    /// The folder of the built products: that of the running tests.
    private static let products = URL(
        fileURLWithPath: (try? FileManager.default.destinationOfSymbolicLink(
            atPath: "/proc/self/exe"
        ))
            ?? CommandLine.arguments[0]
    ).deletingLastPathComponent()

    /// Whether a command has been built: `p2p-train` needs libtorch.
    public static func isBuilt(_ name: String) -> Bool {
        FileManager.default.isExecutableFile(atPath: products.appendingPathComponent(name).path)
    }

    /// Where it is.
    public var path: String { executable.path }

    /// The command of this name.
    public init(_ name: String) {
        executable = Self.products.appendingPathComponent(name)
    }

    /// Another program of this machine.
    public init(path: String) {
        executable = URL(fileURLWithPath: path)
    }

    /// Runs the command and waits for it.
    ///
    /// - Parameters:
    ///   - arguments: What stands after its name.
    ///   - folder: The working directory.
    /// - Returns: How it ended and what it wrote.
    /// - Throws: An error of Foundation if it cannot be started.
    public func run(_ arguments: [String], in folder: String? = nil) throws -> Outcome {
        let process = prepared(arguments, in: folder)
        // Files, not pipes: nothing to be drained while it runs.
        let scratch = try TemporaryFolder()
        let output = try scratch.write("", to: "output")
        let messages = try scratch.write("", to: "messages")
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: messages))
        try process.run()
        process.waitUntilExit()
        let wasSignalled = process.terminationReason == .uncaughtSignal
        return Outcome(
            status: wasSignalled ? -process.terminationStatus : process.terminationStatus,
            output: String(decoding: try scratch.bytes(of: "output"), as: UTF8.self),
            messages: String(decoding: try scratch.bytes(of: "messages"), as: UTF8.self)
        )
    }

    /// Starts the command and does not wait for it; what it writes is lost.
    public func start(_ arguments: [String], in folder: String? = nil) throws -> Process {
        let process = prepared(arguments, in: folder)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    private func prepared(_ arguments: [String], in folder: String?) -> Process {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        process.standardInput = FileHandle.nullDevice
        return process
    }
}
