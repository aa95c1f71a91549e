import DatasetKit
import Glibc

/// The structural similarity over five scales (Wang and others 2003).
enum MultiScale {
    /// How much each scale counts, the finest first (section 4.2 of the paper).
    static let exponents = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333]

    /// The largest side that is too small: 16 times less, the window of 11 would not fit.
    static let largestImpossibleSide = (GaussianWindow.width - 1) << (exponents.count - 1)

    /// The similarity of two planes over all scales.
    ///
    /// The product of each scale's contrast and structure, and of the coarsest scale's SSIM.
    ///
    /// - Parameters:
    ///   - image: A plane.
    ///   - target: Another.
    ///   - size: Of both: larger than ``largestImpossibleSide``.
    ///   - finest: The similarity of the two at full size.
    ///   - window: Compares them; at least as wide.
    /// - Returns: 0…1.
    static func similarity(
        of image: Span<Float>,
        and target: Span<Float>,
        _ size: ImageSize,
        finest: GaussianWindow.Similarity,
        by window: GaussianWindow
    ) -> Double {
        var product = pow(clipped(finest.contrast), exponents[0])
        var planes = (halved(image, size), halved(target, size))
        var size = halved(size)
        for (scale, exponent) in exponents.enumerated().dropFirst() {
            let similarity = window.similarity(of: planes.0.span, and: planes.1.span, size)
            let isLast = scale == exponents.count - 1
            product *= pow(clipped(isLast ? similarity.ssim : similarity.contrast), exponent)
            guard !isLast else { break }
            planes = (halved(planes.0.span, size), halved(planes.1.span, size))
            size = halved(size)
        }
        return product
    }

    /// At least 0; what is not a number stays so, as it would not by `max`.
    private static func clipped(_ value: Double) -> Double { value < 0 ? 0 : value }

    /// The means of 2x2 pixels; an odd side begins and ends with a half of zeros, as there.
    private static func halved(_ plane: Span<Float>, _ size: ImageSize) -> [Float] {
        let half = halved(size)
        let (left, top) = (size.width % 2, size.height % 2)
        var means = [Float](repeating: 0, count: half.width * half.height)
        for y in 0..<half.height {
            for row in max(0, 2 * y - top)..<min(2 * y - top + 2, size.height) {
                // What lies inside; the first and the last column may have one neighbour only.
                for x in 0..<half.width {
                    let column = 2 * x - left
                    var sum: Float = 0
                    if column >= 0 { sum += plane[row * size.width + column] }
                    if column + 1 < size.width { sum += plane[row * size.width + column + 1] }
                    means[y * half.width + x] += sum / 4
                }
            }
        }
        return means
    }

    private static func halved(_ size: ImageSize) -> ImageSize {
        ImageSize(width: (size.width + 1) / 2, height: (size.height + 1) / 2)
    }
}
