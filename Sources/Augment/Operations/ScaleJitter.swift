public import DatasetKit

/// Resizes the pair by a random factor, then cuts out a window at a random place.
///
/// Samples that are still those of the dataset are resized as Pillow does, rounded to their type; after
/// an operation on colours, in floats, cut to 0…1.
public struct ScaleJitter: Operation {
    /// Its name in a recipe.
    public static let name = "scale-jitter"
    /// It always happens.
    public static let defaultProbability: Double? = nil

    private var crop: Crop
    private var scale: ClosedRange<Double>
    private let filter: ResizeFilter

    /// Reads `scale`, `width`, `height` (pixels) and `filter`.
    public init(_ reader: inout OperationReader) throws(DatasetError) {
        crop = try Crop(&reader)
        scale = try reader.range("scale", in: 0.01...100) ?? 1...1.25
        filter = try reader.choice("filter", as: ResizeFilter.self) ?? .bicubic
    }

    /// The window's size, which must fit into the smallest image.
    public mutating func prepare(for form: PairForm) throws(ImpossibleOperation) -> ImageSize {
        let smallest = Self.size(of: form.size, at: scale.lowerBound)
        guard crop.size.width <= smallest.width, crop.size.height <= smallest.height else {
            throw ImpossibleOperation(
                key: "scale",
                message:
                    "expected images of at least \(crop.size), found \(smallest) at the lower end of "
                    + "the range, \(scale.lowerBound); raise it, or crop to a smaller size"
            )
        }
        return crop.size
    }

    /// A factor, then a window anywhere.
    public func draw(
        for size: ImageSize,
        from draws: inout Draws,
        into drawn: inout [DrawnOperation]
    ) {
        let scaled = Self.size(of: size, at: draws.number("scale", in: scale))
        let window = crop.window(in: scaled, &draws)
        drawn.append(.scaleJitter(ScaledCrop(scaled, window, filter)))
    }

    /// The middle of the image at the smallest scale: most of the picture.
    public func evaluation(for size: ImageSize) -> DrawnOperation? {
        let scaled = Self.size(of: size, at: scale.lowerBound)
        return .scaleJitter(ScaledCrop(scaled, crop.middle(of: scaled), filter))
    }

    /// The same part of an image at another scale.
    public func scaled(by scale: ImageScale) -> ScaleJitter {
        var scaled = self
        scaled.crop = crop.scaled(by: scale)
        return scaled
    }

    private static func size(of images: ImageSize, at scale: Double) -> ImageSize {
        ImageScale(horizontal: scale, vertical: scale).applied(to: images)
    }
}

/// A resize, and a window of the result.
public struct ScaledCrop: DrawnParameters {
    /// The width of the resized image, in pixels.
    public var scaledWidth: Int
    /// Its height.
    public var scaledHeight: Int
    /// The window in it.
    public var window: CropWindow
    /// The filter; label maps take the nearest pixel.
    public var filter: ResizeFilter

    init(_ scaled: ImageSize, _ window: CropWindow, _ filter: ResizeFilter) {
        scaledWidth = scaled.width
        scaledHeight = scaled.height
        self.window = window
        self.filter = filter
    }

    /// The size before the window is cut out.
    var scaledSize: ImageSize { ImageSize(width: scaledWidth, height: scaledHeight) }
    /// The resized size and the window's place.
    public var summary: String { "scale \(scaledSize) at \(window.x),\(window.y)" }
}
