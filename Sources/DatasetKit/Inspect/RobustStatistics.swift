/// Median and spread, which a few odd values do not move.
struct RobustStatistics {
    /// The middle value.
    let median: Double
    /// 1.4826 times the median distance from the median: the standard deviation of normal values.
    let deviation: Double

    /// Describes values; without any, 0 and 0.
    init(_ values: [Double]) {
        let median = Self.median(values)
        self.median = median
        deviation = 1.4826 * Self.median(values.map { abs($0 - median) })
    }

    /// The middle value; of an even number the mean of the two in the middle; 0 of none.
    static func median(_ values: [Double]) -> Double {
        quantile(values, 0.5)
    }

    /// The value below which a share of the values lies, in between by proportion; 0 of none.
    static func quantile(_ values: [Double], _ share: Double) -> Double {
        guard !values.isEmpty else { return 0 }
        let sorted = values.sorted()
        let place = share * Double(sorted.count - 1)
        let low = Int(place)
        let high = min(low + 1, sorted.count - 1)
        return sorted[low] + (sorted[high] - sorted[low]) * (place - Double(low))
    }
}
