internal import CTorch

extension Tensor {
    /// Joins tensors along an existing dimension.
    ///
    /// - Parameters:
    ///   - tensors: At least one; shapes differ in that dimension only.
    ///   - dimension: 0 for the batch, 1 for the channels.
    /// - Returns: A new tensor.
    /// - Throws: ``TorchError`` if the shapes do not fit.
    public static func concatenated(
        _ tensors: [Tensor],
        dimension: Int
    ) throws(TorchError) -> Tensor {
        try joined(tensors, as: .concatenate(dimension: dimension)) {
            unsafe ctorch_concatenate($0, $1, Int64(dimension), $2)
        }
    }

    /// Joins tensors of one shape along a new first dimension.
    ///
    /// - Parameter tensors: At least one.
    /// - Returns: `[count, …]`.
    /// - Throws: ``TorchError`` if the shapes differ.
    public static func stacked(_ tensors: [Tensor]) throws(TorchError) -> Tensor {
        try joined(tensors) { unsafe ctorch_stack($0, $1, $2) }
    }

    /// A part of one dimension.
    ///
    /// - Parameters:
    ///   - dimension: 0 for the batch, 1 for the channels.
    ///   - start: The first entry.
    ///   - length: The number of entries.
    /// - Returns: A tensor that shares the elements.
    /// - Throws: ``TorchError`` if the part does not lie inside.
    public func narrowed(
        dimension: Int,
        start: Int,
        length: Int
    ) throws(TorchError) -> Tensor {
        try .made(from: self, as: .narrow(dimension: dimension, start: start, length: length)) {
            unsafe ctorch_narrow(handle, Int64(dimension), Int64(start), Int64(length), $0)
        }
    }

    /// The same elements in another shape.
    ///
    /// - Parameter shape: The dimensions; one may be -1 and follows from the others.
    /// - Returns: A tensor that shares the elements where that is possible.
    /// - Throws: ``TorchError`` if the shape takes another number of elements.
    public func reshaped(to shape: [Int]) throws(TorchError) -> Tensor {
        let sizes = shape.map(Int64.init)
        return try .made(from: self, as: .reshape) {
            unsafe ctorch_reshape(handle, sizes, Int32(sizes.count), $0)
        }
    }

    /// The same elements with two dimensions exchanged.
    ///
    /// - Parameters:
    ///   - first: A dimension.
    ///   - second: Another.
    /// - Returns: A tensor that shares the elements.
    /// - Throws: ``TorchError`` if there are no such dimensions.
    public func transposed(
        _ first: Int,
        _ second: Int
    ) throws(TorchError) -> Tensor {
        try .made(from: self, as: .transpose(first, second)) {
            unsafe ctorch_transpose(handle, Int64(first), Int64(second), $0)
        }
    }

    @safe
    private static func joined(
        _ tensors: [Tensor],
        as recorded: RecordedOperation? = nil,
        operation: StaticString = #function,
        by call: (
            UnsafePointer<OpaquePointer?>, Int32, UnsafeMutablePointer<OpaquePointer?>
        ) -> Int32
    ) throws(TorchError) -> Tensor {
        let handles: [OpaquePointer?] = unsafe tensors.map { unsafe $0.handle }
        return try .made(fromAll: tensors, as: recorded, operation: operation) {
            unsafe call(handles, Int32(handles.count), $0)
        }
    }
}
