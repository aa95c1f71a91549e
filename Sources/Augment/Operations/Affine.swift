public import DatasetKit
import Foundation

/// Turns, scales, shears and shifts the pair about its middle.
///
/// The geometry is that of torchvision's `affine`: angles in degrees, clockwise; shift last; pixels are
/// fetched from where the inverse map says. With a constant border and bilinear means, a pixel on the edge
/// is a mean of image and border by distance; torchvision's `fill` weighs the border twice there.
public struct Affine: Operation {
    /// Its name in a recipe.
    public static let name = "affine"
    /// Always.
    public static let defaultProbability: Double? = 1

    private let rotation: ClosedRange<Double>
    private let scale: ClosedRange<Double>
    private let shearX: ClosedRange<Double>
    private let shearY: ClosedRange<Double>
    private let translateX: ClosedRange<Double>
    private let translateY: ClosedRange<Double>
    private let sampling: Sampling

    /// Reads `rotation`, `scale`, `shearX`, `shearY`, `translateX`, `translateY` (shares of width and
    /// height), `interpolation`, `border` and `fill`.
    public init(_ reader: inout OperationReader) throws(DatasetError) {
        let rotation = try reader.range("rotation", in: -180...180, .around0)
        let scale = try reader.range("scale", in: 0.01...100)
        let shearX = try reader.range("shearX", in: -85...85, .around0)
        let shearY = try reader.range("shearY", in: -85...85, .around0)
        let translateX = try reader.range("translateX", in: -1...1, .around0)
        let translateY = try reader.range("translateY", in: -1...1, .around0)
        let given = [rotation, scale, shearX, shearY, translateX, translateY]
        guard given.contains(where: { $0 != nil }) else {
            throw reader.error(
                "rotation",
                "expected at least one of rotation, scale, shearX, shearY, translateX, translateY"
            )
        }
        sampling = try Sampling(&reader)
        self.rotation = rotation ?? 0...0
        self.scale = scale ?? 1...1
        self.shearX = shearX ?? 0...0
        self.shearY = shearY ?? 0...0
        self.translateX = translateX ?? 0...0
        self.translateY = translateY ?? 0...0
    }

    /// The size stays.
    public mutating func prepare(for form: PairForm) throws(ImpossibleOperation) -> ImageSize {
        try sampling.check(form)
        return form.size
    }

    /// Uniform parameters; the shift in whole pixels, as torchvision draws it.
    public func draw(
        for size: ImageSize,
        from draws: inout Draws,
        into drawn: inout [DrawnOperation]
    ) {
        let (width, height) = (Double(size.width), Double(size.height))
        drawn.append(
            .affine(
                AffineMap(
                    rotation: draws.number("rotation", in: rotation),
                    scale: draws.number("scale", in: scale),
                    shearX: draws.number("shearX", in: shearX),
                    shearY: draws.number("shearY", in: shearY),
                    translateX: (draws.number("translateX", in: translateX) * width).rounded(),
                    translateY: (draws.number("translateY", in: translateY) * height).rounded(),
                    sampling: sampling
                )
            )
        )
    }
}

/// An affine map about the middle of an image.
public struct AffineMap: DrawnParameters {
    /// Degrees, clockwise.
    public var rotation: Double
    /// The factor of lengths.
    public var scale: Double
    /// Degrees along the rows.
    public var shearX: Double
    /// Degrees along the columns.
    public var shearY: Double
    /// Pixels to the right.
    public var translateX: Double
    /// Pixels down.
    public var translateY: Double
    /// How pixels are fetched.
    public var sampling: Sampling

    /// What differs from the identity.
    public var summary: String {
        var parts: [String] = []
        if rotation != 0 { parts.append("\(rounded(rotation))deg") }
        if scale != 1 { parts.append("x\(rounded(scale))") }
        if shearX != 0 || shearY != 0 {
            parts.append("shear \(rounded(shearX)),\(rounded(shearY))")
        }
        if translateX != 0 || translateY != 0 {
            parts.append("move \(Int(translateX)),\(Int(translateY))")
        }
        return "affine " + parts.joined(separator: " ")
    }

    /// The map from a new pixel's place to that in the old image, in pixels from the first one's centre:
    /// x' = m0 x + m1 y + m2, y' = m3 x + m4 y + m5.
    ///
    /// The matrix is the inverse of T C R S C⁻¹, as in torchvision's `_get_inverse_affine_matrix`.
    func inverseMatrix(for size: ImageSize) -> [6 of Double] {
        let angle = rotation * .pi / 180
        let (sx, sy) = (shearX * .pi / 180, shearY * .pi / 180)
        let a = cos(angle - sy) / cos(sy)
        let b = -cos(angle - sy) * tan(sx) / cos(sy) - sin(angle)
        let c = sin(angle - sy) / cos(sy)
        let d = -sin(angle - sy) * tan(sx) / cos(sy) + cos(angle)
        let (m0, m1, m3, m4) = (d / scale, -b / scale, -c / scale, a / scale)
        let middleX = Double(size.width - 1) / 2
        let middleY = Double(size.height - 1) / 2
        let (x, y) = (middleX + translateX, middleY + translateY)
        return [m0, m1, middleX - m0 * x - m1 * y, m3, m4, middleY - m3 * x - m4 * y]
    }
}
