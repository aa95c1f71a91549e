/// Numbers as people read them.
public enum Readable {
    /// A number of things, such as `1 case` or `3 cases`.
    public static func count(_ number: Int, _ word: String) -> String {
        "\(number) \(word)\(number == 1 ? "" : "s")"
    }

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
