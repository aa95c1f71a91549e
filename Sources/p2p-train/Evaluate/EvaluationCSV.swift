import DatasetKit
import Pix2Pix

/// A row for each pair: its key and what was measured; of two models A and B, with their letters.
///
/// As RFC 4180 has it, but for the ends of lines, which are those of this system.
struct EvaluationCSV {
    private let result: EvaluationResult

    init(_ result: EvaluationResult) {
        self.result = result
    }

    /// The table with its head.
    var text: String {
        let measures = result.measures
        let letters = result.models.count == 1 ? [""] : result.letters.map { "_\($0)" }
        let head = measures.flatMap { measure in letters.map { measure.rawValue + $0 } }
        let rows = result.pairs.map { pair in
            let values = measures.flatMap { measure in
                pair.values.map { $0[measure].map { "\($0)" } ?? "" }
            }
            return [Self.quoted(pair.key)] + values
        }
        return ([["key"] + head] + rows).map { $0.joined(separator: ",") + "\n" }.joined()
    }

    private static func quoted(_ text: String) -> String {
        guard text.utf8.contains(where: { ",\"\r\n".utf8.contains($0) }) else { return text }
        return "\"\(text.replacing("\"", with: "\"\""))\""
    }
}

extension EvaluationResult {
    /// What the models are called where there are two.
    var letters: [String] { ["A", "B"].prefix(models.count).map(\.self) }
}

extension EvaluationResult.Model {
    /// How it was used, in a few words.
    var manner: String {
        let statistics = use.norm == .batch ? "each image's statistics" : "running statistics"
        let dropout = use.dropout ? "dropout of seed \(use.seed)" : "no dropout"
        return "\(weights.rawValue) weights, \(statistics), \(dropout)"
    }

    /// The figures over all images that are no means of them.
    var totals: [(name: String, value: Double)] {
        let totals = [
            ("FID", fid?.value), ("pixel accuracy", labels?.pixelAccuracy),
            ("class accuracy", labels?.classAccuracy), ("mean IoU", labels?.meanIoU),
        ]
        return totals.compactMap { name, value in value.map { (name, $0) } }
    }
}
