internal import CTorch

// MARK: - Reading

extension Tensor {
    /// Gives the elements as bytes for the time of the call.
    ///
    /// Copies only where they do not lie on the CPU in C order already.
    ///
    /// - Parameter body: Takes the bytes: native byte order, C order.
    /// - Returns: What `body` returns.
    /// - Throws: ``TorchError`` if they cannot be brought to the CPU, and what `body` throws.
    public func withBytes<Result>(_ body: (RawSpan) throws -> Result) throws -> Result {
        var pointer: UnsafeRawPointer?
        var count = 0
        let owner = try unsafe bytesOnCPU(&pointer, &count)
        return try withExtendedLifetime(owner) {
            try body(unsafe UnsafeRawBufferPointer(start: pointer, count: count).bytes)
        }
    }

    /// The elements as bytes: native byte order, C order.
    ///
    /// - Returns: A copy.
    /// - Throws: ``TorchError`` if they cannot be brought to the CPU.
    public func bytes() throws(TorchError) -> [UInt8] {
        try elements(of: UInt8.self)
    }

    /// The elements of a tensor of floats, C order.
    ///
    /// - Returns: A copy.
    /// - Throws: ``TorchError`` if they are of another type, or cannot be brought to the CPU.
    public func floats() throws(TorchError) -> [Float] {
        try require(.float32)
        return try elements(of: Float.self)
    }

    /// The elements of a tensor of integers, C order.
    ///
    /// - Returns: A copy.
    /// - Throws: ``TorchError`` if they are of another type, or cannot be brought to the CPU.
    public func integers() throws(TorchError) -> [Int64] {
        try require(.int64)
        return try elements(of: Int64.self)
    }

    /// The only element of a tensor of one element.
    ///
    /// Waits for the device: read several losses at once by ``stacked(_:)`` and ``floats()``.
    ///
    /// - Returns: The element; whole numbers are exact up to 2⁵³.
    /// - Throws: ``TorchError`` if there are none or several.
    public func item() throws(TorchError) -> Double {
        var value = 0.0
        try changing { unsafe ctorch_tensor_item(handle, &value) }
        return value
    }

    private func require(
        _ type: ElementType,
        _ operation: StaticString = #function
    ) throws(TorchError) {
        guard elementType == type else {
            throw TorchError(
                operation: "\(operation)",
                message: "expected elements of type \(type.rawValue), found \(elementType.rawValue)"
            )
        }
    }

    private func elements<Element: BitwiseCopyable>(
        of type: Element.Type
    ) throws(TorchError) -> [Element] {
        var pointer: UnsafeRawPointer?
        var count = 0
        let owner = try unsafe bytesOnCPU(&pointer, &count)
        return withExtendedLifetime(owner) {
            let source = unsafe UnsafeRawBufferPointer(start: pointer, count: count)
            return unsafe Array(unsafeUninitializedCapacity: count / MemoryLayout<Element>.size) {
                unsafe UnsafeMutableRawBufferPointer($0).copyMemory(from: source)
                $1 = $0.count
            }
        }
    }

    /// A tensor that owns the bytes, and where they lie in it.
    private func bytesOnCPU(
        _ pointer: inout UnsafeRawPointer?,
        _ count: inout Int,
        operation: StaticString = #function
    ) throws(TorchError) -> Tensor {
        try .made(from: self, operation: operation) {
            unsafe ctorch_tensor_bytes(handle, $0, &pointer, &count)
        }
    }
}

// MARK: - Copying and filling

extension Tensor {
    /// The tensor on a device: itself if it is there already, otherwise a copy.
    ///
    /// - Parameter device: Where to.
    /// - Returns: A tensor there.
    /// - Throws: ``TorchError`` if there is not enough memory.
    public func moved(to device: Device) throws(TorchError) -> Tensor {
        try .made(from: self) {
            unsafe ctorch_tensor_to_device(handle, device.kind, device.index, $0)
        }
    }

    /// A tensor with elements of its own.
    ///
    /// - Returns: A copy, with this tensor in its history.
    /// - Throws: ``TorchError`` if there is not enough memory.
    public func cloned() throws(TorchError) -> Tensor {
        try .made(from: self, as: .copy) { unsafe ctorch_tensor_clone(handle, $0) }
    }

    /// Overwrites the elements with another tensor's, in place and unrecorded.
    ///
    /// - Parameter source: Has the same shape; may lie on another device.
    /// - Throws: ``TorchError`` if the shapes differ.
    public func copyElements(from source: Tensor) throws(TorchError) {
        try changing(with: source) { unsafe ctorch_tensor_copy_(handle, source.handle) }
    }

    /// Overwrites the elements with draws from a normal distribution, in place and unrecorded.
    ///
    /// - Parameters:
    ///   - mean: The distribution's mean.
    ///   - standardDeviation: The distribution's standard deviation, at least 0.
    /// - Throws: ``TorchError`` if libtorch rejects the numbers or the type.
    public func fillNormal(
        mean: Double,
        standardDeviation: Double
    ) throws(TorchError) {
        try changing { unsafe ctorch_tensor_normal_(handle, mean, standardDeviation) }
    }

    /// Overwrites the elements with draws from 0..<1, each as likely, in place and unrecorded.
    ///
    /// - Throws: ``TorchError`` if libtorch rejects the type.
    public func fillUniform() throws(TorchError) {
        try changing { unsafe ctorch_tensor_uniform_(handle) }
    }

    /// Overwrites every element, in place and unrecorded.
    ///
    /// - Parameter value: The new element.
    /// - Throws: ``TorchError`` if the type cannot hold it.
    public func fill(_ value: Double) throws(TorchError) {
        try changing { unsafe ctorch_tensor_fill_(handle, value) }
    }

    /// Adds a whole number to every element, in place and unrecorded.
    func formSum(with value: Int64) throws(TorchError) {
        try changing { unsafe ctorch_tensor_add_integer_(handle, value) }
    }

    /// Brings the elements of many tensors to a range around 0, in place and unrecorded.
    ///
    /// - Parameters:
    ///   - tensors: Of floats.
    ///   - limit: The largest absolute value, at least 0.
    /// - Throws: ``TorchError`` if libtorch refuses.
    static func clamp(_ tensors: [Tensor], to limit: Double) throws(TorchError) {
        let handles: [OpaquePointer?] = unsafe tensors.map { unsafe $0.handle }
        try withExtendedLifetime(tensors) { () throws(TorchError) in
            try check(unsafe ctorch_clamp_(handles, Int32(handles.count), limit))
        }
    }

    /// Moves many tensors towards others at once, in place and unrecorded.
    ///
    /// - Parameters:
    ///   - tensors: What is moved.
    ///   - ends: As many, of the same shapes.
    ///   - share: How far: 0 not at all, 1 all the way.
    /// - Throws: ``TorchError`` if the shapes differ.
    static func move(
        _ tensors: [Tensor],
        towards ends: [Tensor],
        by share: Double
    ) throws(TorchError) {
        let moved: [OpaquePointer?] = unsafe tensors.map { unsafe $0.handle }
        let others: [OpaquePointer?] = unsafe ends.map { unsafe $0.handle }
        try withExtendedLifetime((tensors, ends)) { () throws(TorchError) in
            try check(unsafe ctorch_lerp_(moved, others, Int32(moved.count), share))
        }
    }
}
