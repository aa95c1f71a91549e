import Glibc

/// How much a second model is better or worse than a first one on the same images.
public struct PairedComparison: Codable, Equatable, Sendable {
    /// A confidence interval.
    public struct Interval: Codable, Equatable, Sendable {
        /// Its lower end.
        public var low: Double
        /// Its upper end.
        public var high: Double
    }

    /// The mean of the second model's value less the first one's.
    public var difference: Double
    /// The 95 % confidence interval of ``difference``, d̄ ± t s / √n.
    ///
    /// s is the standard deviation of the differences, t the 97.5 % quantile of Student's
    /// distribution with n − 1 degrees of freedom. `nil` for fewer than 3 images.
    public var interval: Interval?
    /// Images in which the first model is better.
    public var firstIsBetter: Int
    /// Images in which the second model is better.
    public var secondIsBetter: Int
    /// The two-sided sign test: how likely so uneven a number of better images, or a more uneven
    /// one, is if each were better by the throw of a coin; images in which both are equal do not
    /// count.
    public var signTest: Double

    /// Compares two models; `nil` without images.
    ///
    /// - Parameters:
    ///   - first: The first model's values, one an image.
    ///   - second: The second model's, in the same order.
    ///   - measure: What the values are.
    public init?(_ first: [Double], _ second: [Double], by measure: Measure) {
        precondition(first.count == second.count, "both models make the same images")
        guard !first.isEmpty else { return nil }
        let differences = zip(first, second).map { $1 - $0 }
        let mean = differences.reduce(0, +) / Double(differences.count)
        difference = mean
        if differences.count >= 3 {
            let deviation = MeasureSummary.deviation(of: differences, around: mean)
            let error = deviation / Double(differences.count).squareRoot()
            let reach = Self.studentQuantile(degrees: differences.count - 1) * error
            interval = Interval(low: mean - reach, high: mean + reach)
        }
        firstIsBetter = zip(first, second).count { measure.isBetter($0, than: $1) }
        secondIsBetter = zip(first, second).count { measure.isBetter($1, than: $0) }
        signTest = Self.signTest(firstIsBetter, secondIsBetter)
    }

    /// The 97.5 % quantile of Student's distribution.
    ///
    /// Abramowitz & Stegun 26.7.5: within 1 % for 2 degrees of freedom, 0.02 % for 5 and more.
    static func studentQuantile(degrees: Int) -> Double {
        let x = 1.959963984540054
        let (x2, n) = (x * x, Double(degrees))
        let g1 = x * (x2 + 1) / 4
        let g2 = x * ((5 * x2 + 16) * x2 + 3) / 96
        let g3 = x * (((3 * x2 + 19) * x2 + 17) * x2 - 15) / 384
        let g4 = x * ((((79 * x2 + 776) * x2 + 1482) * x2 - 1920) * x2 - 945) / 92160
        return x + (g1 + (g2 + (g3 + g4 / n) / n) / n) / n
    }

    /// Twice the chance of at most so few of n throws of a coin, at most 1.
    static func signTest(_ first: Int, _ second: Int) -> Double {
        let throwsOfCoin = first + second
        // The logarithm of the chance of exactly k heads: 2⁻ⁿ at first.
        var logarithm = -Double(throwsOfCoin) * log(2)
        var chance = exp(logarithm)
        for k in 0..<min(first, second) {
            logarithm += log(Double(throwsOfCoin - k) / Double(k + 1))
            chance += exp(logarithm)
        }
        return min(1, 2 * chance)
    }
}
