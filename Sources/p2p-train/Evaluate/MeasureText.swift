import Pix2Pix

/// The measures in words.
enum MeasureText {
    /// The name on a page.
    static func title(_ measure: Measure) -> String {
        switch measure {
        case .l1: "L1"
        case .psnr: "PSNR"
        case .ssim: "SSIM"
        case .msSSIM: "MS-SSIM"
        case .lpips: "LPIPS"
        case .pixelAccuracy: "Pixel accuracy"
        case .meanIoU: "Mean IoU of an image"
        }
    }

    /// What it is, in a few words.
    static func note(_ measure: Measure) -> String {
        let direction = measure.isHigherBetter ? "higher is better" : "lower is better"
        return measure == .psnr ? "dB; \(direction)" : direction
    }

    /// The mean of values; 0 without any.
    static func mean(_ values: [Double]) -> Double {
        values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    }
}
