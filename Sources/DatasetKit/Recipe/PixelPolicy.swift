/// What a recipe does about the pixels of one side that are not plain 8-bit grey or RGB.
///
/// Nothing of it happens in silence: each use is counted in `index.json`.
public struct PixelPolicy: Equatable, Sendable {
    /// How many channels the colours have.
    public var color = ColorPolicy.keep
    /// What becomes of transparency.
    public var alpha = AlphaPolicy.reject
    /// The type of the samples.
    public var depth = DepthPolicy.keep
    /// What becomes of palette images.
    public var palette = PalettePolicy.colors
    /// What becomes of images with an embedded colour profile.
    public var icc = ProfilePolicy.ignore
    /// What becomes of files with several pages.
    public var pages = PagesPolicy.reject

    /// The defaults.
    public init() {}
}

/// How many channels the colours of an image have in the shards.
public enum ColorPolicy: String, Sendable, CaseIterable {
    /// As in the files, which must agree.
    case keep
    /// One: colour becomes luma as Pillow's mode L computes it.
    case gray
    /// Three: grey is repeated, CMYK is converted as Pillow does.
    case rgb
}

/// What becomes of transparency.
public enum AlphaPolicy: Equatable, Sendable {
    /// Such images are listed as unusable.
    case reject
    /// The colours behind the transparency are taken as they are.
    case drop
    /// Alpha stays the last channel.
    case keep
    /// The image is laid over an opaque colour, red, green and blue in 0…255.
    case over([UInt8])
}

/// The type of the samples in the shards.
public enum DepthPolicy: String, Sendable, CaseIterable {
    /// As in the files, which must agree: up to 8 bits U8, up to 16 bits U16, else F32.
    case keep
    /// U8; 16 bits are rounded, float must lie within 0…1.
    case bits8 = "8"
    /// U16; 8 bits are scaled, float must lie within 0…1.
    case bits16 = "16"
    /// F32; whole numbers become 0…1, float stays as it is.
    case float

    /// The type it asks for; `nil` for the file's own.
    var sampleType: SampleType? {
        switch self {
        case .keep: nil
        case .bits8: .u8
        case .bits16: .u16
        case .float: .f32
        }
    }
}

/// What becomes of palette images.
public enum PalettePolicy: String, Sendable, CaseIterable {
    /// The palette's colours.
    case colors
    /// The numbers of the palette's entries, for label maps; grey images keep their raw samples.
    case indices
}

/// What becomes of images with an embedded ICC profile.
public enum ProfilePolicy: String, Sendable, CaseIterable {
    /// The samples are taken as they are.
    case ignore
    /// Such images are listed as unusable.
    case reject
}

/// What becomes of files with several pages or frames.
public enum PagesPolicy: String, Sendable, CaseIterable {
    /// The first page is taken.
    case first
    /// Such files are listed as unusable.
    case reject
}
