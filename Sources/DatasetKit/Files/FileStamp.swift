import Glibc

/// What the file system says about one state of a file: another state has another stamp.
///
/// The time of the last change of the inode is part of it, so that a file with its old date put back
/// is still seen to have changed.
package struct FileStamp: Equatable, Sendable {
    /// Bytes in the file.
    package var size: Int
    /// Last change of the contents, in nanoseconds since 1970.
    package var modified: Int
    /// Last change of the inode, in nanoseconds since 1970.
    package var changed: Int
    /// The inode's number.
    package var inode: UInt64

    /// Looks at a path, links followed.
    ///
    /// - Throws: ``DatasetError`` with code `notFound` or `io`.
    package init(path: String) throws(DatasetError) {
        var information = stat()
        guard unsafe stat(path, &information) == 0 else {
            throw .system("cannot find", path: path)
        }
        size = Int(information.st_size)
        modified = information.st_mtim.tv_sec * 1_000_000_000 + information.st_mtim.tv_nsec
        changed = information.st_ctim.tv_sec * 1_000_000_000 + information.st_ctim.tv_nsec
        inode = UInt64(information.st_ino)
    }
}
