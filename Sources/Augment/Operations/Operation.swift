public import DatasetKit

/// Something that may happen to a pair: one object of a recipe's `augment` list.
///
/// It draws once per pair. What it draws says which sides are meant only where an operation changes
/// colours or hides something; geometry is applied to both sides, and has no way to name one.
public protocol Operation: Sendable {
    /// The operation's name in a recipe.
    static var name: String { get }
    /// The probability `p` where the recipe gives none; `nil` for an operation that always happens,
    /// because the images' size depends on it, and takes no `p`.
    static var defaultProbability: Double? { get }

    /// Reads the operation's parameters.
    init(_ reader: inout OperationReader) throws(DatasetError)

    /// Checks the operation against the pairs that it will be given, and adapts to them: leaves label
    /// maps out of changes of colour, for instance.
    ///
    /// - Returns: The size of the images afterwards.
    /// - Throws: ``ImpossibleOperation`` if it cannot be done to such pairs.
    mutating func prepare(for form: PairForm) throws(ImpossibleOperation) -> ImageSize

    /// Draws what happens to one pair.
    ///
    /// - Parameters:
    ///   - size: The size of the images.
    ///   - draws: Where the parameters come from.
    ///   - drawn: Receives what happens.
    func draw(for size: ImageSize, from draws: inout Draws, into drawn: inout [DrawnOperation])

    /// What happens where nothing may be random (validation, samples); `nil` for nothing.
    func evaluation(for size: ImageSize) -> DrawnOperation?

    /// The same operation for images of another scale.
    func scaled(by scale: ImageScale) -> Self
}

extension Operation {
    /// Most operations leave the size alone and do nothing where nothing may be random.
    public func evaluation(for size: ImageSize) -> DrawnOperation? { nil }
    /// Most operations do not count in pixels.
    public func scaled(by scale: ImageScale) -> Self { self }
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

    /// A ratio for each axis.
    init(horizontal: Double, vertical: Double) {
        self.horizontal = horizontal
        self.vertical = vertical
    }

    /// The ratio of `new` to `old`.
    public init(from old: ImageSize, to new: ImageSize) {
        horizontal = Double(new.width) / Double(old.width)
        vertical = Double(new.height) / Double(old.height)
    }

    /// The geometric mean of both ratios: for lengths that have no direction.
    public var mean: Double { (horizontal * vertical).squareRoot() }

    /// A size at this scale, rounded, at least one pixel.
    public func applied(to size: ImageSize) -> ImageSize {
        ImageSize(
            width: max(1, Int((Double(size.width) * horizontal).rounded())),
            height: max(1, Int((Double(size.height) * vertical).rounded()))
        )
    }
}
