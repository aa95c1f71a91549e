public import DatasetKit
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

    /// Takes the folder of a run that is to go on.
    ///
    /// - Throws: ``TrainingError`` with code `noRun` where there is no run with a checkpoint.
    public init(existing path: String) throws(TrainingError) {
        self.path = path
        for file in [configurationPath, checkpointPath] where FileSystem.kind(of: file) == nil {
            throw TrainingError(
                .noRun,
                "\(path): expected the folder of a run with \(file.dropFirst(path.count + 1)), found none; "
                    + "a run has a checkpoint after its first epoch, or when it is stopped"
            )
        }
    }

    /// Takes the folder of a run to look at, with a checkpoint or without.
    ///
    /// - Throws: ``TrainingError`` with code `noRun` where no run has begun.
    public init(shown path: String) throws(TrainingError) {
        self.path = path
        guard FileSystem.kind(of: configurationPath) == .file else {
            throw TrainingError(
                .noRun,
                "\(path): expected the folder of a run with config.json, found none"
            )
        }
    }

    /// What the run is: its `config.json`.
    ///
    /// - Throws: ``DatasetError`` with code `corrupt` where it is damaged, or from an older version.
    public func configuration() throws(DatasetError) -> RunConfiguration {
        let bytes = try FileSystem.contents(of: configurationPath)
        do {
            return try JSONDecoder().decode(RunConfiguration.self, from: Data(bytes))
        } catch {
            throw DatasetError(
                .corrupt,
                "expected what p2p-train writes when a run begins; it was changed, or is of an older "
                    + "version",
                path: configurationPath
            )
        }
    }

    /// What the run is.
    var configurationPath: String { "\(path)/config.json" }

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
        return "\(samplesPath)/epoch-\(zeros)\(digits).png"
    }

    /// Where the sample grids are.
    var samplesPath: String { "\(path)/samples" }

    /// How the samples came along, over the epochs.
    public var montagePath: String { "\(samplesPath)/montage.png" }

    /// The page that shows the run.
    public var reportPath: String { "\(path)/report.html" }

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
            to: configurationPath
        )
    }
}

/// `metrics.jsonl`: a line for each step and each epoch, written at once.
final class MetricsLog {
    private let path: String
    private let descriptor: Int32

    /// Opens the file to go on after a checkpoint: what came after it, or was cut off, goes.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - checkpoint: Where the run goes on.
    /// - Throws: ``DatasetError`` with code `io`.
    convenience init(path: String, after checkpoint: Checkpoint) throws {
        let lines = try FileSystem.contents(of: path).split(separator: UInt8(ascii: "\n"))
        let kept = lines.filter { line in
            guard let record = try? JSONDecoder().decode([String: Double].self, from: Data(line))
            else { return false }
            if let step = record["step"] { return Int(step) <= checkpoint.position.steps }
            let end = Int(record["epoch"] ?? .infinity) * checkpoint.position.stepsPerEpoch
            return end < checkpoint.position.steps
                || end == checkpoint.position.steps && checkpoint.progress.isFinished
        }
        let newline = Data("\n".utf8)
        let bytes = kept.reduce(into: Data()) { $0 += Data($1) + newline }
        try FileSystem.writeAtomically(bytes, to: path)
        try self.init(path: path)
    }

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
