/// The losses of any number of steps in a few hundred points: means over equal windows.
///
/// Where there are too many windows, two and two become one, so that their number stays between half
/// the limit and the limit.
public struct StepWindows: Sendable {
    /// The mean of a window.
    public struct Point: Equatable, Sendable {
        /// The middle of its steps, counted from the run's start.
        public var step: Double
        /// The mean losses, in the order of ``StepWindows/names``; `nil` for one that no step had.
        public var values: [Double?]
    }

    /// The most windows that are kept.
    static let limit = 400

    /// The names of the losses, sorted.
    public var names: [String] { order.map { lossNames[$0] } }
    /// Steps of a window; the last one may have fewer.
    public private(set) var stepsPerWindow = 1
    /// How many steps have been added.
    public private(set) var count = 0

    /// Sums over the steps of a window.
    private struct Window {
        var steps = 0
        var stepSum = 0.0
        var sums: [Double] = []
        var counts: [Int] = []

        mutating func add(_ other: Window) {
            steps += other.steps
            stepSum += other.stepSum
            widen(to: other.sums.count)
            for place in other.sums.indices {
                sums[place] += other.sums[place]
                counts[place] += other.counts[place]
            }
        }

        mutating func widen(to width: Int) {
            guard sums.count < width else { return }
            sums += [Double](repeating: 0, count: width - sums.count)
            counts += [Int](repeating: 0, count: width - counts.count)
        }
    }

    private var windows: [Window] = []
    /// The losses in the order in which they came.
    private var lossNames: [String] = []
    /// The place in ``lossNames`` of each field of a line; -1 for what is no loss.
    private var places: [Int] = []
    private var stepField = -1

    init() {}

    /// The means, in order.
    public var points: [Point] {
        let order = order
        return windows.map { window in
            Point(
                step: window.stepSum / Double(window.steps),
                values: order.map { place in
                    guard place < window.sums.count, window.counts[place] > 0 else { return nil }
                    return window.sums[place] / Double(window.counts[place])
                }
            )
        }
    }

    private var order: [Int] {
        lossNames.indices.sorted { lossNames[$0] < lossNames[$1] }
    }

    /// Adds the line of a step.
    ///
    /// - Parameters:
    ///   - fields: Its values, each with the number of its name.
    ///   - names: All names there are so far: they keep their numbers.
    mutating func add(_ fields: [NumberLineReader.Field], names: [String]) {
        for number in places.count..<names.count { learn(names[number]) }
        if windows.last.map({ $0.steps == stepsPerWindow }) ?? true {
            if windows.count == Self.limit { merge() }
            windows.append(Window())
        }
        let last = windows.count - 1
        windows[last].widen(to: lossNames.count)
        windows[last].steps += 1
        count += 1
        for field in fields {
            let place = places[field.name]
            if place >= 0 {
                windows[last].sums[place] += field.value
                windows[last].counts[place] += 1
            } else if field.name == stepField {
                windows[last].stepSum += field.value
            }
        }
    }

    private mutating func learn(_ name: String) {
        switch name {
        case "epoch", "lr": places.append(-1)
        case "step":
            stepField = places.count
            places.append(-1)
        default:
            places.append(lossNames.count)
            lossNames.append(name)
        }
    }

    private mutating func merge() {
        windows = stride(from: 0, to: windows.count, by: 2).map { first in
            var window = windows[first]
            if first + 1 < windows.count { window.add(windows[first + 1]) }
            return window
        }
        stepsPerWindow *= 2
    }
}
