import DatasetKit

/// A grid: every combination of the values of some options.
struct SweepGrid {
    /// The cases, named after their values; the last option in alphabetical order changes first.
    let cases: [SweepCase]

    /// Reads the object `grid`.
    ///
    /// - Throws: ``DatasetError`` with code `invalidRecipe`, naming the JSON path.
    init(_ value: JSONValue, file: String) throws(DatasetError) {
        let reader = try JSONObjectReader(value, file: file, path: "grid")
        guard case .object(let fields) = value, !fields.isEmpty else {
            throw DatasetError(.invalidRecipe, "grid: expected at least one option", path: file)
        }
        var combinations: [[String: JSONValue]] = [[:]]
        for (name, list) in fields.sorted(by: { $0.key < $1.key }) {
            guard case .array(let values) = list, !values.isEmpty else {
                throw reader.error(name, expected: "a list of values", found: list)
            }
            for (place, value) in values.enumerated() {
                _ = try SweepCase.options(.object([name: value]), file: file, "grid")
                if values[..<place].contains(value) {
                    throw reader.error(name, "expected each value once, found \(value.text) twice")
                }
            }
            guard combinations.count * values.count <= Sweep.maximumRuns else {
                throw DatasetError(
                    .invalidRecipe,
                    "grid: expected at most \(Sweep.maximumRuns) combinations, found more",
                    path: file
                )
            }
            combinations = combinations.flatMap { combination in
                values.map { combination.merging([name: $0]) { $1 } }
            }
        }
        let names = Self.names(of: combinations)
        cases = zip(names, combinations).map { SweepCase(name: $0, train: $1) }
    }

    /// Such as `lambdaL1=10,lr=0.0002`; numbers where that would be too long, or not tell them apart.
    private static func names(of combinations: [[String: JSONValue]]) -> [String] {
        let names = combinations.map { combination in
            combination.sorted { $0.key < $1.key }
                .map { "\($0.key)=\(plain($0.value.text))" }.joined(separator: ",")
        }
        guard Set(names).count == names.count, names.allSatisfy(SweepCase.isUsable) else {
            return numbered("case", count: combinations.count)
        }
        return names
    }

    /// The text with nothing in it that a shell would take for something else.
    private static func plain(_ text: String) -> String {
        let kept = text.map { character in
            character.isASCII
                && (character.isLetter || character.isNumber || "+-._".contains(character))
                ? character : "-"
        }
        return String(kept)
    }

    /// `trial-01`, `trial-02` and so on.
    static func numbered(_ word: String, count: Int) -> [String] {
        let width = max(2, "\(count)".count)
        return (1...count).map { number in
            let digits = "\(number)"
            return "\(word)-" + String(repeating: "0", count: width - digits.count) + digits
        }
    }
}
