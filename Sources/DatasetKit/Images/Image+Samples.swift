/// A type that samples are computed with.
///
/// Each operation is exact: integers are rounded to the nearest, and those of 8 bits are Pillow's.
protocol ImageSample: BitwiseCopyable {
    /// The sample type whose samples these are.
    static var sampleType: SampleType { get }
    /// The largest sample: white, opaque, full ink.
    static var largest: Self { get }
    /// Zero.
    static var zero: Self { get }
    /// The sample as light as an 8-bit one.
    init(eightBits: UInt8)
    /// The ITU-R 601 luma of a colour.
    static func luma(red: Self, green: Self, blue: Self) -> Self
    /// The light that an ink and black let through together.
    static func light(ink: Self, black: Self) -> Self
    /// A colour over another one.
    static func blend(_ color: Self, over background: Self, alpha: Self) -> Self
}

extension UInt8: ImageSample {
    static var sampleType: SampleType { .u8 }
    static var largest: UInt8 { .max }

    init(eightBits: UInt8) { self = eightBits }

    /// In 16-bit fixed point, as Pillow's `convert("L")`.
    static func luma(red: UInt8, green: UInt8, blue: UInt8) -> UInt8 {
        let sum = UInt32(red) * 19595 + UInt32(green) * 38470 + UInt32(blue) * 7471
        return UInt8((sum + 0x8000) >> 16)
    }

    /// Pillow's `convert("RGB")` of CMYK: 255 - K - C (255 - K) / 255.
    static func light(ink: UInt8, black: UInt8) -> UInt8 {
        let light = UInt32(255 - black)
        return UInt8(light - (UInt32(ink) * light + 127) / 255)
    }

    static func blend(_ color: UInt8, over background: UInt8, alpha: UInt8) -> UInt8 {
        let (color, background, alpha) = (UInt32(color), UInt32(background), UInt32(alpha))
        return UInt8((color * alpha + background * (255 - alpha) + 127) / 255)
    }
}

extension UInt16: ImageSample {
    static var sampleType: SampleType { .u16 }
    static var largest: UInt16 { .max }

    init(eightBits: UInt8) { self = UInt16(eightBits) * 257 }

    static func luma(red: UInt16, green: UInt16, blue: UInt16) -> UInt16 {
        let sum = UInt32(red) * 299 + UInt32(green) * 587 + UInt32(blue) * 114
        return UInt16((sum + 500) / 1000)
    }

    static func light(ink: UInt16, black: UInt16) -> UInt16 {
        let light = UInt64(65535 - black)
        return UInt16(light - (UInt64(ink) * light + 32767) / 65535)
    }

    static func blend(_ color: UInt16, over background: UInt16, alpha: UInt16) -> UInt16 {
        let (color, background, alpha) = (UInt64(color), UInt64(background), UInt64(alpha))
        return UInt16((color * alpha + background * (65535 - alpha) + 32767) / 65535)
    }
}

extension Float: ImageSample {
    static var sampleType: SampleType { .f32 }
    static var largest: Float { 1 }

    init(eightBits: UInt8) { self = Float(eightBits) / 255 }

    static func luma(red: Float, green: Float, blue: Float) -> Float {
        let sum: Float = 0.299 * red + 0.587 * green
        return sum + 0.114 * blue
    }

    static func light(ink: Float, black: Float) -> Float { (1 - ink) * (1 - black) }

    static func blend(_ color: Float, over background: Float, alpha: Float) -> Float {
        color * alpha + background * (1 - alpha)
    }
}

extension Image {
    /// Creates an image from its samples in HWC order.
    init<Sample: ImageSample>(size: ImageSize, channels: Int, samples: [Sample]) {
        self.init(
            size: size,
            channels: channels,
            sampleType: Sample.sampleType,
            bytes: unsafe samples.withUnsafeBytes { unsafe Array($0) }
        )
    }

    /// The samples in HWC order.
    ///
    /// - Precondition: They are of this type.
    func samples<Sample: ImageSample>(_ type: Sample.Type) -> [Sample] {
        precondition(type.sampleType == sampleType, "not \(type)")
        let count = width * height * channels
        return unsafe [Sample](unsafeUninitializedCapacity: count) { target, filled in
            unsafe UnsafeMutableRawBufferPointer(target).copyBytes(from: bytes)
            filled = count
        }
    }
}
