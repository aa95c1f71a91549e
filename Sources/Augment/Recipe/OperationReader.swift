import DatasetKit

/// Reads the parameters of one operation.
public struct OperationReader {
    private var object: JSONObjectReader
    /// Whether the operation is in a group that decides whether it happens.
    let isInGroup: Bool

    init(_ value: JSONValue, file: String, path: String, isInGroup: Bool) throws(DatasetError) {
        object = try JSONObjectReader(value, file: file, path: path)
        self.isInGroup = isInGroup
    }

    var file: String { object.file }
    var path: String { object.path }

    /// A number or a range.
    enum Meaning {
        /// A number is the value itself.
        case value
        /// A number v is the range from −v to v, as torchvision has it for angles.
        case around0
        /// A number v is the range from 1 − v, at least 0, to 1 + v, as torchvision has it for factors.
        case around1
    }

    /// A parameter that is drawn: `0.5` or `[0.2, 0.8]`.
    ///
    /// - Parameters:
    ///   - key: Its name.
    ///   - limits: What both ends must lie in.
    ///   - meaning: What a number stands for.
    /// - Returns: The range, or `nil` where the recipe says nothing.
    /// - Throws: ``DatasetError`` naming the JSON path and what is allowed.
    mutating func range(
        _ key: String,
        in limits: ClosedRange<Double>,
        _ meaning: Meaning = .value
    ) throws(DatasetError) -> ClosedRange<Double>? {
        guard let value = object.value(key) else { return nil }
        let numbers: [Double?] =
            switch value {
            case .array(let items): items.map(Self.number)
            default: [Self.number(value)]
            }
        let found = numbers.compactMap { $0 }
        if found.count == numbers.count, found.count == 2, found[0] <= found[1],
            limits.contains(found[0]), limits.contains(found[1])
        {
            return found[0]...found[1]
        }
        if case .array = value {
            throw object.error(
                key,
                "expected two numbers from \(Self.text(limits)), the lower first, found \(Self.text(value))"
            )
        }
        let half = meaning == .value ? limits : 0...limits.upperBound
        guard let number = found.first, half.contains(number) else {
            throw object.error(
                key,
                "expected a number from \(Self.text(half)) or a range such as "
                    + "[\(limits.lowerBound), \(limits.upperBound)], found \(Self.text(value))"
            )
        }
        switch meaning {
        case .value: return number...number
        case .around0: return -number...number
        case .around1: return max(0, 1 - number)...1 + number
        }
    }

    /// A number of a range.
    mutating func number(
        _ key: String,
        in limits: ClosedRange<Double>
    ) throws(DatasetError) -> Double? {
        try object.number(key, in: limits)
    }

    /// A whole number.
    mutating func integer(
        _ key: String,
        in limits: ClosedRange<Int>
    ) throws(DatasetError) -> Int? {
        try object.integer(key, in: limits)
    }

    /// A whole number that must be there.
    mutating func requiredInteger(
        _ key: String,
        in limits: ClosedRange<Int>
    ) throws(DatasetError) -> Int {
        guard let value = try object.integer(key, in: limits) else {
            throw object.error(key, "expected a whole number of pixels")
        }
        return value
    }

    /// One of some words.
    mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: String,
        as type: Choice.Type
    ) throws(DatasetError) -> Choice? where Choice.RawValue == String {
        try object.choice(key, as: type)
    }

    /// Any member.
    mutating func value(_ key: String) -> JSONValue? { object.value(key) }

    /// A text.
    mutating func string(_ key: String) throws(DatasetError) -> String? { try object.string(key) }

    /// A list.
    mutating func array(_ key: String) throws(DatasetError) -> [JSONValue]? {
        try object.array(key)
    }

    /// Some levels from 0 to 1: one for all channels, or one for each.
    mutating func levels(_ key: String) throws(DatasetError) -> [Float]? {
        guard let value = object.value(key) else { return nil }
        let items: [JSONValue] = if case .array(let items) = value { items } else { [value] }
        let levels = items.compactMap(Self.number).filter { (0...1).contains($0) }
        guard !levels.isEmpty, levels.count == items.count else {
            throw object.error(
                key,
                "expected a level from 0 to 1, or a list with one for each channel, found "
                    + Self.text(value)
            )
        }
        return levels.map { Float($0) }
    }

    /// Refuses what nobody asked for.
    mutating func finish() throws(DatasetError) { try object.finish() }

    /// An error about one parameter.
    func error(_ key: String, _ message: String) -> DatasetError { object.error(key, message) }

    static func number(_ value: JSONValue) -> Double? {
        switch value {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: nil
        }
    }

    private static func text(_ limits: ClosedRange<Double>) -> String {
        "\(limits.lowerBound) to \(limits.upperBound)"
    }

    private static func text(_ value: JSONValue) -> String {
        guard case .array(let items) = value else { return value.summary }
        return "[\(items.map(\.summary).joined(separator: ", "))]"
    }
}
