public import DatasetKit

/// Cuts out a window at a random place: after a resize to a larger size, pix2pix's jitter.
///
/// Both offsets are uniform over every place where the window fits, both ends included: 31 per axis
/// for 256 in 286, as in the reference implementation.
public struct Crop: Operation {
    /// Its name in a recipe.
    public static let name = "crop"
    /// It always happens.
    public static let defaultProbability: Double? = nil

    /// The window.
    public let size: ImageSize

    /// Creates a crop.
    public init(size: ImageSize) {
        self.size = size
    }

    /// Reads `width` and `height`, in pixels.
    public init(_ reader: inout OperationReader) throws(DatasetError) {
        size = ImageSize(
            width: try reader.requiredInteger("width", in: 1...65_500),
            height: try reader.requiredInteger("height", in: 1...65_500)
        )
    }

    /// The window's size, which must fit.
    public mutating func prepare(for form: PairForm) throws(ImpossibleOperation) -> ImageSize {
        try Self.check(size, fitsIn: form.size)
        return size
    }

    /// Refuses a window larger than the images.
    static func check(_ size: ImageSize, fitsIn images: ImageSize) throws(ImpossibleOperation) {
        guard size.width <= images.width else {
            throw ImpossibleOperation(
                key: "width",
                message:
                    "expected at most the images' width of \(images.width), found \(size.width)"
            )
        }
        guard size.height <= images.height else {
            throw ImpossibleOperation(
                key: "height",
                message:
                    "expected at most the images' height of \(images.height), found \(size.height)"
            )
        }
    }

    /// A window anywhere in the image.
    public func draw(
        for size: ImageSize,
        from draws: inout Draws,
        into drawn: inout [DrawnOperation]
    ) {
        drawn.append(.crop(window(in: size, &draws)))
    }

    func window(in images: ImageSize, _ draws: inout Draws) -> CropWindow {
        CropWindow(
            x: draws.integer("x", below: images.width - size.width + 1),
            y: draws.integer("y", below: images.height - size.height + 1),
            width: size.width,
            height: size.height
        )
    }

    /// The window in the middle.
    public func evaluation(for size: ImageSize) -> DrawnOperation? {
        .crop(middle(of: size))
    }

    func middle(of images: ImageSize) -> CropWindow {
        CropWindow(
            x: (images.width - size.width) / 2,
            y: (images.height - size.height) / 2,
            width: size.width,
            height: size.height
        )
    }

    /// A crop of the same part of an image at another scale.
    public func scaled(by scale: ImageScale) -> Crop {
        Crop(size: scale.applied(to: size))
    }
}

/// A window of an image.
public struct CropWindow: DrawnParameters {
    /// Pixels left of the window.
    public var x: Int
    /// Rows above the window.
    public var y: Int
    /// Its width in pixels.
    public var width: Int
    /// Its height in pixels.
    public var height: Int

    /// Where the window is.
    public var summary: String { "crop \(x),\(y)" }
    /// Width and height.
    var size: ImageSize { ImageSize(width: width, height: height) }
}
