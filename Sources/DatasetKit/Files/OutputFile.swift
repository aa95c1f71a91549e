import Glibc

/// A file in the making: written under a temporary name, it appears under its own only when whole.
///
/// Temporary file, write, fsync, rename, fsync of the folder. Without ``commit()`` nothing stays.
package final class OutputFile: Sendable {
    /// The name it will have.
    package let path: String
    /// Where its bytes are until it is committed.
    package let temporaryPath: String
    private let descriptor: Int32

    /// Opens the temporary file.
    ///
    /// - Throws: ``DatasetError`` with code `io` or `notFound` (no such folder).
    package init(path: String) throws(DatasetError) {
        self.path = path
        temporaryPath = "\(path).tmp"
        descriptor = unsafe open(temporaryPath, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .system("cannot write", path: temporaryPath) }
    }

    deinit {
        // After a commit the temporary name is gone and this does nothing.
        close(descriptor)
        discard()
    }

    /// Writes bytes at an offset; different threads may write different parts.
    ///
    /// - Throws: ``DatasetError`` with code `io`, such as for a full disk.
    package func write(_ bytes: RawSpan, at offset: Int) throws(DatasetError) {
        var written = 0
        while written < bytes.byteCount {
            let count = unsafe bytes.extracting(written...).withUnsafeBytes { part in
                unsafe pwrite(descriptor, part.baseAddress, part.count, off_t(offset + written))
            }
            guard count > 0 else {
                if count < 0 && errno == EINTR { continue }
                throw .system("cannot write", path: path)
            }
            written += count
        }
    }

    /// Gives the file up: nothing stays.
    package func discard() {
        unsafe unlink(temporaryPath)
    }

    /// Makes the file permanent under its own name.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    package func commit() throws(DatasetError) {
        guard fsync(descriptor) == 0 else { throw .system("cannot write out", path: path) }
        try FileSystem.rename(temporaryPath, to: path)
    }
}
