import DatasetKit
import Glibc

/// A random search: so many trials, each with values drawn for some options.
///
/// A draw is a function of the sweep's seed, the trial's number and the option's place among the
/// others in alphabetical order: more trials leave those before as they are.
struct SweepSearch {
    /// What one option's values are drawn from.
    enum Field: Equatable {
        /// Uniform between both ends, or uniform in its logarithm.
        case range(ClosedRange<Double>, isLogarithmic: Bool, isWhole: Bool)
        /// One of a list.
        case choice([JSONValue])
    }

    /// How many significant digits a drawn number has: it can be read and said, and the last bits
    /// of a logarithm, which differ between machines, do not matter.
    static let digits = 3

    /// The cases `trial-01` and so on.
    let cases: [SweepCase]

    /// Reads the object `random`, and draws.
    ///
    /// - Throws: ``DatasetError`` with code `invalidRecipe`, naming the JSON path.
    init(_ reader: JSONObjectReader) throws(DatasetError) {
        var reader = reader
        guard let trials = try reader.integer("trials", in: 1...1000) else {
            throw reader.error("trials", "expected a whole number from 1 to 1000, found none")
        }
        let seed = try reader.integer("seed", in: 0...Int.max) ?? 0
        guard let value = reader.value("fields"), case .object(let members) = value,
            !members.isEmpty
        else { throw reader.error("fields", "expected an object with at least one option") }
        try reader.finish()
        var fields: [(name: String, field: Field)] = []
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            let path = "\(reader.path).fields"
            let field = try Self.field(value, name, file: reader.file, path)
            for example in field.examples {
                _ = try SweepCase.options(.object([name: example]), file: reader.file, path)
            }
            fields.append((name, field))
        }
        cases = SweepGrid.numbered("trial", count: trials).enumerated().map { trial, name in
            var train: [String: JSONValue] = [:]
            for (place, (option, field)) in fields.enumerated() {
                var generator = Philox(
                    seed: UInt64(seed),
                    stream: .search,
                    epoch: place,
                    sample: trial
                )
                train[option] = field.drawn(by: &generator)
            }
            return SweepCase(name: name, train: train)
        }
    }

    private static func field(
        _ value: JSONValue,
        _ name: String,
        file: String,
        _ path: String
    ) throws(DatasetError) -> Field {
        if case .array(let values) = value {
            guard !values.isEmpty else {
                throw DatasetError(
                    .invalidRecipe,
                    "\(path).\(name): expected at least one value",
                    path: file
                )
            }
            return .choice(values)
        }
        var reader = try JSONObjectReader(value, file: file, path: "\(path).\(name)")
        let numbers = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
        guard let low = try reader.number("from", in: numbers),
            let high = try reader.number("to", in: numbers), low < high
        else {
            throw reader.error(
                "from",
                "expected numbers \"from\" and \"to\", \"to\" the larger one"
            )
        }
        let scale = try reader.choice("scale", as: Scale.self) ?? .linear
        let isWhole = try reader.flag("whole") ?? false
        try reader.finish()
        if scale == .log, low <= 0 {
            throw reader.error("from", "expected a number above 0 for the scale log, found \(low)")
        }
        if isWhole, low.rounded() != low || high.rounded() != high || abs(low) > 1e9 || high > 1e9 {
            throw reader.error("whole", "expected whole numbers \"from\" and \"to\" up to 1e9")
        }
        return .range(low...high, isLogarithmic: scale == .log, isWhole: isWhole)
    }

    /// In what draws are uniform.
    enum Scale: String, CaseIterable {
        case linear, log
    }
}

extension SweepSearch.Field {
    /// Values that must all be allowed: of a range its ends.
    var examples: [JSONValue] {
        switch self {
        case .range(let range, _, let isWhole):
            [range.lowerBound, range.upperBound].map { isWhole ? .integer(Int($0)) : .number($0) }
        case .choice(let values): values
        }
    }

    /// Draws a value.
    func drawn(by generator: inout Philox) -> JSONValue {
        switch self {
        case .choice(let values): return values[generator.nextInt(below: values.count)]
        case .range(let range, let isLogarithmic, let isWhole):
            // Whole numbers: each has an equal share, those at the ends too.
            let room = isWhole ? 0.5 : 0
            let (low, high) = (range.lowerBound - room, range.upperBound + room)
            let unit = generator.nextUnit()
            let value =
                isLogarithmic ? low * pow(high / low, unit) : low + (high - low) * unit
            let inside = { min(max($0, range.lowerBound), range.upperBound) }
            return isWhole
                ? .integer(Int(inside(value.rounded())))
                : .number(inside(Self.rounded(value, digits: SweepSearch.digits)))
        }
    }

    /// The number with so many significant digits.
    static func rounded(_ value: Double, digits: Int) -> Double {
        guard value != 0, value.isFinite else { return value }
        let power = Int(log10(abs(value)).rounded(.down)) - digits + 1
        let mantissa = Int((value / pow(10, Double(power))).rounded())
        // Through its text, which is the number that is nearest to these digits.
        return Double("\(mantissa)e\(power)") ?? value
    }
}
