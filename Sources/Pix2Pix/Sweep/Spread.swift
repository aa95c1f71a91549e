/// What several runs of one case have measured.
package struct Spread: Codable, Equatable, Sendable {
    /// How many runs.
    package let count: Int
    /// The mean.
    package let mean: Double
    /// The sample's standard deviation (n − 1); `nil` of one run.
    package let deviation: Double?
    /// The lowest value.
    package let lowest: Double
    /// The highest value.
    package let highest: Double

    /// Measures some values; `nil` of none.
    package init?(_ values: [Double]) {
        guard let low = values.min(), let high = values.max() else { return nil }
        let mean = values.reduce(0, +) / Double(values.count)
        count = values.count
        self.mean = mean
        deviation = values.count > 1 ? MeasureSummary.deviation(of: values, around: mean) : nil
        (lowest, highest) = (low, high)
    }

    /// Whether no value lies between those of another.
    package func isApart(from other: Self) -> Bool {
        highest < other.lowest || other.highest < lowest
    }
}
