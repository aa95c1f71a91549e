import Augment
import DatasetKit
import FoundationEssentials

/// What was drawn for which pairs, as JSON: printed by `preview --json`, done again by `--replay`.
struct PreviewRecord: Codable {
    /// The dataset's fingerprint.
    var dataset: String
    /// The split.
    var split: String
    /// The run's seed.
    var seed: UInt64
    /// The operations that were drawn from.
    var augment: [JSONValue]
    /// The draws.
    var draws: [Draw]

    /// What happens to one pair in one epoch.
    struct Draw: Codable {
        /// The pair's key.
        var key: String
        /// Its number in the split.
        var sample: Int
        /// The epoch.
        var epoch: Int
        /// What happens.
        var operations: PairTransform
    }

    /// Reads a record.
    ///
    /// - Throws: ``DatasetError`` with code `invalidRecipe` for another file, or the record of another
    ///   dataset.
    static func read(_ path: String, for dataset: DatasetIndex) throws -> PreviewRecord {
        let bytes = try FileSystem.contents(of: path)
        let record: PreviewRecord
        do {
            record = try JSONDecoder().decode(PreviewRecord.self, from: Data(bytes))
        } catch let error as DecodingError {
            throw DatasetError(
                .invalidRecipe,
                "expected what preview --json prints; \(reason(of: error))",
                path: path
            )
        }
        guard record.dataset == dataset.fingerprint else {
            throw DatasetError(
                .mismatch,
                "it was recorded for the dataset \(record.dataset), these shards are "
                    + "\(dataset.fingerprint)",
                path: path
            )
        }
        return record
    }

    private static func reason(of error: DecodingError) -> String {
        let context: DecodingError.Context
        switch error {
        case .typeMismatch(_, let found), .valueNotFound(_, let found), .keyNotFound(_, let found),
            .dataCorrupted(let found):
            context = found
        @unknown default: return "it cannot be read"
        }
        let place = context.codingPath.map { key in
            key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)"
        }
        let path = place.joined().drop { $0 == "." }
        return (path.isEmpty ? "" : "\(path): ") + context.debugDescription
    }
}
