public import DatasetKit

/// Cuts out a window at a random place: after a resize to a larger size, pix2pix's jitter.
///
/// Both offsets are uniform over every place where the window fits, both ends included: 31 per axis
/// for 256 in 286, as in the reference implementation.
public struct Crop: GeometricOperation {
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

    init(_ reader: inout JSONObjectReader) throws(DatasetError) {
        let limits = 1...65_500
        guard let width = try reader.integer("width", in: limits),
            let height = try reader.integer("height", in: limits)
        else {
            throw reader.error(
                reader.has("width") ? "height" : "width",
                "expected a whole number of pixels"
            )
        }
        size = ImageSize(width: width, height: height)
    }

    /// The window's size.
    public func outputSize(for size: ImageSize) throws(ImpossibleOperation) -> ImageSize {
        guard self.size.width <= size.width else {
            throw ImpossibleOperation(
                key: "width",
                message:
                    "expected at most the images' width of \(size.width), found \(self.size.width)"
            )
        }
        guard self.size.height <= size.height else {
            throw ImpossibleOperation(
                key: "height",
                message:
                    "expected at most the images' height of \(size.height), found \(self.size.height)"
            )
        }
        return self.size
    }

    /// A window anywhere in the image.
    public func draw(
        for size: ImageSize,
        using generator: inout Philox
    ) -> any GeometricTransform {
        CropWindow(
            x: generator.nextInt(below: size.width - self.size.width + 1),
            y: generator.nextInt(below: size.height - self.size.height + 1),
            size: self.size
        )
    }

    /// The window in the middle.
    public func evaluation(for size: ImageSize) -> (any GeometricTransform)? {
        CropWindow(
            x: (size.width - self.size.width) / 2,
            y: (size.height - self.size.height) / 2,
            size: self.size
        )
    }

    /// A crop of the same part of an image at another scale.
    public func scaled(by scale: ImageScale) -> Crop {
        Crop(size: scale.applied(to: size))
    }
}

/// The window that a ``Crop`` drew.
public struct CropWindow: GeometricTransform, Equatable {
    /// Pixels left of the window.
    public var x: Int
    /// Rows above the window.
    public var y: Int
    /// Its size.
    public var size: ImageSize

    /// Where the window is.
    public var summary: String { "crop \(x),\(y)" }

    /// The part of the image inside the window.
    public func applied(to image: Image) -> Image {
        image.cropped(x: x, y: y, to: size)
    }
}
