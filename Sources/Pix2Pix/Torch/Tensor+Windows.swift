internal import CTorch

// What pretrained networks do with batches of images, `[N, C, H, W]`.

/// A square window that moves over an image.
package struct PoolWindow: Sendable {
    /// Its width and height.
    package var size: Int
    /// Pixels from one position to the next.
    package var stride: Int
    /// Pixels outside of the image on each side that it may cover; they have no value.
    package var padding: Int
    /// Whether windows count that reach beyond the bottom and the right edge (`ceil_mode`).
    package var roundsUp: Bool

    /// Creates a window.
    package init(size: Int, stride: Int, padding: Int = 0, roundsUp: Bool = false) {
        self.size = size
        self.stride = stride
        self.padding = padding
        self.roundsUp = roundsUp
    }

    /// The positions that the window has along a side, as libtorch counts them; none below 1.
    func positions(along side: Int) -> Int {
        let free = side + 2 * padding - size
        guard free >= 0 || roundsUp && free + stride > 0 else { return 0 }
        guard roundsUp else { return free / stride + 1 }
        let count = (free + stride - 1) / stride + 1
        // The last must begin inside of the image.
        return (count - 1) * stride >= side + padding ? count - 1 : count
    }
}

extension Tensor {
    /// A convolution with zero padding of its own in each dimension; see
    /// ``convolved(with:bias:stride:padding:)``.
    ///
    /// - Parameters:
    ///   - weight: `[outputChannels, C, a, b]`.
    ///   - bias: `[outputChannels]`, or none.
    ///   - stride: Pixels from one position to the next.
    ///   - padding: Zeros added at top and bottom, and on the left and right.
    /// - Returns: `[N, outputChannels, (H + 2 padding.height - a) / stride + 1, …]`.
    /// - Throws: ``TorchError`` if the shapes do not fit.
    func convolved(
        with weight: Tensor,
        bias: Tensor?,
        stride: Int,
        padding: (height: Int, width: Int)
    ) throws(TorchError) -> Tensor {
        try .made(from: self, weight, bias) {
            unsafe ctorch_conv2d_oblong(
                handle,
                weight.handle,
                bias?.handle,
                Int64(stride),
                Int64(padding.height),
                Int64(padding.width),
                $0
            )
        }
    }

    /// The largest element of each window.
    ///
    /// - Parameter window: Covers at most half its size of padding.
    /// - Returns: `[N, C, (H + 2 padding - size) / stride + 1, …]`.
    /// - Throws: ``TorchError`` if the image is smaller than the window.
    package func maxPooled(_ window: PoolWindow) throws(TorchError) -> Tensor {
        try .made(from: self) {
            unsafe ctorch_max_pool2d(
                handle,
                Int64(window.size),
                Int64(window.stride),
                Int64(window.padding),
                window.roundsUp ? 1 : 0,
                $0
            )
        }
    }

    /// The mean of each window's elements that lie inside the image (`count_include_pad` false).
    ///
    /// - Parameter window: Covers at most half its size of padding.
    /// - Returns: `[N, C, (H + 2 padding - size) / stride + 1, …]`.
    /// - Throws: ``TorchError`` if the image is smaller than the window.
    package func averagePooled(_ window: PoolWindow) throws(TorchError) -> Tensor {
        try .made(from: self) {
            unsafe ctorch_average_pool2d(
                handle,
                Int64(window.size),
                Int64(window.stride),
                Int64(window.padding),
                window.roundsUp ? 1 : 0,
                0,
                $0
            )
        }
    }

    /// The mean of each channel of each image.
    ///
    /// - Returns: `[N, C]`.
    /// - Throws: ``TorchError`` if it is no batch of images.
    package func meanOverPixels() throws(TorchError) -> Tensor {
        let means = try Tensor.made(from: self) {
            unsafe ctorch_adaptive_average_pool2d(handle, 1, 1, $0)
        }
        return try means.reshaped(to: [shape[0], shape[1]])
    }

    /// The images at another size, bilinear between the pixels' centres.
    ///
    /// PyTorch's `interpolate(mode="bilinear", align_corners=False)`: between the two nearest
    /// pixels of each dimension, also where the image becomes smaller.
    ///
    /// - Parameters:
    ///   - height: Of the result.
    ///   - width: Of the result.
    /// - Returns: `[N, C, height, width]`.
    /// - Throws: ``TorchError`` if it is no batch of images.
    package func resizedBilinearly(height: Int, width: Int) throws(TorchError) -> Tensor {
        try .made(from: self) {
            unsafe ctorch_resize_bilinear2d(handle, Int64(height), Int64(width), $0)
        }
    }

    /// Each pixel's channels as a vector of length 1.
    ///
    /// - Parameter epsilon: Added to the length that they are divided by.
    /// - Returns: A tensor of the same shape; 0 where all channels are.
    /// - Throws: ``TorchError`` if it is no batch of images.
    package func channelsNormalized(epsilon: Double) throws(TorchError) -> Tensor {
        try .made(from: self) { unsafe ctorch_normalize_channels(handle, epsilon, $0) }
    }
}
