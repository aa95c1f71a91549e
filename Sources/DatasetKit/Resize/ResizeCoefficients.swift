import Glibc

/// Which source samples make each output sample along one axis, and with what weights.
///
/// The arithmetic is Pillow's (`precompute_coeffs` and `normalize_coeffs_8bpc`): doubles, then
/// fixed point with 22 fractional bits.
struct ResizeCoefficients {
    /// Fractional bits of a weight: 32 − 8 for the sample − 2 for overshoot.
    static let precisionBits: Int32 = 22

    /// The first source sample of each output sample.
    let starts: [Int]
    /// How many source samples each output sample takes.
    let counts: [Int]
    /// The weights, `stride` per output sample of which the first `counts[i]` are used.
    let weights: [Int32]
    /// Weights stored per output sample.
    let stride: Int

    /// Computes the weights of one axis.
    ///
    /// - Parameters:
    ///   - source: Samples before.
    ///   - target: Samples after.
    ///   - filter: Any filter but `nearest`.
    init(source: Int, target: Int, filter: ResizeFilter) {
        let scale = Double(Float(source)) / Double(target)
        let filterScale = max(scale, 1)
        let support = filter.support * filterScale
        let inverse = 1 / filterScale
        stride = Int(ceil(support)) * 2 + 1

        var starts: [Int] = []
        var counts: [Int] = []
        var weights = [Int32](repeating: 0, count: target * stride)
        var exact = [Double](repeating: 0, count: stride)
        for index in 0..<target {
            let center = (Double(index) + 0.5) * scale
            let low = max(Int(center - support + 0.5), 0)
            let high = min(Int(center + support + 0.5), source)
            let count = high - low
            var sum = 0.0
            for tap in 0..<count {
                exact[tap] = filter.weight(at: (Double(tap + low) - center + 0.5) * inverse)
                sum += exact[tap]
            }
            for tap in 0..<count {
                let weight = sum == 0 ? exact[tap] : exact[tap] / sum
                let fixed = weight * Double(1 << Self.precisionBits)
                weights[index * stride + tap] = Int32(fixed + (weight < 0 ? -0.5 : 0.5))
            }
            starts.append(low)
            counts.append(count)
        }
        self.starts = starts
        self.counts = counts
        self.weights = weights
    }
}
