/// Numbers to choose test cases by: the same every time, and of no quality.
public struct SmallRandom {
    private var state: UInt32

    /// Begins a series.
    public init(state: UInt32) {
        self.state = state
    }

    /// A number from 0 up to, but not including, `limit`.
    public mutating func below(_ limit: Int) -> Int {
        state = state &* 1_664_525 &+ 1_013_904_223
        return Int(state >> 8) % limit
    }
}
