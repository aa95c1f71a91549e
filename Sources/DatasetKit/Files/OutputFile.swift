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
        try FileSystem.write(bytes, to: descriptor, at: offset, path: path)
    }

    /// Writes the whole file, straight to the disk where the file system offers that (`O_DIRECT`).
    ///
    /// The way through the page cache takes more of the processor's time, and what it holds would
    /// give way to what nobody reads soon.
    ///
    /// - Throws: ``DatasetError`` with code `io`, such as for a full disk.
    package func write(_ pages: Pages) throws(DatasetError) {
        try unsafe pages.withBytes { (bytes) throws(DatasetError) in
            let bytes = unsafe bytes.bytes
            let direct = pages.count / Self.directBlock * Self.directBlock
            let isWritten = try writeDirectly(bytes.extracting(..<direct))
            let start = isWritten ? direct : 0
            try write(bytes.extracting(start...), at: start)
        }
    }

    /// Writes the first bytes of the file past the page cache.
    ///
    /// - Returns: Whether the file system does that.
    private func writeDirectly(_ bytes: RawSpan) throws(DatasetError) -> Bool {
        let flags = fcntl(descriptor, F_GETFL)
        guard fcntl(descriptor, F_SETFL, flags | Self.direct) == 0 else { return false }
        defer { _ = fcntl(descriptor, F_SETFL, flags) }
        do throws(DatasetError) {
            try write(bytes, at: 0)
            return true
        } catch {
            // Some say only now that they do not.
            guard errno == EINVAL else { throw error }
            return false
        }
    }

    /// What is written directly starts and ends at multiples of so many bytes: a page is enough for
    /// every disk.
    private static let directBlock = 4096

    /// `O_DIRECT`, which Swift's Glibc leaves out.
    #if arch(arm64) || arch(arm)
    private static let direct: Int32 = 0o200000
    #else
    private static let direct: Int32 = 0o40000
    #endif

    /// Gives the file up: nothing stays.
    package func discard() {
        unsafe unlink(temporaryPath)
    }

    /// Makes the file permanent under its own name.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    package func commit() throws(DatasetError) {
        try Self.commit([self])
        try FileSystem.synchronizeFolder(of: path)
    }

    /// Makes the bytes of files permanent, then gives them their own names, which are permanent only
    /// after ``FileSystem/synchronizeFolder(of:)``: that does it for all files of a folder at once.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    package static func commit(_ files: [OutputFile]) throws(DatasetError) {
        for file in files {
            guard fsync(file.descriptor) == 0 else {
                throw .system("cannot write out", path: file.path)
            }
        }
        for file in files { try FileSystem.renameOneOfMany(file.temporaryPath, to: file.path) }
    }
}
