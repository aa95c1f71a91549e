internal import CTorch

// What attention, regularisation and the losses by structure are made of.

extension Tensor {
    /// The quotient, element by element.
    ///
    /// - Parameter other: The same shape, or one that libtorch broadcasts.
    /// - Returns: A new tensor.
    /// - Throws: ``TorchError`` if the shapes do not fit.
    package func divided(by other: Tensor) throws(TorchError) -> Tensor {
        try .made(from: self, other, as: .divide) { unsafe ctorch_divide(handle, other.handle, $0) }
    }

    /// A power of each element.
    ///
    /// - Parameter exponent: The exponent.
    /// - Returns: A tensor of the same shape; not a number where an element is below 0 and the
    ///   exponent no whole number.
    /// - Throws: ``TorchError`` if libtorch refuses.
    package func power(_ exponent: Double) throws(TorchError) -> Tensor {
        try .made(from: self) { unsafe ctorch_power(handle, exponent, $0) }
    }

    /// The sign of each element: -1, 0 or 1, without a gradient.
    ///
    /// - Returns: A tensor of the same shape.
    /// - Throws: ``TorchError`` if libtorch refuses.
    package func sign() throws(TorchError) -> Tensor {
        try .made(from: self) { unsafe ctorch_sign(handle, $0) }
    }

    /// The logistic function of each element.
    ///
    /// - Returns: A tensor of the same shape, in 0...1.
    /// - Throws: ``TorchError`` if libtorch refuses.
    package func sigmoid() throws(TorchError) -> Tensor {
        try .made(from: self, as: .sigmoid) { unsafe ctorch_sigmoid(handle, $0) }
    }

    /// The softmax along the last dimension.
    ///
    /// - Returns: A tensor of the same shape, whose rows sum to 1.
    /// - Throws: ``TorchError`` if it is a scalar.
    package func softmax() throws(TorchError) -> Tensor {
        try .made(from: self, as: .softmax(dimension: -1)) { unsafe ctorch_softmax(handle, $0) }
    }

    /// The matrix products of two batches of matrices.
    ///
    /// - Parameter other: `[N, b, c]`, this being `[N, a, b]`.
    /// - Returns: `[N, a, c]`.
    /// - Throws: ``TorchError`` if the shapes do not fit.
    package func batchedProduct(with other: Tensor) throws(TorchError) -> Tensor {
        try .made(from: self, other, as: .matrixProduct) {
            unsafe ctorch_batched_product(handle, other.handle, $0)
        }
    }

    /// The mean over some dimensions, which stay with a length of 1.
    ///
    /// - Parameter dimensions: Which; none twice.
    /// - Returns: A tensor that broadcasts against this one.
    /// - Throws: ``TorchError`` if there is no such dimension.
    package func mean(over dimensions: [Int]) throws(TorchError) -> Tensor {
        let numbers = dimensions.map(Int64.init)
        return try .made(from: self, as: .mean(dimensions: dimensions)) {
            unsafe ctorch_mean_over(handle, numbers, Int32(numbers.count), $0)
        }
    }

    /// The same elements in the reverse order along one dimension.
    ///
    /// - Returns: A new tensor of the same shape.
    /// - Throws: ``TorchError`` if there is no such dimension.
    package func flipped(dimension: Int) throws(TorchError) -> Tensor {
        try .made(from: self) { unsafe ctorch_flip(handle, Int64(dimension), $0) }
    }
}
