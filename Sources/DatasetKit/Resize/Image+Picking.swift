import CKernels

extension Image {
    /// The resize with the filter `nearest`: every new pixel is the one under its centre.
    func picked(size: ImageSize, box: ResizeBox) -> Image {
        let columns = sourceIndices(width, target: size.width, low: box.left, high: box.right)
        let rows = sourceIndices(height, target: size.height, low: box.top, high: box.bottom)
        let count = size.width * size.height * bytesPerPixel
        let picked = unsafe [UInt8](unsafeUninitializedCapacity: count) { target, filled in
            unsafe bytes.withUnsafeBytes { source in
                unsafe columns.withUnsafeBufferPointer { columns in
                    unsafe rows.withUnsafeBufferPointer { rows in
                        var job = unsafe ckern_pick(
                            source: source.baseAddress,
                            target: target.baseAddress,
                            width: Int32(width),
                            bytes_per_pixel: Int32(bytesPerPixel),
                            target_width: Int32(size.width),
                            target_height: Int32(size.height),
                            columns: columns.baseAddress,
                            rows: rows.baseAddress
                        )
                        unsafe ckern_resize_nearest(&job)
                    }
                }
            }
            filled = count
        }
        return Image(size: size, channels: channels, sampleType: sampleType, bytes: picked)
    }

    /// Pillow adds up, except for 16-bit samples: rounding decides about centres between pixels.
    private func sourceIndices(_ source: Int, target: Int, low: Float, high: Float) -> [Int32] {
        let scale = Double(high - low) / Double(target)
        var center = Double(low) + scale * 0.5
        return (0..<target).map { index in
            defer { center += scale }
            let position =
                sampleType == .u16 ? scale * (Double(index) + 0.5) + Double(low) : center
            return Int32(min(Int(position), source - 1))
        }
    }
}
