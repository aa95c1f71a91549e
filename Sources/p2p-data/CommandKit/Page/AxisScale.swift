import Glibc

/// An axis of a diagram: from values to places, with round numbers to write beside it.
public struct AxisScale: Sendable {
    /// A number beside the axis.
    public struct Tick: Equatable, Sendable {
        /// Where it stands.
        public var value: Double
        /// What is written there.
        public var label: String
    }

    /// The values at both ends.
    public let range: ClosedRange<Double>
    /// Whether equal ways are equal factors.
    public let isLogarithmic: Bool
    /// The numbers to write, from the lowest.
    public let ticks: [Tick]

    /// A scale whose ends are the given ones.
    ///
    /// - Parameters:
    ///   - range: The ends.
    ///   - count: About so many ticks.
    ///   - wholeNumbers: Whether there is nothing between 1 and 2.
    public init(exactly range: ClosedRange<Double>, ticks count: Int, wholeNumbers: Bool = false) {
        self.init(
            range,
            step: Self.step(range, count: count, wholeNumbers: wholeNumbers)
        )
    }

    private init(_ range: ClosedRange<Double>, step: Double) {
        // The ends themselves are ticks, though they may be a rounding away from one.
        let first = Int((range.lowerBound / step - 1e-6).rounded(.up))
        let last = Int((range.upperBound / step + 1e-6).rounded(.down))
        self.range = range
        isLogarithmic = false
        ticks = (first...max(first, last)).map { Self.tick(Double($0) * step, step: step) }
    }

    /// A scale that has room for all values, with round ends.
    ///
    /// Where a few values are very much larger than most and all are positive, it is logarithmic.
    /// Otherwise it begins at zero if the values come near it.
    ///
    /// - Parameters:
    ///   - values: Finite numbers.
    ///   - count: About so many ticks.
    public init(around values: [Double], ticks count: Int) {
        let sorted = values.sorted()
        guard let low = sorted.first, let high = sorted.last else {
            self.init(exactly: 0...1, ticks: count)
            return
        }
        if low > 0, high > 20 * sorted[sorted.count / 2] {
            self.init(decadesAround: low, high)
            return
        }
        var (bottom, top) = (low, high)
        if low > 0, low < 0.4 * high { bottom = 0 }
        if high < 0, high > 0.4 * low { top = 0 }
        if top - bottom < 1e-9 * max(abs(top), abs(bottom), 1e-300) {
            let room = top == 0 ? 1 : abs(top) / 2
            (bottom, top) = (bottom - room, top + room)
        }
        let step = Self.step(bottom...top, count: count, wholeNumbers: false)
        let first = (bottom / step).rounded(.down)
        let last = (top / step).rounded(.up)
        self.init(first * step...last * step, step: step)
    }

    /// A logarithmic scale.
    private init(decadesAround low: Double, _ high: Double) {
        let ends = Int(log10(low).rounded(.down))...Int(log10(high).rounded(.up))
        range = pow(10, Double(ends.lowerBound))...pow(10, Double(ends.upperBound))
        isLogarithmic = true
        let stride = max(1, (ends.count + 5) / 6)
        ticks = Swift.stride(from: ends.lowerBound, through: ends.upperBound, by: stride).map {
            let value = pow(10, Double($0))
            return Tick(value: value, label: NumberText.short(value))
        }
    }

    /// Where a value lies: 0 at the lower end, 1 at the upper one, beyond them outside.
    public func place(of value: Double) -> Double {
        guard isLogarithmic else {
            return (value - range.lowerBound) / (range.upperBound - range.lowerBound)
        }
        let (low, high) = (log10(range.lowerBound), log10(range.upperBound))
        return (log10(max(value, .leastNormalMagnitude)) - low) / (high - low)
    }

    /// 1, 2 or 5 times a power of ten, so that there are about as many ticks as wanted.
    private static func step(
        _ range: ClosedRange<Double>,
        count: Int,
        wholeNumbers: Bool
    ) -> Double {
        let rough = max((range.upperBound - range.lowerBound) / Double(max(count, 1)), 1e-300)
        let power = pow(10, log10(rough).rounded(.down))
        let factor = [1.0, 2, 5, 10].first { $0 * power >= rough * 0.999 } ?? 10
        return wholeNumbers ? max(1, factor * power) : factor * power
    }

    private static func tick(_ value: Double, step: Double) -> Tick {
        if abs(value) < step / 2 { return Tick(value: 0, label: "0") }
        let decimals = max(0, Int(-log10(step).rounded(.down)))
        guard decimals < 6, abs(value) < 1e5 else {
            return Tick(value: value, label: NumberText.short(value))
        }
        return Tick(value: value, label: Readable.fixed(value, decimals: decimals))
    }
}

/// Numbers of any size in little room.
public enum NumberText {
    /// Such as `0.0213`, `12.3`, `4570`, `50k`, `1.2M` or `3.1e-7`: three to four digits.
    public static func short(_ value: Double) -> String {
        guard value.isFinite, value != 0 else { return value == 0 ? "0" : "\(value)" }
        let size = abs(value)
        switch size {
        case 1e12...: return scientific(value)
        case 1e9...: return trimmed(value / 1e9, decimals: 1) + "G"
        case 1e6...: return trimmed(value / 1e6, decimals: 1) + "M"
        case 1e4...: return trimmed(value / 1e3, decimals: 1) + "k"
        case 1e-4...:
            let decimals = max(0, 3 - Int(log10(size).rounded(.down)))
            return trimmed(value, decimals: min(decimals, 6))
        default: return scientific(value)
        }
    }

    private static func scientific(_ value: Double) -> String {
        let power = Int(log10(abs(value)).rounded(.down))
        return "\(trimmed(value / pow(10, Double(power)), decimals: 1))e\(power)"
    }

    private static func trimmed(_ value: Double, decimals: Int) -> String {
        let text = Readable.fixed(value, decimals: decimals)
        guard text.contains(".") else { return text }
        let digits = text.reversed().drop { $0 == "0" }
        return String(digits.drop { $0 == "." }.reversed())
    }
}

extension AxisScale {
    /// Its numbers as elements of a page, at their places in percent.
    ///
    /// - Parameters:
    ///   - style: The class of the elements.
    ///   - side: The side that places are counted from, `left` or `bottom`.
    /// - Returns: HTML.
    public func labels(_ style: String, from side: String) -> String {
        ticks.map { tick in
            let place = place(of: tick.value)
            guard (-0.001...1.001).contains(place) else { return "" }
            return
                "<span class=\"\(style)\" style=\"\(side):\(Readable.fixed(100 * place, decimals: 2))%\">"
                + "\(Markup.escaped(tick.label))</span>"
        }
        .joined()
    }
}
