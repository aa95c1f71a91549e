/// What is measured of each image.
public enum Measure: String, CaseIterable, Codable, CodingKeyRepresentable, Sendable {
    /// The mean absolute difference: see ``ImageQuality/l1``.
    case l1 = "L1"
    /// The peak signal-to-noise ratio: see ``ImageQuality/psnr``.
    case psnr = "PSNR"
    /// The structural similarity: see ``ImageQuality/ssim``.
    case ssim = "SSIM"
    /// The structural similarity over five scales: see ``ImageQuality/multiScaleSSIM``.
    case msSSIM = "MS_SSIM"
    /// The learned perceptual distance: see ``LPIPS``.
    case lpips = "LPIPS"
    /// The share of an image's pixels that have the right label.
    case pixelAccuracy = "pixel_accuracy"
    /// The intersection over union, its mean over the classes that an image's target has.
    case meanIoU = "mean_IoU"

    /// Whether more is better: not so for distances.
    public var isHigherBetter: Bool { self != .l1 && self != .lpips }

    /// Whether a value is better than another.
    public func isBetter(_ value: Double, than other: Double) -> Bool {
        isHigherBetter ? value > other : value < other
    }
}

extension ImageQuality {
    /// The measures there are.
    var measures: [Measure: Double] {
        var values: [Measure: Double] = [.l1: l1, .psnr: psnr]
        values[.ssim] = ssim
        values[.msSSIM] = multiScaleSSIM
        return values
    }
}
