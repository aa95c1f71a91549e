import DatasetKit
import Foundation

/// Where an operation's parameters come from: a generator, or, to show a range from end to end, a fixed
/// place in each range.
public struct Draws: Sendable {
    private var generator: Philox
    private var sweep: Sweep?
    /// How many pairs there are to mix with, and which of them this one is.
    let pairs: (count: Int, sample: Int)

    /// One parameter's place in its range.
    struct Sweep {
        /// The parameter that moves; the others stay in the middle of their ranges.
        var parameter: String
        /// 0 is the lower end, 1 the upper.
        var place: Double
        /// The parameters that were asked for and have a range.
        var found: [String] = []

        mutating func place(of name: String, hasRange: Bool) -> Double {
            if hasRange && !found.contains(name) { found.append(name) }
            return name == parameter ? place : 0.5
        }
    }

    /// Draws by a generator.
    init(_ generator: Philox, count: Int, sample: Int) {
        self.generator = generator
        pairs = (count, sample)
    }

    /// No chance: one parameter at a place in its range.
    init(_ parameter: String, at place: Double, count: Int, sample: Int) {
        generator = Philox(seed: 0, stream: .augment, sample: sample)
        sweep = Sweep(parameter: parameter, place: place)
        pairs = (count, sample)
    }

    /// The parameters with a range that were asked for during a sweep.
    var parameters: [String] { sweep?.found ?? [] }

    /// `true` with probability `p`; always, in a sweep.
    mutating func chance(_ p: Double) -> Bool {
        sweep != nil || generator.nextBool(p: p)
    }

    /// A uniform number of a range.
    mutating func number(_ name: String, in range: ClosedRange<Double>) -> Double {
        guard range.lowerBound < range.upperBound else { return range.lowerBound }
        if let place = sweep?.place(of: name, hasRange: true) {
            return range.lowerBound + place * (range.upperBound - range.lowerBound)
        }
        return generator.nextDouble(in: range)
    }

    /// A number whose logarithm is uniform.
    mutating func logarithmic(_ name: String, in range: ClosedRange<Double>) -> Double {
        exp(number(name, in: log(range.lowerBound)...log(range.upperBound)))
    }

    /// A uniform whole number of `0..<bound`.
    mutating func integer(_ name: String, below bound: Int) -> Int {
        if let place = sweep?.place(of: name, hasRange: bound > 1) {
            return min(bound - 1, Int(place * Double(bound)))
        }
        return generator.nextInt(below: bound)
    }

    /// One of some things, each as likely as its weight says.
    mutating func choice(_ weights: [Double]) -> Int {
        var sum = 0.0
        for weight in weights { sum += weight }
        var left = generator.nextUnit() * sum
        for index in weights.indices {
            left -= weights[index]
            if left < 0 { return index }
        }
        return weights.lastIndex { $0 > 0 } ?? 0
    }

    /// A uniform order of four things, as four of their numbers in two bits each, the first lowest.
    mutating func order() -> UInt8 {
        if sweep != nil { return 0b11_10_01_00 }
        var packed: [4 of Int] = [0, 1, 2, 3]
        for index in stride(from: 3, to: 0, by: -1) {
            packed.swapAt(index, generator.nextInt(below: index + 1))
        }
        var result: UInt8 = 0
        for place in 0..<4 { result |= UInt8(packed[place]) << UInt8(2 * place) }
        return result
    }

    /// The number of another pair, each equally likely; the pair itself only if there is no other.
    mutating func partner() -> Int {
        guard pairs.count > 1 else { return pairs.sample }
        if sweep != nil { return (pairs.sample + 1) % pairs.count }
        let other = generator.nextInt(below: pairs.count - 1)
        return other < pairs.sample ? other : other + 1
    }

    /// A number between 0 and 1 of the distribution Beta(`alpha`, `alpha`).
    ///
    /// The ratio of two gamma variates (Marsaglia and Tsang, 2000).
    mutating func beta(_ name: String, alpha: Double) -> Double {
        if let place = sweep?.place(of: name, hasRange: true) { return place }
        let first = logGamma(alpha)
        let second = logGamma(alpha)
        return 1 / (1 + exp(second - first))
    }

    /// The logarithm of a gamma variate: the variate itself is 0 for most draws of a small shape.
    private mutating func logGamma(_ shape: Double) -> Double {
        // A shape below 1 is reached from the one above it: g * u^(1 / shape).
        let boost = shape < 1 ? log(1 - generator.nextUnit()) / shape : 0
        let d = (shape < 1 ? shape + 1 : shape) - 1 / 3.0
        let c = 1 / (9 * d).squareRoot()
        while true {
            let x = normal()
            let v = 1 + c * x
            guard v > 0 else { continue }
            let cube = v * v * v
            let u = 1 - generator.nextUnit()
            if log(u) < 0.5 * x * x + d - d * cube + d * log(cube) { return log(d * cube) + boost }
        }
    }

    /// A standard normal number (Box and Muller).
    private mutating func normal() -> Double {
        let radius = (-2 * log(1 - generator.nextUnit())).squareRoot()
        return radius * cos(2 * Double.pi * generator.nextUnit())
    }

    /// A stream of noise of its own.
    func noise() -> NoiseStream { NoiseStream(generator) }
}
