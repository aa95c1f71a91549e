internal import CTorch

// MARK: - Layers

extension Tensor {
    /// A two-dimensional convolution (cross-correlation) with zero padding.
    ///
    /// - Parameters:
    ///   - weight: `[outputChannels, C, k, k]`.
    ///   - bias: `[outputChannels]`, or none.
    ///   - stride: Pixels from one position to the next.
    ///   - padding: Zeros added on each side.
    /// - Returns: `[N, outputChannels, (H + 2 padding - k) / stride + 1, …]`.
    /// - Throws: ``TorchError`` if the shapes do not fit.
    public func convolved(
        with weight: Tensor,
        bias: Tensor?,
        stride: Int,
        padding: Int
    ) throws(TorchError) -> Tensor {
        try .made(from: self, weight, bias, as: .convolution(stride: stride, padding: padding)) {
            unsafe ctorch_conv2d(
                handle,
                weight.handle,
                bias?.handle,
                Int64(stride),
                Int64(padding),
                $0
            )
        }
    }

    /// A two-dimensional transposed convolution: the gradient of a convolution.
    ///
    /// - Parameters:
    ///   - weight: `[C, outputChannels, k, k]`.
    ///   - bias: `[outputChannels]`, or none.
    ///   - stride: Pixels between the inputs' places in the output.
    ///   - padding: Pixels cut off on each side.
    ///   - outputPadding: Pixels of them that are kept at the bottom and on the right.
    /// - Returns: `[N, outputChannels, (H - 1) stride - 2 padding + k + outputPadding, …]`.
    /// - Throws: ``TorchError`` if the shapes do not fit.
    public func transposedConvolved(
        with weight: Tensor,
        bias: Tensor?,
        stride: Int,
        padding: Int,
        outputPadding: Int = 0
    ) throws(TorchError) -> Tensor {
        try .made(
            from: self,
            weight,
            bias,
            as: .transposedConvolution(
                stride: stride,
                padding: padding,
                outputPadding: outputPadding
            )
        ) {
            unsafe ctorch_conv_transpose2d(
                handle,
                weight.handle,
                bias?.handle,
                Int64(stride),
                Int64(padding),
                Int64(outputPadding),
                $0
            )
        }
    }

    /// Batch normalisation with the batch's own statistics.
    ///
    /// - Parameters:
    ///   - weight: `[C]`, multiplies the normalised values.
    ///   - bias: `[C]`, added to them.
    ///   - running: `[C]` each, moved towards the batch's statistics; or `nil`.
    ///   - momentum: How far: 0 not at all, 1 all the way.
    ///   - epsilon: Added to the variance.
    /// - Returns: A tensor of the same shape.
    /// - Throws: ``TorchError`` if the shapes do not fit.
    func batchNormalized(
        weight: Tensor,
        bias: Tensor,
        updating running: (mean: Tensor, variance: Tensor)?,
        momentum: Double,
        epsilon: Double
    ) throws(TorchError) -> Tensor {
        try .made(from: self, weight, bias, running?.mean, running?.variance) {
            unsafe ctorch_batch_norm(
                handle,
                weight.handle,
                bias.handle,
                running?.mean.handle,
                running?.variance.handle,
                1,
                momentum,
                epsilon,
                $0
            )
        }
    }

    /// Batch normalisation with given statistics, which stay as they are.
    ///
    /// - Parameters:
    ///   - weight: `[C]`, multiplies the normalised values.
    ///   - bias: `[C]`, added to them.
    ///   - mean: `[C]`.
    ///   - variance: `[C]`.
    ///   - epsilon: Added to the variance.
    /// - Returns: A tensor of the same shape.
    /// - Throws: ``TorchError`` if the shapes do not fit.
    func batchNormalized(
        weight: Tensor,
        bias: Tensor,
        mean: Tensor,
        variance: Tensor,
        epsilon: Double
    ) throws(TorchError) -> Tensor {
        try .made(
            from: self,
            weight,
            bias,
            mean,
            variance,
            as: .batchNormalization(epsilon: epsilon)
        ) {
            unsafe ctorch_batch_norm(
                handle,
                weight.handle,
                bias.handle,
                mean.handle,
                variance.handle,
                0,
                0,
                epsilon,
                $0
            )
        }
    }

