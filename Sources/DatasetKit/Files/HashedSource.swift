import Glibc

/// A message to hash, read from its start to its end.
package protocol HashedSource {
    associatedtype Failure: Error

    /// The next bytes: in the buffer, or more of them elsewhere until the next call.
    ///
    /// - Parameter buffer: Room for a whole number of blocks of 64 bytes.
    /// - Returns: Whole blocks; fewer bytes than the buffer holds only at the end, and then in it.
    /// - Throws: `Failure`.
    mutating func read(
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(Failure) -> UnsafeRawBufferPointer
}

/// A message in memory.
struct HashedBuffer: HashedSource {
    let bytes: [UInt8]
    private var position = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func read(
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(Never) -> UnsafeRawBufferPointer {
        let end = min(bytes.count, position + buffer.count)
        unsafe buffer.copyBytes(from: bytes[position..<end])
        defer { position = end }
        return unsafe UnsafeRawBufferPointer(rebasing: buffer[..<(end - position)])
    }
}

/// A file that is still in the memory in which it was put together.
package struct HashedPages: HashedSource {
    private let pages: Pages
    private var position = 0

    /// Starts at the first byte.
    package init(_ pages: Pages) {
        self.pages = pages
    }

    package mutating func read(
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(Never) -> UnsafeRawBufferPointer {
        let rest = pages.count - position
        // All that is not the end is hashed where it lies.
        let count = rest < buffer.count ? rest : rest / buffer.count * buffer.count
        defer { position += count }
        return unsafe pages.withBytes { bytes in
            let part = unsafe UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
            guard count < buffer.count else { return unsafe part }
            unsafe buffer.copyMemory(from: part)
            return unsafe UnsafeRawBufferPointer(rebasing: buffer[..<count])
        }
    }
}

/// A file, of which only what is read is in memory.
///
/// A large file is looked at through a window, which saves copying it; of a whole mapping all pages
/// would count as this process's memory.
@safe
package final class HashedFile: HashedSource {
    /// Bytes of the window; smaller files, and the end of larger ones, are copied.
    private static let windowSize = 1 << 20

    private let path: String
    private let descriptor: Int32
    private let size: Int
    private var position = 0
    private var window: UnsafeMutableRawPointer?

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
        closeWindow()
        if descriptor >= 0 { close(descriptor) }
    }

    package func read(
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(DatasetError) -> UnsafeRawBufferPointer {
        closeWindow()
        if let window = unsafe openWindow() { return unsafe window }
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
        return unsafe UnsafeRawBufferPointer(rebasing: buffer[..<filled])
    }

    /// The next bytes as the file system has them in memory; `nil` near the end, or where that is
    /// not to be had: then they are read.
    private func openWindow() -> UnsafeRawBufferPointer? {
        let count = Self.windowSize
        guard size - position >= count else { return nil }
        let address = unsafe mmap(nil, count, PROT_READ, MAP_SHARED, descriptor, position)
        guard let address = unsafe address, unsafe address != MAP_FAILED else { return nil }
        // All at once, and with an error in place of a signal where the disk has one.
        guard unsafe madvise(address, count, Self.populateForReading) == 0 else {
            unsafe munmap(address, count)
            return nil
        }
        unsafe window = address
        position += count
        return unsafe UnsafeRawBufferPointer(start: address, count: count)
    }

    private func closeWindow() {
        if let window = unsafe window { unsafe munmap(window, Self.windowSize) }
        unsafe window = nil
    }

    /// `MADV_POPULATE_READ`, since Linux 5.14.
    private static let populateForReading: Int32 = 22
}
