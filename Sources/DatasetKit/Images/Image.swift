/// The type of one channel of one pixel, named as in safetensors.
public enum SampleType: String, Codable, Sendable, CaseIterable {
    /// 8-bit unsigned, 0…255.
    case u8 = "U8"
    /// 16-bit unsigned, 0…65535, little-endian.
    case u16 = "U16"
    /// 32-bit float, little-endian.
    case f32 = "F32"

    /// Bytes of one sample: 1, 2 or 4.
    public var byteCount: Int {
        switch self {
        case .u8: 1
        case .u16: 2
        case .f32: 4
        }
    }
}

/// Width and height in pixels.
public struct ImageSize: Codable, Equatable, Hashable, Sendable, CustomStringConvertible {
    /// Pixels per row.
    public var width: Int
    /// Number of rows.
    public var height: Int

    /// Creates a size.
    public init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    /// `width`x`height`, such as `512x256`.
    public var description: String { "\(width)x\(height)" }
}

/// A decoded image: rows from the top, pixels from the left, channels interleaved (HWC).
public struct Image: Equatable, Sendable {
    /// Width and height in pixels.
    public let size: ImageSize
    /// Samples per pixel: 1 is grey, 3 is RGB.
    public let channels: Int
    /// The type of each sample.
    public let sampleType: SampleType
    /// The samples, `height * width * channels * sampleType.byteCount` bytes in C order.
    public var bytes: [UInt8]

    /// Pixels per row.
    public var width: Int { size.width }
    /// Number of rows.
    public var height: Int { size.height }
    /// Bytes from one pixel to the next.
    public var bytesPerPixel: Int { channels * sampleType.byteCount }
    /// Bytes from one row to the next.
    public var bytesPerRow: Int { width * bytesPerPixel }

    /// Creates an image over bytes that are already in HWC order.
    ///
    /// - Precondition: `bytes` holds exactly `height * width * channels` samples.
    public init(size: ImageSize, channels: Int, sampleType: SampleType = .u8, bytes: [UInt8]) {
        precondition(size.width > 0 && size.height > 0 && channels > 0, "an image has pixels")
        precondition(
            bytes.count == size.width * size.height * channels * sampleType.byteCount,
            "\(size) x \(channels) \(sampleType.rawValue) does not take \(bytes.count) bytes"
        )
        self.size = size
        self.channels = channels
        self.sampleType = sampleType
        self.bytes = bytes
    }

    /// Creates an image of one colour.
    ///
    /// - Parameters:
    ///   - size: Width and height in pixels.
    ///   - color: One 8-bit value per channel.
    public init(size: ImageSize, color: [UInt8]) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size.width * size.height * color.count)
        for _ in 0..<size.width * size.height { bytes.append(contentsOf: color) }
        self.init(size: size, channels: color.count, bytes: bytes)
    }

    /// The part of the image inside a box.
    ///
    /// - Precondition: The box lies inside the image.
    public func cropped(x: Int, y: Int, to box: ImageSize) -> Image {
        precondition(
            x >= 0 && y >= 0 && x + box.width <= width && y + box.height <= height,
            "a box of \(box) at (\(x), \(y)) leaves an image of \(size)"
        )
        let rowLength = box.width * bytesPerPixel
        let count = rowLength * box.height
        let result = unsafe [UInt8](unsafeUninitializedCapacity: count) { target, filled in
            unsafe bytes.withUnsafeBytes { source in
                let target = UnsafeMutableRawBufferPointer(target)
                for row in 0..<box.height {
                    let start = (y + row) * bytesPerRow + x * bytesPerPixel
                    unsafe target[row * rowLength..<(row + 1) * rowLength]
                        .copyBytes(from: source[start..<start + rowLength])
                }
            }
            filled = count
        }
        return Image(size: box, channels: channels, sampleType: sampleType, bytes: result)
    }

    /// Copies another image into this one with its top left corner at (x, y).
    ///
    /// - Precondition: `other` has the same channels and sample type and fits.
    public mutating func paste(_ other: Image, x: Int, y: Int) {
        precondition(other.channels == channels && other.sampleType == sampleType)
        precondition(x >= 0 && y >= 0 && x + other.width <= width && y + other.height <= height)
        for row in 0..<other.height {
            let source = row * other.bytesPerRow
            let start = (y + row) * bytesPerRow + x * bytesPerPixel
            bytes.replaceSubrange(
                start..<start + other.bytesPerRow,
                with: other.bytes[source..<source + other.bytesPerRow]
            )
        }
    }
}

/// The two images of a pair: what the model is given, and what it should answer.
public struct ImagePair: Equatable, Sendable {
    /// What the generator is given.
    public var input: Image
    /// What the generator should answer.
    public var target: Image

    /// Creates a pair.
    public init(input: Image, target: Image) {
        self.input = input
        self.target = target
    }
}
