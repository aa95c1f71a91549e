import Glibc
import Synchronization

/// Pieces of memory, all of one size, in which files are put together one after the other.
///
/// They are used again, because the system clears memory that it gives, page by page, and on a
/// virtual machine the host may have to find it first: that takes longer than filling it.
package final class PagePool: Sendable {
    /// The most bytes that a file may have.
    package let size: Int
    private let state: Mutex<State>

    private struct State {
        /// How many more pieces may be made.
        var left: Int
        /// The addresses of those that nobody uses.
        var free: [UInt] = []
    }

    /// Makes a pool that has no memory yet.
    ///
    /// - Parameters:
    ///   - size: The most bytes that a file may have, whole pages.
    ///   - capacity: For how many files at a time there is memory.
    package init(size: Int, capacity: Int) {
        self.size = size
        state = Mutex(State(left: capacity))
    }

    deinit { release() }

    /// Gives the memory that nobody uses back to the system, which takes a while.
    package func release() {
        let unused = state.withLock { state in
            defer { state.free = [] }
            state.left += state.free.count
            return state.free
        }
        for address in unused { unsafe munmap(UnsafeMutableRawPointer(bitPattern: address), size) }
    }

    /// Memory for a file, which comes back by itself; it may hold anything.
    ///
    /// - Parameter count: The bytes of the file.
    /// - Returns: `nil` if the file is too large, or if nothing is left now.
    package func pages(count: Int) -> Pages? {
        guard count <= size else { return nil }
        return state.withLock { state in
            guard let start = unsafe state.free.popLast().map(Self.pointer) ?? mapped(&state.left)
            else { return nil }
            return unsafe Pages(start, count: count, of: self)
        }
    }

    private static func pointer(_ address: UInt) -> UnsafeMutableRawPointer? {
        unsafe UnsafeMutableRawPointer(bitPattern: address)
    }

    private func mapped(_ left: inout Int) -> UnsafeMutableRawPointer? {
        guard left > 0 else { return nil }
        let access = PROT_READ | PROT_WRITE
        let start = unsafe mmap(nil, size, access, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let start = unsafe start, unsafe start != MAP_FAILED else { return nil }
        left -= 1
        return unsafe start
    }

    fileprivate func take(_ start: UnsafeMutableRawPointer) {
        state.withLock { $0.free.append(UInt(bitPattern: start)) }
    }
}

/// The bytes of a file that is put together in memory; different threads may write different parts.
@safe
package final class Pages: @unchecked Sendable {
    // `@unchecked` because of the pointer: the memory is this object's alone while it lives.
    private let start: UnsafeMutableRawPointer
    private let pool: PagePool
    /// Bytes of the file.
    package let count: Int

    fileprivate init(_ start: UnsafeMutableRawPointer, count: Int, of pool: PagePool) {
        unsafe self.start = start
        self.count = count
        self.pool = pool
    }

    deinit { unsafe pool.take(start) }

    /// Copies bytes to an offset.
    ///
    /// - Precondition: They end before `count`.
    package func write(_ bytes: RawSpan, at offset: Int) {
        precondition(offset >= 0 && offset + bytes.byteCount <= count, "it is in the file")
        unsafe bytes.withUnsafeBytes { bytes in
            guard let source = bytes.baseAddress else { return }
            unsafe (start + offset).copyMemory(from: source, byteCount: bytes.count)
        }
    }

    /// Gives the bytes for the time of the call, from the start of a page on.
    func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe body(UnsafeRawBufferPointer(start: start, count: count))
    }
}
