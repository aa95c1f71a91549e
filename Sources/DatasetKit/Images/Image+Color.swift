extension Image {
    /// The luma of an RGB image, as Pillow's `convert("L")` computes it for 8 bits (ITU-R 601, 16-bit
    /// fixed point, rounded); any other image as it is.
    ///
    /// Other sample types have the weights 0.299, 0.587 and 0.114; 16 bits are rounded.
    ///
    /// - Parameter hasAlpha: Whether the last channel is alpha, which is kept.
    /// - Returns: One channel, and alpha if there was any.
    public func gray(hasAlpha: Bool = false) -> Image {
        guard channels == (hasAlpha ? 4 : 3) else { return self }
        switch sampleType {
        case .u8: return gray(UInt8.self, hasAlpha)
        case .u16: return gray(UInt16.self, hasAlpha)
        case .f32: return gray(Float.self, hasAlpha)
        }
    }

    /// A grey image with its channel repeated three times; any other image as it is.
    ///
    /// - Parameter hasAlpha: Whether the last channel is alpha, which is kept.
    /// - Returns: Three channels, and alpha if there was any.
    public func rgb(hasAlpha: Bool = false) -> Image {
        guard channels == (hasAlpha ? 2 : 1) else { return self }
        return selecting(channels: hasAlpha ? [0, 0, 0, 1] : [0, 0, 0])
    }

    /// The colours of a CMYK image, as Pillow's `convert("RGB")` computes them for 8 bits: each is
    /// (1 - ink)(1 - black), without any colour profile.
    ///
    /// - Parameter hasAlpha: Whether the last channel is alpha, which is kept.
    /// - Returns: Three channels, and alpha if there was any.
    /// - Precondition: There are four channels beside alpha; no ink is 0.
    public func rgbFromCMYK(hasAlpha: Bool = false) -> Image {
        precondition(channels == (hasAlpha ? 5 : 4), "CMYK has four channels, not \(channels)")
        switch sampleType {
        case .u8: return rgbFromCMYK(UInt8.self, hasAlpha)
        case .u16: return rgbFromCMYK(UInt16.self, hasAlpha)
        case .f32: return rgbFromCMYK(Float.self, hasAlpha)
        }
    }

    /// An image of some of the channels, in any order.
    ///
    /// - Parameter indices: The numbers of the channels, from 0; one may occur more than once.
    /// - Returns: Those channels, in the order of `indices`.
    /// - Precondition: `indices` is not empty, and the image has these channels.
    public func selecting(channels indices: [Int]) -> Image {
        precondition(indices.allSatisfy { (0..<channels).contains($0) }, "no such channels")
        let byteCount = sampleType.byteCount
        let offsets = indices.flatMap { index in (0..<byteCount).map { index * byteCount + $0 } }
        var result: [UInt8] = []
        result.reserveCapacity(width * height * offsets.count)
        for pixel in stride(from: 0, to: bytes.count, by: bytesPerPixel) {
            for offset in offsets { result.append(bytes[pixel + offset]) }
        }
        return Image(size: size, channels: indices.count, sampleType: sampleType, bytes: result)
    }

    // MARK: - For each sample type

    private func gray<Sample: ImageSample>(_: Sample.Type, _ hasAlpha: Bool) -> Image {
        let source = samples(Sample.self)
        let count = hasAlpha ? 2 : 1
        var result = [Sample](repeating: .zero, count: width * height * count)
        for pixel in 0..<width * height {
            let first = pixel * channels
            result[pixel * count] = Sample.luma(
                red: source[first],
                green: source[first + 1],
                blue: source[first + 2]
            )
            if hasAlpha { result[pixel * count + 1] = source[first + 3] }
        }
        return Image(size: size, channels: count, samples: result)
    }

    private func rgbFromCMYK<Sample: ImageSample>(_: Sample.Type, _ hasAlpha: Bool) -> Image {
        let source = samples(Sample.self)
        let count = hasAlpha ? 4 : 3
        var result = [Sample](repeating: .zero, count: width * height * count)
        for pixel in 0..<width * height {
            let first = pixel * channels
            for ink in 0..<3 {
                result[pixel * count + ink] = Sample.light(
                    ink: source[first + ink],
                    black: source[first + 3]
                )
            }
            if hasAlpha { result[pixel * count + 3] = source[first + 4] }
        }
        return Image(size: size, channels: count, samples: result)
    }
}
