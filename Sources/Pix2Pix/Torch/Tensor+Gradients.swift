internal import CTorch

extension Tensor {
    /// The same elements without the history of their making.
    ///
    /// - Returns: A tensor that shares the elements.
    /// - Throws: ``TorchError`` if libtorch refuses.
    public func detached() throws(TorchError) -> Tensor {
        try .made(from: self) { unsafe ctorch_tensor_detach(handle, $0) }
    }

    /// Whether operations on the tensor are recorded, so that ``backward()`` reaches it.
    public var requiresGradient: Bool {
        get throws(TorchError) {
            var required: Int32 = 0
            try changing { unsafe ctorch_tensor_requires_gradient(handle, &required) }
            return required == 1
        }
    }

    /// Sets whether operations on the tensor are recorded.
    ///
    /// - Parameter required: Only for tensors that no recorded operation has made.
    /// - Throws: ``TorchError`` if one has, or the elements are not floats.
    public func setRequiresGradient(_ required: Bool) throws(TorchError) {
        try changing { unsafe ctorch_tensor_set_requires_gradient(handle, required ? 1 : 0) }
    }

    /// What ``backward()`` left here: a tensor of the same shape, or `nil`.
    public var gradient: Tensor? {
        get throws(TorchError) {
            var gradient: OpaquePointer?
            try changing { unsafe ctorch_tensor_gradient(handle, &gradient) }
            return unsafe gradient.map { unsafe Tensor(owning: $0) }
        }
    }

    /// Forgets the gradient and gives its memory back.
    ///
    /// - Throws: ``TorchError`` if libtorch refuses.
    public func clearGradient() throws(TorchError) {
        try changing { unsafe ctorch_tensor_clear_gradient(handle) }
    }

    /// Computes the gradients of this scalar.
    ///
    /// They are added to ``gradient`` of every tensor that requires one and took part in making
    /// this one. The history is given up: it works once.
    ///
    /// - Throws: ``TorchError`` if it is no scalar or has no history.
    public func backward() throws(TorchError) {
        try changing { unsafe ctorch_tensor_backward(handle) }
    }

    /// The gradient of the sum of this tensor's elements with respect to another tensor.
    ///
    /// Recorded like any operation, so that a loss may depend on it. The history is kept.
    ///
    /// - Parameter input: Requires a gradient and took part in making this tensor.
    /// - Returns: A tensor of its shape.
    /// - Throws: ``TorchError`` if it did not take part.
    package func gradientOfSum(withRespectTo input: Tensor) throws(TorchError) -> Tensor {
        try .made(from: self, input) { unsafe ctorch_gradient_of_sum(handle, input.handle, $0) }
    }
}

/// Runs a closure whose operations are not recorded: quicker, and with less memory.
///
/// The closure is synchronous because the mode belongs to the thread.
///
/// - Parameter body: What to run.
/// - Returns: What `body` returns.
/// - Throws: What `body` throws.
public func withoutGradients<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
    var previous: Int32 = 1
    var ignored: Int32 = 0
    _ = unsafe ctorch_set_gradients_enabled(0, &previous)  // Sets a flag: cannot fail.
    defer { _ = unsafe ctorch_set_gradients_enabled(previous, &ignored) }
    return try body()
}
