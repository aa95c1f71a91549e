import Crypto
import FoundationEssentials

/// The identity of a dataset: SHA-256 over all that decides the bytes of its shards, and no more.
///
/// Covered: the format's version, layout, halves, pixel policies, resize (with the resampler) and
/// the shards' limit; and each pair's split, key and file hashes, in order. Not covered: where the
/// files lie, the dataset's name, how splits were made, threads, `augment`, `train`.
package enum Fingerprint {
    /// The fingerprint of a dataset, in hexadecimal.
    package static func of(_ recipe: Recipe, pairs: [SourcePair]) -> String {
        var hash = SHA256()
        hash.update(data: Data(settings(recipe).utf8))
        for pair in pairs {
            hash.update(data: Data("\(pair.split.rawValue)\0\(pair.key)".utf8))
            for file in pair.files.all {
                hash.update(data: Data("\0\(file.sha256.hexadecimal)".utf8))
            }
            hash.update(data: Data("\n".utf8))
        }
        return Checksum.hexadecimal(hash.finalize())
    }

    /// The parts of a recipe that decide bytes, one per line.
    private static func settings(_ recipe: Recipe) -> String {
        var members = PixelPolicy.json(recipe.pixels)
        members["resize"] = recipe.resize.map(ResizePlan.json)
        members["maxBytes"] = recipe.shards.maxBytes.map(JSONValue.integer)
        members["layout"] = .string(recipe.source.layout.rawValue)
        if recipe.source.layout == .sideBySide {
            members["input"] = .string(recipe.source.input.rawValue)
        }
        let lines = members.sorted { $0.key < $1.key }.map { name, value in
            // Only texts, numbers and objects of them: always encodable.
            let text = (try? JSONText.canonical(value)).map { String(decoding: $0, as: UTF8.self) }
            return "\(name) \(text ?? "")\n"
        }
        return "p2p-shard \(ShardLayout.version)\n" + lines.joined()
    }
}
