import CKernels

extension Image {
    /// Multiplies every colour by its opacity, the last channel.
    ///
    /// 8 bits as in Pillow's conversion from `RGBA` to `RGBa`; 16 bits likewise, by doubles.
    mutating func premultiply() {
        let sampleType = sampleType
        unsafe withPixels { bytes, pixels, channels in
            switch sampleType {
            case .u8: unsafe ckern_premultiply_u8(bytes.bind(), pixels, channels)
            case .u16: unsafe ckern_premultiply_u16(bytes.bind(), pixels, channels)
            case .f32: unsafe ckern_premultiply_f32(bytes.bind(), pixels, channels)
            }
        }
    }

    /// The inverse of ``premultiply()``: colours of fully transparent pixels stay as they are.
    mutating func unpremultiply() {
        let sampleType = sampleType
        unsafe withPixels { bytes, pixels, channels in
            switch sampleType {
            case .u8: unsafe ckern_unpremultiply_u8(bytes.bind(), pixels, channels)
            case .u16: unsafe ckern_unpremultiply_u16(bytes.bind(), pixels, channels)
            case .f32: unsafe ckern_unpremultiply_f32(bytes.bind(), pixels, channels)
            }
        }
    }

    private mutating func withPixels(
        _ body: (_ bytes: UnsafeMutableRawBufferPointer, _ pixels: Int, _ channels: Int32) -> Void
    ) {
        precondition(channels > 1, "an image with alpha has a colour too")
        let (pixels, channels) = (width * height, Int32(channels))
        unsafe bytes.withUnsafeMutableBytes { unsafe body($0, pixels, channels) }
    }
}

extension UnsafeMutableRawBufferPointer {
    /// The start, as samples of the type that the context asks for.
    fileprivate func bind<Sample: BitwiseCopyable>() -> UnsafeMutablePointer<Sample>? {
        unsafe bindMemory(to: Sample.self).baseAddress
    }
}
