public import DatasetKit

/// An operation that moves pixels: what may happen to a pair.
///
/// It draws once per pair, and what it draws is applied to both images: there is no way to name one
/// side only.
public protocol GeometricOperation: Sendable {
    /// The operation's name in a recipe.
    static var name: String { get }
    /// The probability `p` where the recipe gives none; `nil` for an operation that always happens,
    /// because the images' size depends on it, and takes no `p`.
    static var defaultProbability: Double? { get }

    /// The size of an image after the operation.
    ///
    /// - Throws: ``ImpossibleOperation`` if the operation cannot be done to images of this size.
    func outputSize(for size: ImageSize) throws(ImpossibleOperation) -> ImageSize

    /// Draws what happens to one pair.
    func draw(for size: ImageSize, using generator: inout Philox) -> any GeometricTransform

    /// What happens where nothing may be random (validation, samples); `nil` for nothing.
    func evaluation(for size: ImageSize) -> (any GeometricTransform)?

    /// The same operation for images of another scale.
    func scaled(by scale: ImageScale) -> Self
}

/// What does happen to a pair: parameters that have been drawn.
public protocol GeometricTransform: Sendable {
    /// The drawn parameters in few words, such as `crop 12,3`.
    var summary: String { get }

    /// The image after it.
    func applied(to image: Image) -> Image
}

/// Why an operation cannot be done, and the key in the recipe that is to blame.
public struct ImpossibleOperation: Error {
    /// The key of the operation's JSON object.
    public var key: String
    /// What was expected and what was found.
    public var message: String

    /// Creates the error.
    public init(key: String, message: String) {
        self.key = key
        self.message = message
    }
}

/// The ratio of two image sizes.
public struct ImageScale: Sendable, Equatable {
    /// New width over old width.
    public var horizontal: Double
    /// New height over old height.
    public var vertical: Double

    /// The ratio of `new` to `old`.
    public init(from old: ImageSize, to new: ImageSize) {
        horizontal = Double(new.width) / Double(old.width)
        vertical = Double(new.height) / Double(old.height)
    }

    /// A size at this scale, rounded, at least one pixel.
    public func applied(to size: ImageSize) -> ImageSize {
        ImageSize(
            width: max(1, Int((Double(size.width) * horizontal).rounded())),
            height: max(1, Int((Double(size.height) * vertical).rounded()))
        )
    }
}
