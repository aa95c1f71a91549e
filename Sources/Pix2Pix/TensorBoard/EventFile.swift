import DatasetKit
import FoundationEssentials
import Glibc
import SwiftProtobuf

/// A file of TensorBoard's events, to which whole records are appended.
///
/// A TFRecord file: of each record the length (8 bytes, little-endian), its checksum, the bytes, and
/// theirs, each checksum a masked CRC-32C of 4 bytes.
@safe
final class EventFile {
    /// What TensorBoard looks for in a name.
    private static let prefix = "events.out.tfevents."

    /// Where it lies.
    let path: String
    private let descriptor: Int32

    /// Makes a new file, `events.out.tfevents.SECONDS.HOST.PID.p2p`.
    ///
    /// TensorBoard reads the files of a folder in the order of their names, as text: the new one
    /// comes after all that are there, even if the clock was set back, or a second has two.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    init(in folder: String) throws(DatasetError) {
        try FileSystem.makeFolder(folder)
        let latest = try FileSystem.names(in: folder).compactMap(Self.seconds).max() ?? 0
        let seconds = max(Int(Date().timeIntervalSince1970), latest + 1)
        path = "\(folder)/\(Self.prefix)\(seconds).\(Self.host).\(getpid()).p2p"
        descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw DatasetError.system("cannot make", path: path) }
    }

    deinit {
        close(descriptor)
    }

    /// Appends events by one write: of a process that is killed, at most the last record is cut,
    /// which TensorBoard leaves out.
    ///
    /// - Throws: ``DatasetError`` with code `io`, such as for a full disk; the file then ends as
    ///   before.
    func append(_ events: [TBEvent]) throws(DatasetError) {
        var bytes: [UInt8] = []
        for event in events { bytes += Self.record(of: try self.bytes(of: event)) }
        let end = lseek(descriptor, 0, SEEK_END)
        guard end >= 0 else { throw DatasetError.system("cannot find the end of", path: path) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                let failure = DatasetError.system("cannot write", path: path)
                // Half a record in the middle would hide all that come after it.
                _ = ftruncate(descriptor, end)
                throw failure
            }
            rest = rest.dropFirst(count)
        }
    }

    /// Waits until all is on the disk.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    func synchronize() throws(DatasetError) {
        guard fsync(descriptor) == 0 else {
            throw DatasetError.system("cannot write out", path: path)
        }
    }

    /// A record around some bytes.
    static func record(of bytes: [UInt8]) -> [UInt8] {
        let length = UInt64(bytes.count).littleEndianBytes
        return length + Checksum.maskedCRC32C(length).littleEndianBytes
            + bytes + Checksum.maskedCRC32C(bytes).littleEndianBytes
    }

    /// The bytes of a message, maps in the order of their keys.
    ///
    /// - Throws: ``DatasetError`` with code `tooLarge` for 2 GiB or more.
    func bytes(of message: some Message) throws(DatasetError) -> [UInt8] {
        var options = BinaryEncodingOptions()
        options.useDeterministicOrdering = true
        do {
            return try message.serializedBytes(options: options)
        } catch {
            throw DatasetError(.tooLarge, "cannot write an event: \(error)", path: path)
        }
    }

    /// The seconds in the name of an event file.
    private static func seconds(_ name: String) -> Int? {
        guard name.hasPrefix(prefix) else { return nil }
        return Int(name.dropFirst(prefix.count).prefix { $0 != "." })
    }

    /// The machine's name.
    private static var host: String {
        let name = ProcessInfo.processInfo.hostName
        return name.isEmpty ? "localhost" : name.replacing("/", with: "-")
    }
}

extension FixedWidthInteger {
    /// The bytes, lowest first.
    fileprivate var littleEndianBytes: [UInt8] {
        (0..<Self.bitWidth / 8).map { UInt8(truncatingIfNeeded: self >> ($0 * 8)) }
    }
}
