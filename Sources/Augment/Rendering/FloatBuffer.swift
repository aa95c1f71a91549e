/// Room for floats that grows and is used again: after the first pairs nothing is allocated.
@safe final class FloatBuffer {
    private var storage: UnsafeMutableBufferPointer<Float>

    init() {
        unsafe storage = .allocate(capacity: 0)
    }

    deinit {
        unsafe storage.deallocate()
    }

    /// The first `count` floats; what they held is lost where the room grows.
    func room(_ count: Int) -> UnsafeMutableBufferPointer<Float> {
        if unsafe storage.count < count {
            unsafe storage.deallocate()
            unsafe storage = .allocate(capacity: count)
            unsafe storage.initialize(repeating: 0)
        }
        return unsafe UnsafeMutableBufferPointer(rebasing: storage[..<count])
    }
}
