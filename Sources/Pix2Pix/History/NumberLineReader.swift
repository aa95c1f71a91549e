import FoundationEssentials

/// Reads lines that are flat JSON objects of numbers, as most of `metrics.jsonl` are.
///
/// Lines of one kind have the same names in the same order, so that a name is compared with the one
/// that is expected, and neither text nor dictionary is made for a line.
struct NumberLineReader: Sendable {
    /// A value in a line.
    struct Field: Sendable {
        /// Its name's place in ``NumberLineReader/names``.
        var name: Int
        var value: Double
    }

    /// All names that are known: the expected ones, then the others in the order in which they came.
    private(set) var names: [String]
    /// The values of the last line.
    private(set) var fields: [Field] = []
    private var keys: [[UInt8]]
    /// The numbers of the names in a line, from the left, as they were the last time.
    private var order: [Int] = []

    /// A reader that gives the first numbers to names that are expected.
    init(expecting names: [String]) {
        self.names = names
        keys = names.map { Array($0.utf8) }
    }

    /// The values of the last line by their names.
    var values: [String: Double] {
        Dictionary(fields.map { (names[$0.name], $0.value) }, uniquingKeysWith: { $1 })
    }

    /// A value of the last line, by the number of its name.
    func value(of name: Int) -> Double? {
        for field in fields where field.name == name { return field.value }
        return nil
    }

    /// Reads a line.
    ///
    /// - Returns: Whether it is an object of finite numbers, with plain names. Otherwise it is for a
    ///   JSON decoder to judge.
    mutating func read(_ line: Span<UInt8>) -> Bool {
        fields.removeAll(keepingCapacity: true)
        var cursor = Cursor()
        guard cursor.take(UInt8(ascii: "{"), in: line) else { return false }
        repeat {
            guard let key = cursor.name(in: line) else { return false }
            guard cursor.take(UInt8(ascii: ":"), in: line), let value = cursor.number(in: line)
            else { return false }
            fields.append(Field(name: number(of: key, in: line), value: value))
        } while cursor.take(UInt8(ascii: ","), in: line)
        return cursor.take(UInt8(ascii: "}"), in: line) && cursor.isAtEnd(of: line)
    }

    /// The number of a name, which is a new one if it has not been read before.
    private mutating func number(of key: Range<Int>, in line: Span<UInt8>) -> Int {
        let place = fields.count
        if place < order.count, isEqual(key, in: line, to: order[place]) { return order[place] }
        var number = 0
        while number < keys.count, !isEqual(key, in: line, to: number) { number += 1 }
        if number == keys.count {
            let bytes = key.map { line[$0] }
            keys.append(bytes)
            names.append(String(decoding: bytes, as: UTF8.self))
        }
        if place < order.count { order[place] = number } else { order.append(number) }
        return number
    }

    private func isEqual(_ key: Range<Int>, in line: Span<UInt8>, to number: Int) -> Bool {
        guard keys[number].count == key.count else { return false }
        var place = key.lowerBound
        for byte in keys[number] {
            if line[place] != byte { return false }
            place += 1
        }
        return true
    }
}

/// A place in a line.
private struct Cursor {
    private var place = 0

    /// Whether nothing but space follows.
    mutating func isAtEnd(of line: Span<UInt8>) -> Bool {
        skipSpace(in: line)
        return place == line.count
    }

    /// Takes a byte, if it is the next but for space.
    mutating func take(_ byte: UInt8, in line: Span<UInt8>) -> Bool {
        skipSpace(in: line)
        guard place < line.count, line[place] == byte else { return false }
        place += 1
        return true
    }

    /// Takes a name in quotes without escapes.
    mutating func name(in line: Span<UInt8>) -> Range<Int>? {
        guard take(UInt8(ascii: "\""), in: line) else { return nil }
        let start = place
        while place < line.count, line[place] != UInt8(ascii: "\"") {
            if line[place] == UInt8(ascii: "\\") || line[place] < 0x20 { return nil }
            place += 1
        }
        guard place < line.count else { return nil }
        place += 1
        return start..<place - 1
    }

    /// Takes a number.
    mutating func number(in line: Span<UInt8>) -> Double? {
        skipSpace(in: line)
        let start = place
        let isNegative = take(UInt8(ascii: "-"), in: line)
        var mantissa: UInt64 = 0
        var digits = 0
        var exponent = 0
        var isInFraction = false
        while place < line.count {
            let byte = line[place]
            if byte == UInt8(ascii: "."), !isInFraction, digits > 0 {
                isInFraction = true
            } else if let digit = Self.digit(byte) {
                digits += 1
                mantissa = mantissa &* 10 &+ digit
                if isInFraction { exponent -= 1 }
            } else {
                break
            }
            place += 1
        }
        guard digits > 0 else { return nil }
        if place < line.count, line[place] | 0x20 == UInt8(ascii: "e") {
            guard let power = power(in: line) else { return nil }
            exponent += power
        }
        // Both parts are exact, and the one rounding of the quotient is the right one (Clinger 1990).
        if digits <= 19, mantissa <= 1 << 53, -22...0 ~= exponent {
            let value = Double(mantissa) / Self.powers[-exponent]
            return isNegative ? -value : value
        }
        let text = String(decoding: (start..<place).map { line[$0] }, as: UTF8.self)
        return Double(text).flatMap { $0.isFinite ? $0 : nil }
    }

    /// Takes the power of ten that follows an `e`.
    private mutating func power(in line: Span<UInt8>) -> Int? {
        place += 1
        var sign = 1
        if take(UInt8(ascii: "-"), in: line) {
            sign = -1
        } else {
            _ = take(UInt8(ascii: "+"), in: line)
        }
        var power = 0
        var digits = 0
        while place < line.count, let digit = Self.digit(line[place]), digits < 5 {
            power = power * 10 + Int(digit)
            digits += 1
            place += 1
        }
        return digits > 0 ? sign * power : nil
    }

    private mutating func skipSpace(in line: Span<UInt8>) {
        while place < line.count, line[place] == UInt8(ascii: " ") { place += 1 }
    }

    private static func digit(_ byte: UInt8) -> UInt64? {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            ? UInt64(byte - UInt8(ascii: "0")) : nil
    }

    /// The powers of ten that a double holds exactly.
    private static let powers: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]
}
