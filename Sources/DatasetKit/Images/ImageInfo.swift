/// What the first channels of an image mean.
public enum ColorModel: String, Sendable, CaseIterable {
    /// One channel; black is 0.
    case gray
    /// Three channels: red, green, blue.
    case rgb
    /// Four channels, cyan, magenta, yellow and black ink; no ink is 0.
    case cmyk
    /// Any number of channels of which no colour is known.
    case multichannel

    /// How many channels carry the colour; 0 for ``multichannel``.
    public var channels: Int {
        switch self {
        case .gray: 1
        case .rgb: 3
        case .cmyk: 4
        case .multichannel: 0
        }
    }
}

/// What the header of an image file says, and what decoding delivers.
public struct ImageInfo: Equatable, Sendable {
    /// The format of the file, whatever its name.
    public var format: ImageFormat
    /// Width and height after the orientation is applied.
    public var size: ImageSize
    /// What the channels mean, as decoded.
    public var colorModel: ColorModel
    /// Channels as decoded: those of the colour model, then others, then alpha if there is any.
    public var channels: Int
    /// Whether the last channel is alpha.
    ///
    /// It is straight (unassociated) alpha: colours that a TIFF file holds premultiplied are divided
    /// by it.
    public var hasAlpha: Bool
    /// The type of the samples, as decoded.
    public var sampleType: SampleType
    /// Bits per sample in the file, 1…64.
    public var sourceBits: Int
    /// Whether the file holds indices into a palette.
    public var isPalette: Bool
    /// The EXIF or TIFF orientation in the file, 1…8; 1 where it has none.
    public var orientation: Int
    /// How many pictures the file holds, of which the first is decoded.
    ///
    /// The pages of a TIFF file, without previews and masks, and the frames of an animated PNG,
    /// with the picture that stands in for it; 1 for other files.
    public var pages: Int
    /// Whether the file has an embedded ICC profile, which is not applied.
    public var hasColorProfile: Bool

    /// Creates what a header would say.
    public init(
        format: ImageFormat,
        size: ImageSize,
        colorModel: ColorModel,
        channels: Int? = nil,
        hasAlpha: Bool = false,
        sampleType: SampleType = .u8,
        sourceBits: Int = 8,
        isPalette: Bool = false,
        orientation: Int = 1,
        pages: Int = 1,
        hasColorProfile: Bool = false
    ) {
        self.format = format
        self.size = size
        self.colorModel = colorModel
        self.channels = channels ?? colorModel.channels + (hasAlpha ? 1 : 0)
        self.hasAlpha = hasAlpha
        self.sampleType = sampleType
        self.sourceBits = sourceBits
        self.isPalette = isPalette
        self.orientation = orientation
        self.pages = pages
        self.hasColorProfile = hasColorProfile
    }
}

/// An image read from a file.
public struct DecodedImage: Equatable, Sendable {
    /// The pixels, upright: the orientation in the file is already applied.
    public var image: Image
    /// What the file's header says.
    public var info: ImageInfo
    /// What the decoder found odd without losing pixels; empty for a clean file.
    ///
    /// Each text once. Where there were more warnings than texts, the last one counts them.
    public var warnings: [String]
}

/// How image files are decoded.
public struct DecodingOptions: Equatable, Sendable {
    /// The most pixels an image may claim; nothing is allocated for an image beyond it.
    ///
    /// An image may have 64 channels, and 16 bytes for each pixel of the limit.
    public var pixelLimit: Int
    /// Whether palette images are delivered as their indices: one grey channel.
    ///
    /// Grey images of up to 8 bits without other channels are then delivered with the values in
    /// the file, too: not scaled to the full range, not inverted where white is 0, without
    /// transparent colours.
    public var keepsIndices: Bool

    /// Creates options.
    public init(pixelLimit: Int = ImageCodec.defaultPixelLimit, keepsIndices: Bool = false) {
        self.pixelLimit = pixelLimit
        self.keepsIndices = keepsIndices
    }
}
