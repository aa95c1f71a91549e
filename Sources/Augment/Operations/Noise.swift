public import DatasetKit

/// Adds normally distributed noise to every sample: torchvision's `GaussianNoise`.
///
/// The result is cut to 0…1. Both sides get the same noise.
public struct Noise: Operation {
    /// Its name in a recipe.
    public static let name = "noise"
    /// Every second pair.
    public static let defaultProbability: Double? = 0.5

    private let sigma: ClosedRange<Double>
    private var sides: ChosenSides

    /// Reads `sigma` and `sides`.
    public init(_ reader: inout OperationReader) throws(DatasetError) {
        sigma = try reader.range("sigma", in: 0...1) ?? 0.01...0.05
        sides = try ChosenSides(&reader)
    }

    /// The size stays.
    public mutating func prepare(for form: PairForm) throws(ImpossibleOperation) -> ImageSize {
        try sides.prepare(for: form, ChosenSides.levels)
        return form.size
    }

    /// A strength, and noise.
    public func draw(
        for size: ImageSize,
        from draws: inout Draws,
        into drawn: inout [DrawnOperation]
    ) {
        let sigma = draws.number("sigma", in: sigma)
        drawn.append(
            .noise(AddedNoise(sigma: sigma, noise: draws.noise(), sides: sides.choice))
        )
    }
}

/// Noise that is added.
public struct AddedNoise: DrawnParameters {
    /// Its standard deviation; black to white is 1.
    public var sigma: Double
    /// The noise, one plane for each channel.
    public var noise: NoiseStream
    /// Which sides.
    public var sides: SideChoice

    /// How strong it is.
    public var summary: String { "noise \(rounded(sigma))" }
}
