public import DatasetKit
import Foundation

/// Blurs by a Gaussian: torchvision's `GaussianBlur`.
public struct Blur: Operation {
    /// Its name in a recipe.
    public static let name = "blur"
    /// Every second pair.
    public static let defaultProbability: Double? = 0.5

    private var sigma: ClosedRange<Double>
    private let kernelSize: Int?
    private var sides: ChosenSides

    /// Reads `sigma` (pixels), `kernelSize` (pixels, odd) and `sides`.
    public init(_ reader: inout OperationReader) throws(DatasetError) {
        sigma = try reader.range("sigma", in: 0.01...100) ?? 0.1...2
        kernelSize = try reader.integer("kernelSize", in: 1...1001)
        if let kernelSize, kernelSize.isMultiple(of: 2) {
            throw reader.error("kernelSize", "expected an odd number, found \(kernelSize)")
        }
        sides = try ChosenSides(&reader)
    }

    /// The size stays; the kernel must be smaller than the image.
    public mutating func prepare(for form: PairForm) throws(ImpossibleOperation) -> ImageSize {
        try sides.prepare(for: form) { _ in nil }
        try GaussianKernel.check(
            radius: radius(sigma.upperBound),
            fits: form.size,
            key: kernelSize == nil ? "sigma" : "kernelSize"
        )
        return form.size
    }

    /// Three standard deviations to each side, where the recipe does not say.
    private func radius(_ sigma: Double) -> Int {
        kernelSize.map { $0 / 2 } ?? Int((3 * sigma).rounded(.up))
    }

    /// A width.
    public func draw(
        for size: ImageSize,
        from draws: inout Draws,
        into drawn: inout [DrawnOperation]
    ) {
        let sigma = draws.number("sigma", in: sigma)
        drawn.append(
            .blur(GaussianBlur(sigma: sigma, radius: radius(sigma), sides: sides.choice))
        )
    }

    /// The same blur of an image at another scale.
    public func scaled(by scale: ImageScale) -> Blur {
        var scaled = self
        let factor = scale.mean
        scaled.sigma = max(0.01, sigma.lowerBound * factor)...max(0.01, sigma.upperBound * factor)
        return scaled
    }
}

/// A blur by a Gaussian.
public struct GaussianBlur: DrawnParameters {
    /// The standard deviation, in pixels.
    public var sigma: Double
    /// How many pixels on each side of the middle are looked at.
    public var radius: Int
    /// Which sides.
    public var sides: SideChoice

    /// How wide it is.
    public var summary: String { "blur \(rounded(sigma))" }
}

/// The weights of a Gaussian.
enum GaussianKernel {
    /// exp(−x² / 2σ²) for −radius…radius, divided by the sum: as torchvision has it.
    static func fill(_ weights: UnsafeMutableBufferPointer<Float>, sigma: Double) {
        let radius = weights.count / 2
        var sum = 0.0
        for place in -radius...radius { sum += weight(place, sigma) }
        for place in -radius...radius {
            unsafe weights[place + radius] = Float(weight(place, sigma) / sum)
        }
    }

    private static func weight(_ place: Int, _ sigma: Double) -> Double {
        exp(-0.5 * (Double(place) / sigma) * (Double(place) / sigma))
    }

    /// Refuses a kernel that would see an edge twice.
    static func check(
        radius: Int,
        fits size: ImageSize,
        key: String
    ) throws(ImpossibleOperation) {
        let side = min(size.width, size.height)
        guard radius < side else {
            throw ImpossibleOperation(
                key: key,
                message:
                    "expected a blur that reaches fewer than \(side) pixels in images of \(size), "
                    + "found one of \(radius) pixels"
            )
        }
    }
}
