/// How a measure is distributed over images.
public struct MeasureSummary: Codable, Equatable, Sendable {
    /// The mean.
    public var mean: Double
    /// The standard deviation, divided by the number of images less one; 0 of one image.
    public var deviation: Double
    /// The middle value; of an even number the mean of the two in the middle.
    public var median: Double
    /// The lowest value.
    public var lowest: Double
    /// The highest value.
    public var highest: Double

    /// Describes values; `nil` without any.
    ///
    /// - Parameter values: One an image.
    public init?(_ values: [Double]) {
        let sorted = values.sorted()
        guard let first = sorted.first, let last = sorted.last else { return nil }
        // In the order of the images, as validation adds them up: the same bits.
        mean = values.reduce(0, +) / Double(values.count)
        deviation = Self.deviation(of: values, around: mean)
        median = (sorted[(values.count - 1) / 2] + sorted[values.count / 2]) / 2
        (lowest, highest) = (first, last)
    }

    /// The standard deviation of values around their mean; 0 of one value.
    static func deviation(of values: [Double], around mean: Double) -> Double {
        guard values.count > 1 else { return 0 }
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (squares / Double(values.count - 1)).squareRoot()
    }
}
