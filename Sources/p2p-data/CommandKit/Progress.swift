import Synchronization

/// One line that says how far a piece of work is: redrawn on a terminal, now and then a plain line
/// elsewhere.
public final class ProgressLine: Sendable {
    private let last: Mutex<ContinuousClock.Instant?>
    private let interval: Duration

    /// Starts a line: at most ten redraws a second on a terminal, else one line in ten seconds.
    public init() {
        interval = Console.isTerminal ? .milliseconds(100) : .seconds(10)
        // Elsewhere than on a terminal, short work needs no line at all.
        last = Mutex(Console.isTerminal ? nil : .now)
    }

    /// Shows a text, unless the line was drawn a moment ago.
    public func update(_ text: () -> String) {
        let isDue = last.withLock { last in
            let now = ContinuousClock.now
            guard last.map({ now - $0 >= interval }) ?? true else { return false }
            last = now
            return true
        }
        guard isDue else { return }
        if Console.isTerminal { Console.setLiveLine(text()) } else { Console.message(text()) }
    }

    /// Removes the line.
    public func end() {
        if Console.isTerminal { Console.setLiveLine(nil) }
    }
}

/// Progress of a counted piece of work, with rate and time left.
public final class CountProgress: Sendable {
    private let line = ProgressLine()
    private let phase = Mutex<Phase?>(nil)
    private let unit: String

    /// A piece of the work, with a rate of its own.
    private struct Phase {
        var label: String
        var start: ContinuousClock.Instant
        /// What was done before: by an interrupted run, say.
        var before: Int
    }

    /// Starts counting.
    ///
    /// - Parameter unit: What is counted, such as `pairs`.
    public init(unit: String) {
        self.unit = unit
    }

    /// Shows how far the work is; rate and time left are those of the part with this label.
    public func update(_ label: String, done: Int, of total: Int) {
        let phase = phase.withLock { phase in
            if let phase, phase.label == label { return phase }
            let new = Phase(label: label, start: .now, before: done)
            phase = new
            return new
        }
        line.update {
            let seconds = (ContinuousClock.now - phase.start).inSeconds
            let count = "\(label) \(done)/\(total) \(unit)"
            // The first moment tells no rate.
            guard seconds > 0.2, done > phase.before else { return count }
            let rate = Double(done - phase.before) / seconds
            let left = Double(total - done) / rate
            return "\(count), \(Int(rate.rounded()))/s, \(Readable.duration(seconds: left)) left"
        }
    }

    /// Removes the line.
    public func end() { line.end() }
}

extension Duration {
    /// The duration in seconds.
    public var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
