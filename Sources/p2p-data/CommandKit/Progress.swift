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

/// Numbers as people read them.
public enum Readable {
    /// Such as `12s`, `3:07` or `1:02:33`.
    public static func duration(seconds: Double) -> String {
        let total = Int(seconds.rounded())
        guard total >= 60 else { return "\(total)s" }
        func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let minutes = total / 60
        guard minutes >= 60 else { return "\(minutes):\(twoDigits(total % 60))" }
        return "\(minutes / 60):\(twoDigits(minutes % 60)):\(twoDigits(total % 60))"
    }

    /// Such as `812 B`, `64.0 MB` or `1.2 GB` (powers of 1000).
    public static func bytes(_ count: Int) -> String {
        guard count >= 1000 else { return "\(count) B" }
        var value = Double(count)
        var unit = ""
        for next in ["kB", "MB", "GB", "TB"] where value >= 999.95 {
            value /= 1000
            unit = next
        }
        return "\(fixed(value, decimals: 1)) \(unit)"
    }

    /// A number with so many decimals.
    public static func fixed(_ value: Double, decimals: Int) -> String {
        guard value.isFinite else { return "\(value)" }
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        let scaled = (abs(value) * scale).rounded()
        guard scaled < 1e15 else { return "\(value)" }
        let digits = String(Int(scaled))
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard decimals > 0 else { return sign + padded }
        return "\(sign)\(padded.dropLast(decimals)).\(padded.suffix(decimals))"
    }
}
