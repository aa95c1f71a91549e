public import DatasetKit
import Glibc

/// How near an image is to its target.
///
/// All are means over the pixels and channels, for values in −1…1, a range of 2. A pixel that is
/// infinite or not a number makes measures that are not finite.
public struct ImageQuality: Hashable, Sendable {
    /// The mean absolute difference, in units of −1…1; lower is better.
    public var l1: Double
    /// The peak signal-to-noise ratio in decibels, 10 log₁₀(2² / mean squared difference).
    ///
    /// At most ``maximumPSNR``, which equal images have too: means over several images and JSON
    /// need a finite number.
    public var psnr: Double
    /// The structural similarity, −1…1, 1 for equal images (Wang and others 2004).
    ///
    /// With a Gaussian window of 11x11 and σ 1.5, K₁ 0.01 and K₂ 0.03, where the whole window lies
    /// inside; as scikit-image's `structural_similarity` with `gaussian_weights` and without
    /// `use_sample_covariance`. `nil` for images with a side under 11 pixels.
    public var ssim: Double?
    /// The structural similarity over five scales, 0…1, 1 for equal images (Wang and others 2003).
    ///
    /// As the Python package `pytorch-msssim`: a channel whose contrast or structure is opposed to
    /// the target's at one scale counts as 0. `nil` for images with a side of 160 pixels or less,
    /// whose smallest scale has no room for the window.
    public var multiScaleSSIM: Double?

    /// The most that ``psnr`` can be: a mean squared difference of 4e-10.
    ///
    /// Images of 8 bits come nowhere near it: rounding alone leaves 59 dB.
    public static let maximumPSNR = 100.0

    /// Measures one image.
    ///
    /// - Parameters:
    ///   - image: What was made: plane after plane, rows from the top, values in −1…1.
    ///   - target: What it should have been, of the same form.
    ///   - channels: The number of planes, any.
    ///   - size: Width and height of a plane.
    public init(
        of image: Span<Float>,
        against target: Span<Float>,
        channels: Int,
        size: ImageSize
    ) {
        let pixels = size.width * size.height
        precondition(channels > 0 && pixels > 0, "an image has pixels")
        precondition(image.count == channels * pixels, "the image has another form")
        precondition(target.count == channels * pixels, "the target has another form")
        var (absolute, squared) = (0.0, 0.0)
        for index in image.indices {
            let difference = Double(image[index]) - Double(target[index])
            absolute += difference.magnitude
            squared += difference * difference
        }
        l1 = absolute / Double(image.count)
        psnr = Self.psnr(meanSquaredDifference: squared / Double(image.count))

        guard min(size.width, size.height) >= GaussianWindow.width else { return }
        let hasScales = min(size.width, size.height) > MultiScale.largestImpossibleSide
        let window = GaussianWindow(width: size.width)
        var (sum, multiScaleSum) = (0.0, 0.0)
        for channel in 0..<channels {
            let range = channel * pixels..<(channel + 1) * pixels
            let planes = (image.extracting(range), target.extracting(range))
            let similarity = window.similarity(of: planes.0, and: planes.1, size)
            sum += similarity.ssim
            if hasScales {
                multiScaleSum += MultiScale.similarity(
                    of: planes.0,
                    and: planes.1,
                    size,
                    finest: similarity,
                    by: window
                )
            }
        }
        ssim = sum / Double(channels)
        if hasScales { multiScaleSSIM = multiScaleSum / Double(channels) }
    }

    private static func psnr(meanSquaredDifference: Double) -> Double {
        if meanSquaredDifference.isNaN { return .nan }
        return min(maximumPSNR, 10 * log10(4 / meanSquaredDifference))
    }

    private init(l1: Double, psnr: Double, ssim: Double?, multiScaleSSIM: Double?) {
        self.l1 = l1
        self.psnr = psnr
        self.ssim = ssim
        self.multiScaleSSIM = multiScaleSSIM
    }
}

extension ImageQuality {
    /// Measures a batch of images.
    ///
    /// - Parameters:
    ///   - images: `[N, C, H, W]`, or `[C, H, W]` for one image: what was made.
    ///   - targets: Of the same shape.
    /// - Returns: The quality of each image.
    /// - Throws: ``TorchError`` if the shapes differ or are none of these, or the elements are not
    ///   floats.
    public static func measured(
        _ images: Tensor,
        against targets: Tensor
    ) throws(TorchError) -> [ImageQuality] {
        let shape = images.shape
        guard shape == targets.shape, 3...4 ~= shape.count, images.elementCount > 0 else {
            throw TorchError(
                operation: "image quality",
                message: "expected images of one shape, [N, C, H, W] or [C, H, W], found \(shape) "
                    + "and \(targets.shape)"
            )
        }
        let (made, wanted) = (try images.floats(), try targets.floats())
        let count = shape.count == 4 ? shape[0] : 1
        let form = shape.suffix(3).map(\.self)
        let length = made.count / count
        return (0..<count).map { number in
            let range = number * length..<(number + 1) * length
            return ImageQuality(
                of: made.span.extracting(range),
                against: wanted.span.extracting(range),
                channels: form[0],
                size: ImageSize(width: form[2], height: form[1])
            )
        }
    }

    /// The mean of each measure, over images of one size.
    ///
    /// - Parameter qualities: Of the images.
    /// - Returns: The means; `nil` for those that some image lacks. `nil` without images.
    public static func mean(of qualities: [ImageQuality]) -> ImageQuality? {
        guard !qualities.isEmpty else { return nil }
        func mean(_ values: [Double]) -> Double? {
            values.count < qualities.count ? nil : values.reduce(0, +) / Double(values.count)
        }
        guard let l1 = mean(qualities.map(\.l1)), let psnr = mean(qualities.map(\.psnr)) else {
            return nil
        }
        return ImageQuality(
            l1: l1,
            psnr: psnr,
            ssim: mean(qualities.compactMap(\.ssim)),
            multiScaleSSIM: mean(qualities.compactMap(\.multiScaleSSIM))
        )
    }

    /// The measures there are, by the names they have in papers: `L1`, `PSNR`, `SSIM`, `MS_SSIM`.
    public var named: [(name: String, value: Double)] {
        let measures = [("L1", l1), ("PSNR", psnr), ("SSIM", ssim), ("MS_SSIM", multiScaleSSIM)]
        return measures.compactMap { name, value in value.map { (name, $0) } }
    }
}
