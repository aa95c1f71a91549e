import CArchive
import Glibc

/// A folder in the making: filled under a temporary name, it appears under its own only when whole.
///
/// Every file is reached from the folder's descriptor by names that cannot lead out of it, and
/// through no link. Threads may write different files at a time.
final class NewFolder: Sendable {
    /// Where it is while it is filled.
    let temporaryPath: String
    private let descriptor: Int32

    /// Makes the empty folder; what an interrupted run left of one is removed.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    init(temporaryPath: String) throws(DatasetError) {
        self.temporaryPath = temporaryPath
        try FileSystem.remove(temporaryPath)
        try FileSystem.makeFolder(temporaryPath)
        descriptor = unsafe open(temporaryPath, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("cannot open", path: temporaryPath) }
    }

    deinit { close(descriptor) }

    /// Makes a folder, and those above it, where they are missing.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    func makeFolder(_ path: ContainedPath) throws(DatasetError) {
        close(try openFolder(path.components[...]))
    }

    /// Makes a file, and the folders above it, and has it written.
    ///
    /// - Parameters:
    ///   - path: Where; nothing may be there yet.
    ///   - write: Called with the file's descriptor, which is closed afterwards.
    /// - Throws: ``DatasetError``: `exists` if something is there, `io`, and what `write` throws.
    func makeFile(
        _ path: ContainedPath,
        write: (Int32) throws(DatasetError) -> Void
    ) throws(DatasetError) {
        let folder = try openFolder(path.components.dropLast())
        defer { close(folder) }
        let name = path.components[path.components.count - 1]
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let file = unsafe openat(folder, name, flags, 0o644)
        guard file >= 0 else { throw failure("cannot write", path.text) }
        defer { close(file) }
        try write(file)
    }

    /// Makes a file of some bytes.
    ///
    /// - Throws: As ``makeFile(_:write:)``.
    func makeFile(_ path: ContainedPath, bytes: [UInt8]) throws(DatasetError) {
        try makeFile(path) { (file) throws(DatasetError) in
            try unsafe FileSystem.write(bytes.span.bytes, to: file, at: 0, path: path.text)
        }
    }

    /// Makes all of it permanent and gives it, or one folder in it, its name.
    ///
    /// - Parameters:
    ///   - path: The name, of nothing or of an empty folder.
    ///   - name: The folder in it that becomes the whole; `nil` for all of it.
    /// - Throws: ``DatasetError`` with code `io`; nothing of it is left then.
    func commit(to path: String, keepingOnly name: String? = nil) throws(DatasetError) {
        do throws(DatasetError) {
            // Thousands of files at once: one call instead of an fsync for each.
            guard syncfs(descriptor) == 0 else {
                throw .system("cannot write out", path: temporaryPath)
            }
            let kept = name.map { "\(temporaryPath)/\($0)" } ?? temporaryPath
            try FileSystem.rename(kept, to: path)
        } catch {
            discard()
            throw error
        }
        discard()
    }

    /// Gives it up: nothing stays.
    func discard() {
        // What cannot be removed now is removed by the next run.
        try? FileSystem.remove(temporaryPath)
    }

    /// Opens a folder below this one, one step at a time, making those that are missing.
    private func openFolder(_ components: ArraySlice<String>) throws(DatasetError) -> Int32 {
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        var folder = unsafe openat(descriptor, ".", flags)
        for name in components where folder >= 0 {
            let parent = folder
            defer { close(parent) }
            var next = unsafe openat(parent, name, flags)
            if next < 0, errno == ENOENT {
                // Another thread may make it first: only that it can be opened counts.
                _ = unsafe mkdirat(parent, name, 0o755)
                next = unsafe openat(parent, name, flags)
            }
            guard next >= 0 else {
                throw failure("cannot make a folder of", components.joined(separator: "/"))
            }
            folder = next
        }
        guard folder >= 0 else { throw .system("cannot open", path: temporaryPath) }
        return folder
    }

    /// The error of a call that failed; `exists` where a name is taken by something else.
    private func failure(_ action: String, _ path: String) -> DatasetError {
        guard errno != EEXIST && errno != ENOTDIR && errno != ELOOP else {
            return DatasetError(
                .exists,
                "the name is needed twice, for a file and for another file or a folder",
                path: "\(temporaryPath)/\(path)"
            )
        }
        return .system(action, path: "\(temporaryPath)/\(path)")
    }
}