    /// Instance normalisation: each channel of each image to mean 0 and variance 1.
    ///
    /// - Parameters:
    ///   - weight: `[C]`, multiplies the normalised values; `nil` for 1.
    ///   - bias: `[C]`, added to them; `nil` for 0.
    ///   - epsilon: Added to the variance.
    /// - Returns: A tensor of the same shape.
    /// - Throws: ``TorchError`` if it is no batch of images.
    package func instanceNormalized(
        weight: Tensor? = nil,
        bias: Tensor? = nil,
        epsilon: Double
    ) throws(TorchError) -> Tensor {
        try .made(from: self, weight, bias, as: .instanceNormalization(epsilon: epsilon)) {
            unsafe ctorch_instance_norm(handle, weight?.handle, bias?.handle, epsilon, $0)
        }
    }

    /// A batch with more pixels around each image, mirrored at the edge pixels.
    ///
    /// - Parameter padding: Pixels added on each side; fewer than the image has.
    /// - Returns: `[N, C, H + 2 padding, W + 2 padding]`.
    /// - Throws: ``TorchError`` if the images are too small.
    package func reflectionPadded(by padding: Int) throws(TorchError) -> Tensor {
        try .made(from: self, as: .reflectionPadding(padding)) {
            unsafe ctorch_reflection_pad2d(handle, Int64(padding), $0)
        }
    }

    /// Zeroes elements at random and scales the others by `1 / (1 - probability)`.
    ///
    /// - Parameter probability: Of an element to be zeroed, in 0...1.
    /// - Returns: A tensor of the same shape.
    /// - Throws: ``TorchError`` if the probability is impossible.
    public func dropout(probability: Double) throws(TorchError) -> Tensor {
        try .made(from: self) { unsafe ctorch_dropout(handle, probability, $0) }
    }
}

// MARK: - Activations

extension Tensor {
    /// Negative elements times `slope`, the others as they are.
    ///
    /// - Parameter slope: Such as 0.2.
    /// - Returns: A tensor of the same shape.
    /// - Throws: ``TorchError`` if libtorch refuses.
    public func leakyReLU(slope: Double) throws(TorchError) -> Tensor {
        try .made(from: self, as: .leakyReLU(slope: slope)) {
            unsafe ctorch_leaky_relu(handle, slope, $0)
        }
    }

    /// As ``leakyReLU(slope:)``, in place: no memory for a second tensor.
    ///
    /// - Parameter slope: At least 0, such as 0.2.
    /// - Throws: ``TorchError`` if gradients need the elements as they are.
    public func formLeakyReLU(slope: Double) throws(TorchError) {
        try changing(as: .leakyReLU(slope: slope)) { unsafe ctorch_leaky_relu_(handle, slope) }
    }

    /// Negative elements as 0, the others as they are.
    ///
    /// - Returns: A tensor of the same shape.
    /// - Throws: ``TorchError`` if libtorch refuses.
    public func relu() throws(TorchError) -> Tensor {
        try .made(from: self, as: .relu) { unsafe ctorch_relu(handle, $0) }
    }

    /// As ``relu()``, in place: no memory for a second tensor.
    ///
    /// - Throws: ``TorchError`` if gradients need the elements as they are.
    public func formReLU() throws(TorchError) {
        try changing(as: .relu) { unsafe ctorch_relu_(handle) }
    }

    /// The hyperbolic tangent of each element.
    ///
    /// - Returns: A tensor of the same shape, in -1...1.
    /// - Throws: ``TorchError`` if libtorch refuses.
    public func tanh() throws(TorchError) -> Tensor {
        try .made(from: self, as: .tanh) { unsafe ctorch_tanh(handle, $0) }
    }
}

// MARK: - Arithmetic

extension Tensor {
    /// The sum, element by element.
    ///
    /// - Parameter other: The same shape, or one that libtorch broadcasts.
    /// - Returns: A new tensor.
    /// - Throws: ``TorchError`` if the shapes do not fit.
    public func adding(_ other: Tensor) throws(TorchError) -> Tensor {
        try .made(from: self, other, as: .add) { unsafe ctorch_add(handle, other.handle, $0) }
    }

    /// The difference, element by element.
    ///
    /// - Parameter other: The same shape, or one that libtorch broadcasts.
    /// - Returns: A new tensor.
    /// - Throws: ``TorchError`` if the shapes do not fit.
    public func subtracting(_ other: Tensor) throws(TorchError) -> Tensor {
        try .made(from: self, other, as: .subtract) {
            unsafe ctorch_subtract(handle, other.handle, $0)
        }
    }

