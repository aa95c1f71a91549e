public import DatasetKit

/// Pixels around an image that bring it to a size that a generator takes: mirrored at the edge pixels,
/// which are not repeated, and mirrored again where the image is smaller than the padding.
public struct ReflectPadding: Codable, Equatable, Sendable {
    /// Columns before the image.
    public let left: Int
    /// Rows above it.
    public let top: Int
    /// Columns behind it.
    public let right: Int
    /// Rows below it.
    public let bottom: Int

    /// As little as brings an image to multiples of a number, half on each side.
    ///
    /// - Parameters:
    ///   - size: The image's size.
    ///   - multiple: What both sides shall be multiples of.
    ///   - minimum: The least that both sides shall be.
    package init(_ size: ImageSize, toMultiplesOf multiple: Int, atLeast minimum: Int) {
        func missing(_ length: Int) -> Int {
            let wanted = max(length, minimum)
            return (wanted + multiple - 1) / multiple * multiple - length
        }
        let (columns, rows) = (missing(size.width), missing(size.height))
        (left, top) = (columns / 2, rows / 2)
        (right, bottom) = (columns - left, rows - top)
    }

    /// The size of a padded image.
    public func size(of size: ImageSize) -> ImageSize {
        ImageSize(width: left + size.width + right, height: top + size.height + bottom)
    }

    /// The image's column that stands at each column of the padded one.
    package func columns(of size: ImageSize) -> [Int] { Self.mirrored(size.width, left, right) }

    /// The image's row that stands at each row of the padded one.
    package func rows(of size: ImageSize) -> [Int] { Self.mirrored(size.height, top, bottom) }

    /// `… 2 1 0 1 2 … n-2 n-1 n-2 …`: a wave as long as twice the way from end to end.
    private static func mirrored(_ count: Int, _ before: Int, _ behind: Int) -> [Int] {
        guard count > 1 else { return [Int](repeating: 0, count: before + count + behind) }
        let period = 2 * (count - 1)
        return (-before..<count + behind).map { place in
            let phase = ((place % period) + period) % period
            return min(phase, period - phase)
        }
    }
}
