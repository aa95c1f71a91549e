public import DatasetKit

/// Shifts every pixel by smooth noise (Simard, Steinkraus and Platt, 2003).
public struct Elastic: Operation {
    /// Its name in a recipe.
    public static let name = "elastic"
    /// Every second pair.
    public static let defaultProbability: Double? = 0.5

    private var alpha: ClosedRange<Double>
    private var sigma: Double
    private let sampling: Sampling

    /// Reads `alpha` (pixels), `sigma` (pixels), `interpolation`, `border` and `fill`.
    public init(_ reader: inout OperationReader) throws(DatasetError) {
        alpha = try reader.range("alpha", in: 0...100_000) ?? 50...50
        sigma = try reader.number("sigma", in: 0.5...100) ?? 5
        sampling = try Sampling(&reader)
    }

    /// The size stays; the noise must be finer than the image.
    public mutating func prepare(for form: PairForm) throws(ImpossibleOperation) -> ImageSize {
        try sampling.check(form)
        try GaussianKernel.check(
            radius: ElasticField.radius(sigma: sigma),
            fits: form.size,
            key: "sigma"
        )
        return form.size
    }

    /// A strength, and noise.
    public func draw(
        for size: ImageSize,
        from draws: inout Draws,
        into drawn: inout [DrawnOperation]
    ) {
        let alpha = draws.number("alpha", in: alpha)
        drawn.append(
            .elastic(
                ElasticField(alpha: alpha, sigma: sigma, noise: draws.noise(), sampling: sampling)
            )
        )
    }

    /// The same bend of an image at another scale.
    ///
    /// Noise that is blurred n times as far has an n-th of the amplitude, and must move pixels n times as
    /// far: alpha grows by the square.
    public func scaled(by scale: ImageScale) -> Elastic {
        var scaled = self
        let factor = scale.mean
        scaled.alpha = alpha.lowerBound * factor * factor...alpha.upperBound * factor * factor
        scaled.sigma = max(0.5, sigma * factor)
        return scaled
    }
}

/// A field of shifts: uniform noise from −1 to 1, blurred by `sigma`, times `alpha` pixels.
public struct ElasticField: DrawnParameters {
    /// The factor, in pixels.
    public var alpha: Double
    /// The standard deviation of the blur, in pixels.
    public var sigma: Double
    /// The noise: its first plane shifts along the rows, its second along the columns.
    public var noise: NoiseStream
    /// How pixels are fetched.
    public var sampling: Sampling

    /// How strong it is.
    public var summary: String { "elastic \(rounded(alpha))" }

    /// How far the blur reaches: four standard deviations, as SciPy has it.
    static func radius(sigma: Double) -> Int { Int((4 * sigma).rounded(.up)) }
}
