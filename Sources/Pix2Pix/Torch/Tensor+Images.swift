internal import CTorch

// Batches of images, [N, C, H, W], at other sizes.

extension Tensor {
    /// Images with zeros around them.
    ///
    /// - Parameters:
    ///   - left: Columns added on the left; below 0 they are cut off. The others likewise.
    ///   - right: Columns added on the right.
    ///   - top: Rows added at the top.
    ///   - bottom: Rows added at the bottom.
    /// - Returns: `[N, C, H + top + bottom, W + left + right]`.
    /// - Throws: ``TorchError`` if nothing would be left.
    package func padded(
        left: Int,
        right: Int,
        top: Int,
        bottom: Int
    ) throws(TorchError) -> Tensor {
        try .made(
            from: self,
            as: .zeroPadding(left: left, right: right, top: top, bottom: bottom)
        ) {
            unsafe ctorch_pad2d(
                handle,
                Int64(left),
                Int64(right),
                Int64(top),
                Int64(bottom),
                $0
            )
        }
    }

    /// The pixels of each channel in a row.
    ///
    /// - Returns: `[N, C, H, W]` as `[N, C, H W]`, sharing the elements where that is possible.
    /// - Throws: ``TorchError`` if it is no batch of images.
    package func flattenedPixels() throws(TorchError) -> Tensor {
        try reshaped(to: Array(shape.prefix(2)) + [-1])
    }

    /// The same elements in the shape of another tensor.
    ///
    /// - Returns: A tensor that shares the elements where that is possible.
    /// - Throws: ``TorchError`` if that has another number of elements.
    package func reshaped(like other: Tensor) throws(TorchError) -> Tensor {
        try reshaped(to: other.shape)
    }

    /// Each pixel several times in both directions.
    ///
    /// - Parameter factor: How often.
    /// - Returns: `[N, C, factor H, factor W]`.
    /// - Throws: ``TorchError`` if it is no batch of images.
    package func repeatedPixels(_ factor: Int) throws(TorchError) -> Tensor {
        try .made(from: self, as: .nearestUpsampling(factor: factor)) {
            unsafe ctorch_upsample_nearest2d(handle, Int64(factor), $0)
        }
    }

    /// Images enlarged with straight lines between the centres of the pixels.
    ///
    /// - Parameter factor: By how much.
    /// - Returns: `[N, C, factor H, factor W]`.
    /// - Throws: ``TorchError`` if it is no batch of images.
    package func enlargedBilinearly(_ factor: Int) throws(TorchError) -> Tensor {
        try .made(from: self, as: .bilinearUpsampling(factor: factor)) {
            unsafe ctorch_upsample_bilinear2d(handle, Int64(factor), $0)
        }
    }

    /// The channels of a pixel become pixels: as PyTorch's `PixelShuffle`.
    ///
    /// - Parameter factor: The pixels in a row that a pixel becomes.
    /// - Returns: `[N, C / factor², factor H, factor W]`.
    /// - Throws: ``TorchError`` if the channels cannot be dealt out.
    package func shuffledPixels(_ factor: Int) throws(TorchError) -> Tensor {
        try .made(from: self, as: .pixelShuffle(factor: factor)) {
            unsafe ctorch_pixel_shuffle(handle, Int64(factor), $0)
        }
    }

    /// Images of half the size: the mean of each 2x2 pixels.
    ///
    /// A last row or column without a partner is dropped. The same as bilinear interpolation by one half
    /// without antialiasing.
    ///
    /// - Parameters:
    ///   - paddingHeight: Rows of zeros at the top and at the bottom, which count: 0 or 1.
    ///   - paddingWidth: Columns of zeros on the left and on the right: 0 or 1.
    /// - Returns: `[N, C, (H + 2 paddingHeight) / 2, (W + 2 paddingWidth) / 2]`.
    /// - Throws: ``TorchError`` if nothing would be left.
    package func halved(paddingHeight: Int = 0, paddingWidth: Int = 0) throws(TorchError) -> Tensor
    {
        try .made(from: self) {
            unsafe ctorch_halve(handle, Int64(paddingHeight), Int64(paddingWidth), $0)
        }
    }
}
