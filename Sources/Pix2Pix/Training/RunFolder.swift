import DatasetKit
import FoundationEssentials
import Glibc

/// The folder of one training: `config.json`, `metrics.jsonl`, `samples/`, `checkpoints/`.
public struct RunFolder: Sendable {
    /// Its path.
    public let path: String

    /// Chooses the folder of a new run, and writes nothing yet.
    ///
    /// - Parameter path: Must not exist, or be an empty folder.
    /// - Throws: ``TrainingError`` with code `exists`.
    public init(new path: String) throws {
        self.path = path
        if let kind = FileSystem.kind(of: path) {
            guard kind == .folder, try FileSystem.names(in: path).isEmpty else {
                throw TrainingError(
                    .exists,
                    "\(path): expected a new or empty folder, found another run; give another --run"
                )
            }
        }
    }

    /// Makes the folder and those in it.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    func make() throws(DatasetError) {
        try FileSystem.makeFolder("\(path)/samples")
        try FileSystem.makeFolder("\(path)/checkpoints")
    }

    /// A path for a new run: `runs/NAME-1`, or the first number that is free.
    public static func unused(name: String, in folder: String = "runs") -> String {
        let numbers = 1...
        let free = numbers.first { FileSystem.kind(of: "\(folder)/\(name)-\($0)") == nil } ?? 1
        return "\(folder)/\(name)-\(free)"
    }

    /// The sample grid of an epoch.
    public func samplePath(epoch: Int) -> String {
        let digits = String(epoch)
        let zeros = String(repeating: "0", count: max(0, 3 - digits.count))
        return "\(path)/samples/epoch-\(zeros)\(digits).png"
    }

    /// The newest checkpoint.
    public var checkpointPath: String { "\(path)/checkpoints/latest.safetensors" }

    /// The metrics, a JSON object a line.
    public var metricsPath: String { "\(path)/metrics.jsonl" }

    /// Writes `config.json`.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    func writeConfiguration(_ configuration: some Encodable) throws {
        try FileSystem.writeAtomically(
            try JSONText.pretty(configuration),
            to: "\(path)/config.json"
        )
    }
}

/// `metrics.jsonl`: a line for each step and each epoch, written at once.
final class MetricsLog {
    private let path: String
    private let descriptor: Int32

    /// Opens the file to append to it.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    init(path: String) throws(DatasetError) {
        self.path = path
        descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw DatasetError(
                .io,
                "cannot write it: \(unsafe String(cString: strerror(errno)))",
                path: path
            )
        }
    }

    deinit {
        close(descriptor)
    }

    /// Appends one line.
    ///
    /// - Throws: ``DatasetError`` with code `io`, such as for a full disk.
    func append(_ record: some Encodable) throws {
        let line = Array(try JSONText.canonical(record) + Data("\n".utf8))
        let count = unsafe line.withUnsafeBytes {
            unsafe write(descriptor, $0.baseAddress, $0.count)
        }
        guard count == line.count else {
            throw DatasetError(
                .io,
                "cannot write it: \(unsafe String(cString: strerror(errno)))",
                path: path
            )
        }
    }
}
