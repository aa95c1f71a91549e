import Glibc

/// A file that one process at a time has open for writing (`flock`).
///
/// Where the file system has no locks, several may.
package final class LockedFile: Sendable {
    /// For reading and writing.
    package let descriptor: Int32

    /// Opens the file; makes an empty one where there is none.
    ///
    /// - Returns: `nil` while somebody else has it open.
    /// - Throws: ``DatasetError`` with code `io`.
    package init?(path: String) throws(DatasetError) {
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .system("cannot write", path: path) }
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
            close(descriptor)
            return nil
        }
    }

    deinit {
        // A process that is just being started has a copy of the descriptor for a moment, and would
        // keep the lock with it.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
