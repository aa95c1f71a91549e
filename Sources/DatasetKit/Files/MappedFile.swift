import Glibc

/// A file mapped into memory, read-only, until the last reference goes.
///
/// Nothing is read before it is touched. The file must not be cut short while it is mapped;
/// this package replaces files by renaming, never in place.
@safe
package final class MappedFile: @unchecked Sendable {
    // `@unchecked` because of the pointer: the memory is never written, and unmapped only when
    // no reference is left.
    private let start: UnsafeRawPointer?
    /// Bytes in the file.
    package let count: Int
    /// The path it was opened by.
    package let path: String

    /// Maps the file.
    ///
    /// - Throws: ``DatasetError`` with code `notFound` or `io`.
    package init(path: String) throws(DatasetError) {
        self.path = path
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("cannot open", path: path) }
        defer { close(descriptor) }
        var information = stat()
        guard unsafe fstat(descriptor, &information) == 0 else {
            throw .system("cannot read the size of", path: path)
        }
        guard information.st_mode & S_IFMT == S_IFREG else {
            throw DatasetError(.io, "expected a file, found a folder or device", path: path)
        }
        count = Int(information.st_size)
        guard count > 0 else {
            unsafe start = nil
            return
        }
        let address = unsafe mmap(nil, count, PROT_READ, MAP_SHARED, descriptor, 0)
        guard let address = unsafe address, unsafe address != MAP_FAILED else {
            throw .system("cannot map", path: path)
        }
        unsafe start = UnsafeRawPointer(address)
    }

    deinit {
        guard let start = unsafe start else { return }
        unsafe munmap(UnsafeMutableRawPointer(mutating: start), count)
    }

    /// Gives the file's bytes for the time of the call.
    package func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe body(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
    }
}

extension DatasetError {
    /// An error of the operating system: what failed, on what, and `errno` in words.
    package static func system(_ action: String, path: String) -> DatasetError {
        let number = errno
        let reason = unsafe String(cString: strerror(number))
        let code: Code = number == ENOENT || number == ENOTDIR ? .notFound : .io
        return DatasetError(code, "\(action) it: \(reason)", path: path)
    }
}
