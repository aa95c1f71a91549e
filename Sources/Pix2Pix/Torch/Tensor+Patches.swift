internal import CTorch

// Convolutions as matrix products. libtorch's own convolutions copy the weights into another
// layout and back, each time they are used: where there are fewer positions than weights per
// channel, that is most of the work.

extension Tensor {
    /// A convolution without bias by patches and one matrix product.
    ///
    /// The same sums as ``convolved(with:bias:stride:padding:)`` in another order: results agree
    /// to about 1e-6.
    ///
    /// - Parameters:
    ///   - weight: `[outputChannels, C, k, k]`.
    ///   - stride: Pixels from one position to the next.
    ///   - padding: Zeros added on each side.
    /// - Returns: `[N, outputChannels, (H + 2 padding - k) / stride + 1, …]`.
    /// - Throws: ``TorchError`` if the shapes do not fit.
    func convolvedByProduct(
        with weight: Tensor,
        stride: Int,
        padding: Int
    ) throws(TorchError) -> Tensor {
        let shape = shape  // [N, C, H, W]
        let kernel = weight.shape  // [O, C, k, k]
        let height = (shape[2] + 2 * padding - kernel[2]) / stride + 1
        let width = (shape[3] + 2 * padding - kernel[3]) / stride + 1
        let patches = try patches(kernelSize: kernel[2], stride: stride, padding: padding)
            .channelsFirst()  // [C k k, N h w]
        return try weight.reshaped(to: [kernel[0], -1]).product(with: patches)  // [O, N h w]
            .batchFirst([shape[0], kernel[0], height, width])
    }

    /// A transposed convolution without bias by one matrix product and patches.
    ///
    /// The same sums as ``transposedConvolved(with:bias:stride:padding:)`` in another order:
    /// results agree to about 1e-6.
    ///
    /// - Parameters:
    ///   - weight: `[C, outputChannels, k, k]`.
    ///   - stride: Pixels between the inputs' places in the output.
    ///   - padding: Pixels cut off on each side.
    /// - Returns: `[N, outputChannels, (H - 1) stride - 2 padding + k, …]`.
    /// - Throws: ``TorchError`` if the shapes do not fit.
    func transposedConvolvedByProduct(
        with weight: Tensor,
        stride: Int,
        padding: Int
    ) throws(TorchError) -> Tensor {
        let shape = shape  // [N, C, H, W]
        let kernel = weight.shape  // [C, O, k, k]
        let height = (shape[2] - 1) * stride - 2 * padding + kernel[2]
        let width = (shape[3] - 1) * stride - 2 * padding + kernel[3]
        let values = try reshaped(to: [shape[0], shape[1], -1]).channelsFirst()  // [C, N H W]
        let patches = try weight.reshaped(to: [kernel[0], -1]).transposed(0, 1)
            .product(with: values)  // [O k k, N H W]
            .batchFirst([shape[0], kernel[1] * kernel[2] * kernel[3], shape[2] * shape[3]])
        return try .made(from: patches) {
            unsafe ctorch_col2im(
                patches.handle,
                Int64(height),
                Int64(width),
                Int64(kernel[2]),
                Int64(stride),
                Int64(padding),
                $0
            )
        }
    }

    /// The patch around each position: `[N, C, H, W]` to `[N, C k k, positions]`.
    private func patches(
        kernelSize: Int,
        stride: Int,
        padding: Int
    ) throws(TorchError) -> Tensor {
        try .made(from: self) {
            unsafe ctorch_im2col(handle, Int64(kernelSize), Int64(stride), Int64(padding), $0)
        }
    }

    /// The matrix product: `[a, b]` by `[b, c]` is `[a, c]`.
    func product(with other: Tensor) throws(TorchError) -> Tensor {
        try .made(from: self, other, as: .matrixProduct) {
            unsafe ctorch_matrix_product(handle, other.handle, $0)
        }
    }

    /// `[N, C, positions]` to `[C, N positions]`; a copy unless N is 1.
    private func channelsFirst() throws(TorchError) -> Tensor {
        try transposed(0, 1).reshaped(to: [shape[1], -1])
    }

    /// `[C, N positions]` to the given shape `[N, C, …]`; a copy unless N is 1.
    private func batchFirst(_ shape: [Int]) throws(TorchError) -> Tensor {
        try reshaped(to: [shape[1], shape[0]] + shape[2...]).transposed(0, 1)
            .reshaped(to: shape)
    }
}
