import DatasetKit
import FoundationEssentials
import Glibc

/// `metrics.jsonl`: a line for each step, epoch and warning, written at once.
final class MetricsLog {
    private let path: String
    private let descriptor: Int32

    /// Opens the file to go on after a checkpoint: what came after it, or was cut off, goes.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - checkpoint: Where the run goes on.
    /// - Throws: ``DatasetError`` with code `io`.
    convenience init(path: String, after checkpoint: Checkpoint) throws(DatasetError) {
        let newline = UInt8(ascii: "\n")
        var kept = try FileSystem.contents(of: path)[...]
        // From the end: what comes after the checkpoint are the last lines, and few of many.
        while !kept.isEmpty {
            let start = kept.dropLast().lastIndex(of: newline).map { $0 + 1 } ?? 0
            if kept.last == newline, Self.comes(kept[start...].dropLast(), before: checkpoint) {
                break
            }
            kept = kept[..<start]
        }
        try self.init(path: path)
        guard ftruncate(descriptor, kept.count) == 0 else {
            throw .system("cannot shorten", path: path)
        }
    }

    /// Whether a line is of what a checkpoint holds.
    private static func comes(_ line: ArraySlice<UInt8>, before checkpoint: Checkpoint) -> Bool {
        struct Place: Decodable {
            var step: Int?
            var epoch: Int
        }
        guard let place = try? JSONDecoder().decode(Place.self, from: Data(line)) else {
            return false
        }
        let position = checkpoint.position
        if let step = place.step { return step <= position.steps }
        let end = place.epoch * position.stepsPerEpoch
        return end < position.steps || end == position.steps && checkpoint.progress.isFinished
    }

    /// Opens the file to append to it.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    init(path: String) throws(DatasetError) {
        self.path = path
        descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .system("cannot write", path: path) }
    }

    deinit {
        close(descriptor)
    }

    /// Appends one line.
    ///
    /// - Throws: ``DatasetError`` with code `io`, such as for a full disk.
    func append(_ record: [String: JSONValue]) throws {
        let line = Array(try JSONText.canonical(record) + Data("\n".utf8))
        let count = unsafe line.withUnsafeBytes {
            unsafe write(descriptor, $0.baseAddress, $0.count)
        }
        guard count == line.count else { throw DatasetError.system("cannot write", path: path) }
    }
}