    /// The product, element by element.
    ///
    /// - Parameter other: The same shape, or one that libtorch broadcasts.
    /// - Returns: A new tensor.
    /// - Throws: ``TorchError`` if the shapes do not fit.
    public func multiplied(by other: Tensor) throws(TorchError) -> Tensor {
        try .made(from: self, other, as: .multiply) {
            unsafe ctorch_multiply(handle, other.handle, $0)
        }
    }

    /// Every element times a number.
    ///
    /// - Parameter factor: The number.
    /// - Returns: A tensor of the same shape.
    /// - Throws: ``TorchError`` if libtorch refuses.
    public func scaled(by factor: Double) throws(TorchError) -> Tensor {
        try .made(from: self, as: .multiplyByNumber(factor)) {
            unsafe ctorch_scale(handle, factor, $0)
        }
    }

    /// Every element and a number.
    ///
    /// - Parameter number: What is added.
    /// - Returns: A tensor of the same shape.
    /// - Throws: ``TorchError`` if libtorch refuses.
    public func adding(_ number: Double) throws(TorchError) -> Tensor {
        try .made(from: self, as: .addNumber(number)) {
            unsafe ctorch_add_number(handle, number, $0)
        }
    }

    /// Every element times itself.
    ///
    /// - Returns: A tensor of the same shape.
    /// - Throws: ``TorchError`` if libtorch refuses.
    package func squared() throws(TorchError) -> Tensor {
        try multiplied(by: self)
    }

    /// The square root of each element.
    ///
    /// - Returns: A tensor of the same shape; not a number where an element is below 0.
    /// - Throws: ``TorchError`` if libtorch refuses.
    package func squareRoot() throws(TorchError) -> Tensor {
        try .made(from: self, as: .squareRoot) { unsafe ctorch_sqrt(handle, $0) }
    }

    /// The Euclidean norm of each entry of the first dimension.
    ///
    /// - Returns: `[N, …]` to `[N]`.
    /// - Throws: ``TorchError`` if it is a scalar.
    package func normOfEntries() throws(TorchError) -> Tensor {
        try .made(from: self) { unsafe ctorch_norm_of_entries(handle, $0) }
    }

    /// The standard deviation of each entry's elements around their mean.
    ///
    /// - Returns: `[N, …]` to `[N]`; the sum of squares is divided by the number of elements.
    /// - Throws: ``TorchError`` if it is a scalar.
    package func deviationOfEntries() throws(TorchError) -> Tensor {
        try .made(from: self) { unsafe ctorch_deviation_of_entries(handle, $0) }
    }

    /// The mean of all elements.
    ///
    /// - Returns: A scalar.
    /// - Throws: ``TorchError`` if the elements are not floats.
    public func mean() throws(TorchError) -> Tensor {
        try .made(from: self) { unsafe ctorch_mean(handle, $0) }
    }

    /// The mean binary cross entropy of logits against one constant target.
    ///
    /// - Parameter target: In 0...1: 1 for "real", 0 for "fake".
    /// - Returns: A scalar, at least 0.
    /// - Throws: ``TorchError`` if the elements are not floats.
    func binaryCrossEntropy(logitsAgainst target: Double) throws(TorchError) -> Tensor {
        try .made(from: self) { unsafe ctorch_bce_with_logits(handle, target, $0) }
    }

    /// The mean absolute difference.
    ///
    /// - Parameter other: A tensor of the same shape.
    /// - Returns: A scalar, at least 0.
    /// - Throws: ``TorchError`` if the shapes do not fit.
    func meanAbsoluteDifference(from other: Tensor) throws(TorchError) -> Tensor {
        try .made(from: self, other) { unsafe ctorch_l1(handle, other.handle, $0) }
    }

    /// The mean squared difference.
    ///
    /// - Parameter other: A tensor of the same shape.
    /// - Returns: A scalar, at least 0.
    /// - Throws: ``TorchError`` if the shapes do not fit.
    package func meanSquaredDifference(from other: Tensor) throws(TorchError) -> Tensor {
        try .made(from: self, other) { unsafe ctorch_mse(handle, other.handle, $0) }
    }
}
