public import DatasetKit
import FoundationEssentials

/// The folder of one training: `config.json`, `metrics.jsonl`, TensorBoard's events,
/// `report.html`, `samples/`, `checkpoints/`.
public struct RunFolder: Sendable {
    /// Its path.
    public let path: String

    /// Names a folder, whatever is there.
    init(_ path: String) { self.path = path }

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
        try FileSystem.makeFolder(checkpointFolder)
    }

    /// A path for a new run: `runs/NAME-1`, or the first number that is free.
    public static func unused(name: String, in folder: String = "runs") -> String {
        let numbers = 1...
        let free = numbers.first { FileSystem.kind(of: "\(folder)/\(name)-\($0)") == nil } ?? 1
        return "\(folder)/\(name)-\(free)"
    }

    /// The sample grid of an epoch.
    public func samplePath(epoch: Int) -> String {
        "\(samplesPath)/epoch-\(Self.digits(epoch)).png"
    }

    /// An epoch in at least three digits.
    private static func digits(_ epoch: Int) -> String {
        let digits = String(epoch)
        return String(repeating: "0", count: max(0, 3 - digits.count)) + digits
    }

    /// Where the sample grids are.
    var samplesPath: String { "\(path)/samples" }

    /// How the samples came along, over the epochs.
    public var montagePath: String { "\(samplesPath)/montage.png" }

    /// The page that shows the run.
    public var reportPath: String { "\(path)/report.html" }

    /// Where the checkpoints are.
    var checkpointFolder: String { "\(path)/checkpoints" }

    /// The newest checkpoint.
    public var checkpointPath: String { Self.latestCheckpoint(in: path) }

    /// The newest checkpoint of a run's folder.
    private static func latestCheckpoint(in folder: String) -> String {
        "\(folder)/checkpoints/latest.safetensors"
    }

    /// The file that is meant: of a run's folder its newest checkpoint.
    static func checkpoint(at path: String) -> String {
        FileSystem.kind(of: path) == .folder ? latestCheckpoint(in: path) : path
    }

    /// The checkpoint of the epoch whose validation was the best.
    public var bestCheckpointPath: String { "\(checkpointFolder)/best.safetensors" }

    /// The checkpoint that is kept of an epoch.
    func checkpointPath(epoch: Int) -> String {
        "\(checkpointFolder)/epoch-\(Self.digits(epoch)).safetensors"
    }

    /// The epoch that a file of the checkpoints' folder is kept of; `nil` for others.
    static func epoch(ofCheckpoint name: String) -> Int? {
        guard name.hasPrefix("epoch-"), name.hasSuffix(".safetensors") else { return nil }
        return Int(name.dropFirst("epoch-".count).dropLast(".safetensors".count))
    }

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
