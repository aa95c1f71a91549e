import FoundationEssentials
import Glibc
import Synchronization

/// What has arrived of a file: kept in `NAME.part`, so that a later run can fetch the rest.
///
/// `NAME.part.json` beside it says what the bytes are a part of. The file gets its name when it is
/// whole.
final class PartialFile: Sendable {
    /// What the bytes are a part of: bytes of another version must never be added to them.
    struct Source: Codable, Equatable {
        /// The address.
        var url: String
        /// The server's name for this version of the file, if it is a strong one.
        var etag: String?
        /// When the file was changed, in the server's words.
        var lastModified: String?
        /// How many bytes the whole file has, if the server said so.
        var total: Int?

        /// What `If-Range` takes; without it nothing says that the file is still the same.
        var validator: String? { etag ?? lastModified }
    }

    private struct State {
        var file: LockedFile?
        var length = 0
        var source: Source?
        /// Of the file, where it is open.
        var descriptor: Int32 { file?.descriptor ?? -1 }
    }

    /// Where the bytes are.
    let path: String
    private let wholePath: String
    private var sourcePath: String { "\(path).json" }
    private let state: Mutex<State>

    /// Looks for what an earlier run left; nothing is made yet.
    ///
    /// - Parameters:
    ///   - wholePath: Where the whole file will be.
    ///   - url: The address. What came from another one is not used.
    /// - Throws: ``DatasetError`` with code `io`, such as for a download that is still going on.
    init(of wholePath: String, from url: String) throws(DatasetError) {
        self.wholePath = wholePath
        path = "\(wholePath).part"
        state = Mutex(State())
        guard FileSystem.kind(of: path) == .file, FileSystem.kind(of: sourcePath) == .file,
            let source = try? JSONDecoder().decode(
                Source.self,
                from: Data(FileSystem.contents(of: sourcePath))
            ),
            source.url == url, source.validator != nil
        else { return }
        let length = try FileSystem.size(of: path)
        guard length > 0, length <= source.total ?? Int.max else { return }
        let file = try open()
        state.withLock { $0 = State(file: file, length: length, source: source) }
    }

    /// Lets go of it, so that it can be gone on with.
    ///
    /// By hand, because `URLSession` keeps its delegate, and what that refers to, for some time after
    /// its end.
    func close() {
        state.withLock { $0.file = nil }
    }

    /// The bytes that have arrived.
    var length: Int { state.withLock { $0.length } }
    /// What they are a part of; `nil` before anything is known.
    var source: Source? { state.withLock { $0.source } }
    /// Whether nothing is missing any more.
    var isWhole: Bool { state.withLock { $0.source?.total == $0.length && $0.length > 0 } }

    /// Starts from the first byte.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    func begin(_ source: Source) throws(DatasetError) {
        let file = try state.withLock { (state) throws(DatasetError) in
            let file = if let file = state.file { file } else { try open() }
            state = State(file: file, source: source)
            return file
        }
        var information = stat()
        if unsafe fstat(file.descriptor, &information) == 0, information.st_size > 0 {
            guard ftruncate(file.descriptor, 0) == 0 else {
                throw .system("cannot empty", path: path)
            }
        }
        guard let text = try? JSONText.pretty(source) else { return }
        try FileSystem.writeAtomically(text, to: sourcePath)
    }

    /// Adds bytes that arrived.
    ///
    /// - Returns: All that have arrived, and how many there will be.
    /// - Throws: ``DatasetError`` with code `io`; a full disk says what to do.
    func append(_ bytes: RawSpan) throws(DatasetError) -> (received: Int, total: Int?) {
        try state.withLock { (state) throws(DatasetError) in
            do throws(DatasetError) {
                try FileSystem.write(bytes, to: state.descriptor, at: state.length, path: path)
            } catch {
                guard errno == ENOSPC || errno == EDQUOT else { throw error }
                let missing = state.source?.total.map { " of \($0)" } ?? ""
                throw DatasetError(
                    .io,
                    "the disk is full after \(state.length)\(missing) bytes; make room and run this "
                        + "again: it goes on from there",
                    path: path
                )
            }
            state.length += bytes.byteCount
            return (state.length, state.source?.total)
        }
    }

    /// Gives the whole file its name.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    func commit() throws(DatasetError) {
        guard fsync(state.withLock(\.descriptor)) == 0 else {
            throw .system("cannot write out", path: path)
        }
        try FileSystem.rename(path, to: wholePath)
        try FileSystem.remove(sourcePath)
    }

    /// Throws away what has arrived.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    func discard() throws(DatasetError) {
        state.withLock { $0 = State() }
        try FileSystem.remove(path)
        try FileSystem.remove(sourcePath)
    }

    /// Opens the file for this process alone.
    private func open() throws(DatasetError) -> LockedFile {
        guard let file = try LockedFile(path: path) else {
            throw DatasetError(
                .io,
                "another process is downloading it; wait for that one to end",
                path: path
            )
        }
        return file
    }
}
