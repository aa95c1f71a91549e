extension Image {
    /// The image at another size, bit for bit as Pillow computes it.
    ///
    /// Like Pillow, filters widen when an image shrinks (antialiasing), the window is cut and
    /// renormalised at the edges, and each of the two passes rounds to 8 bits.
    ///
    /// - Parameters:
    ///   - size: The new size.
    ///   - filter: The filter.
    ///   - resampler: Which release of Pillow to equal.
    /// - Returns: The resized image, or a copy where the size is the same.
    /// - Precondition: The samples are 8-bit.
    public func resized(
        to size: ImageSize,
        filter: ResizeFilter = .bicubic,
        resampler: Resampler = .pillow13
    ) -> Image {
        precondition(sampleType == .u8, "only 8-bit images are resized")
        precondition(size.width > 0 && size.height > 0)
        if size == self.size { return self }
        if filter == .nearest { return nearestResized(to: size) }

        let columnsFirst =
            switch resampler {
            // Pillow 12.3 shrinks very tall images vertically first, at the level of Python.
            case .pillow12: height > 100 * width && size.height < height
            case .pillow13: height > size.height && height - size.height > 2 * (width - size.width)
            }
        if columnsFirst {
            return resizedVertically(to: size.height, filter: filter)
                .resizedHorizontally(to: size.width, filter: filter)
        }
        return resizedHorizontally(to: size.width, filter: filter)
            .resizedVertically(to: size.height, filter: filter)
    }

    /// Every output pixel is the source pixel under its centre.
    private func nearestResized(to size: ImageSize) -> Image {
        let columns = Self.nearestIndices(source: width, target: size.width)
        let rows = Self.nearestIndices(source: height, target: size.height)
        var result: [UInt8] = []
        result.reserveCapacity(size.width * size.height * channels)
        for row in rows {
            for column in columns {
                let start = row * bytesPerRow + column * channels
                result.append(contentsOf: bytes[start..<start + channels])
            }
        }
        return Image(size: size, channels: channels, bytes: result)
    }

    private static func nearestIndices(source: Int, target: Int) -> [Int] {
        let scale = Double(source) / Double(target)
        // Pillow adds up: the sum's rounding decides where a centre falls between two pixels.
        var center = scale * 0.5
        return (0..<target).map { _ in
            defer { center += scale }
            return min(Int(center), source - 1)
        }
    }

    /// The pass over rows: each output sample is a weighted sum of neighbours in its row.
    private func resizedHorizontally(to newWidth: Int, filter: ResizeFilter) -> Image {
        if newWidth == width { return self }
        let coefficients = ResizeCoefficients(source: width, target: newWidth, filter: filter)
        let newRow = newWidth * channels
        var result = [UInt8](repeating: 0, count: newRow * height)
        var output = result.mutableSpan
        let source = bytes.span
        let weights = coefficients.weights.span
        for row in 0..<height {
            let line = source.extracting(row * bytesPerRow..<(row + 1) * bytesPerRow)
            for column in 0..<newWidth {
                let taps = column * coefficients.stride
                let count = coefficients.counts[column]
                for channel in 0..<channels {
                    var sum = Self.half
                    var position = coefficients.starts[column] * channels + channel
                    for tap in taps..<taps + count {
                        sum &+= Int32(line[position]) &* weights[tap]
                        position += channels
                    }
                    output[row * newRow + column * channels + channel] = Self.rounded(sum)
                }
            }
        }
        return Image(
            size: ImageSize(width: newWidth, height: height),
            channels: channels,
            bytes: result
        )
    }

    /// The pass over columns: each output row is a weighted sum of source rows.
    private func resizedVertically(to newHeight: Int, filter: ResizeFilter) -> Image {
        if newHeight == height { return self }
        let coefficients = ResizeCoefficients(source: height, target: newHeight, filter: filter)
        let rowLength = bytesPerRow
        var result = [UInt8](repeating: 0, count: rowLength * newHeight)
        var sums = [Int32](repeating: 0, count: rowLength)
        var output = result.mutableSpan
        let source = bytes.span
        for row in 0..<newHeight {
            var line = sums.mutableSpan
            for index in 0..<rowLength { line[index] = Self.half }
            for tap in 0..<coefficients.counts[row] {
                let weight = coefficients.weights[row * coefficients.stride + tap]
                let start = (coefficients.starts[row] + tap) * rowLength
                let taken = source.extracting(start..<start + rowLength)
                for index in taken.indices { line[index] &+= Int32(taken[index]) &* weight }
            }
            for index in 0..<rowLength {
                output[row * rowLength + index] = Self.rounded(line[index])
            }
        }
        return Image(
            size: ImageSize(width: width, height: newHeight),
            channels: channels,
            bytes: result
        )
    }

    /// One half in the fixed point of the weights: what rounding starts from.
    private static var half: Int32 { 1 << (ResizeCoefficients.precisionBits - 1) }

    /// A fixed-point sum as a sample: bicubic and Lanczos overshoot, so it is cut to 0…255.
    private static func rounded(_ sum: Int32) -> UInt8 {
        UInt8(clamping: sum >> ResizeCoefficients.precisionBits)
    }
}
