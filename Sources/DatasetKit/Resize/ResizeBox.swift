/// The part of an image that a resize takes as its source, as in Pillow's `resize(box=)`.
///
/// Edges lie between pixels and may lie inside one. They have single precision, as in Pillow.
public struct ResizeBox: Equatable, Hashable, Sendable {
    /// The left edge, 0 at the image's left edge.
    public var left: Float
    /// The upper edge, 0 at the image's upper edge.
    public var top: Float
    /// The right edge.
    public var right: Float
    /// The lower edge.
    public var bottom: Float

    /// Creates a box.
    public init(left: Float, top: Float, right: Float, bottom: Float) {
        self.left = left
        self.top = top
        self.right = right
        self.bottom = bottom
    }

    /// The whole of an image.
    public init(_ size: ImageSize) {
        self.init(left: 0, top: 0, right: Float(size.width), bottom: Float(size.height))
    }

    /// Whether the box has an area and lies inside an image.
    public func isInside(_ size: ImageSize) -> Bool {
        left >= 0 && top >= 0 && left < right && top < bottom
            && right <= Float(size.width) && bottom <= Float(size.height)
    }
}
