import Glibc

/// A message to hash, read from its start to its end.
package protocol HashedSource {
    associatedtype Failure: Error

    /// Fills the buffer with the next bytes; fewer than it holds only at the end.
    ///
    /// - Returns: How many bytes were read.
    /// - Throws: `Failure`.
    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int
}

/// A message in memory.
struct HashedBuffer: HashedSource {
    let bytes: [UInt8]
    private var position = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(Never) -> Int {
        let end = min(bytes.count, position + buffer.count)
        unsafe buffer.copyBytes(from: bytes[position..<end])
        defer { position = end }
        return end - position
    }
}

/// A file, of which only what is read is in memory. (Mapped pages would count as this process's.)
package final class HashedFile: HashedSource {
    private let path: String
    private let descriptor: Int32
    private let size: Int
    private var position = 0

    /// Opens the file.
    ///
    /// - Throws: ``DatasetError`` with code `notFound` or `io`.
    package init(path: String) throws(DatasetError) {
        self.path = path
        descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            size = 0
            throw .system("cannot open", path: path)
        }
        var information = stat()
        guard unsafe fstat(descriptor, &information) == 0 else {
            size = 0
            throw .system("cannot read the size of", path: path)
        }
        size = Int(information.st_size)
        guard information.st_mode & S_IFMT == S_IFREG else {
            throw DatasetError(.io, "expected a file, found a folder or device", path: path)
        }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(DatasetError) -> Int {
        let wanted = min(buffer.count, size - position)
        var filled = 0
        while filled < wanted {
            let address = unsafe buffer.baseAddress.map { unsafe $0 + filled }
            let count = unsafe pread(descriptor, address, wanted - filled, position)
            if count < 0 {
                if errno == EINTR { continue }
                throw .system("cannot read", path: path)
            }
            guard count > 0 else {
                throw DatasetError(
                    .io,
                    "it shrank from \(size) to \(position) bytes while it was being read; "
                        + "try again when nothing writes to it",
                    path: path
                )
            }
            filled += count
            position += count
        }
        return filled
    }
}
