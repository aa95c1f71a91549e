extension Image {
    /// The luma of an RGB image, as Pillow's `convert("L")` computes it (ITU-R 601, 16-bit fixed
    /// point, rounded); any other image as it is.
    ///
    /// - Precondition: The samples are 8-bit.
    public func gray() -> Image {
        precondition(sampleType == .u8, "only 8-bit images are converted")
        guard channels == 3 else { return self }
        let source = bytes.span
        var result = [UInt8](repeating: 0, count: width * height)
        for index in result.indices {
            let red = UInt32(source[3 * index])
            let green = UInt32(source[3 * index + 1])
            let blue = UInt32(source[3 * index + 2])
            result[index] = UInt8((red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16)
        }
        return Image(size: size, channels: 1, bytes: result)
    }

    /// A grey image with its channel repeated three times; any other image as it is.
    public func rgb() -> Image {
        guard channels == 1 else { return self }
        var result: [UInt8] = []
        result.reserveCapacity(3 * bytes.count)
        for start in stride(from: 0, to: bytes.count, by: bytesPerPixel) {
            let pixel = bytes[start..<start + bytesPerPixel]
            for _ in 0..<3 { result.append(contentsOf: pixel) }
        }
        return Image(size: size, channels: 3, sampleType: sampleType, bytes: result)
    }
}
