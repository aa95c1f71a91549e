import Crypto
import FoundationEssentials

/// The identity of a dataset: SHA-256 over all that decides the bytes of its shards, and no more.
///
/// Covered: the format's version, layout, halves, colour policy, resize (with the resampler) and
/// the shards' limit; and each pair's split, key and file hash, in order. Not covered: where the
/// files lie, the dataset's name, threads, `augment`, `train`.
package enum Fingerprint {
    /// The fingerprint of a dataset, in hexadecimal.
    package static func of(_ recipe: Recipe, pairs: [SourcePair]) -> String {
        var settings: [String] = [
            "p2p-shard \(ShardLayout.version)",
            "layout \(recipe.source.layout.rawValue)",
            "input \(recipe.source.input.rawValue)",
            "color \(recipe.color.rawValue)",
            "maxBytes \(recipe.shards.maxBytes)",
        ]
        if let resize = recipe.resize {
            settings.append(
                "resize \(resize.size) \(resize.filter.rawValue) \(resize.resampler.rawValue)"
            )
        }
        var hash = SHA256()
        hash.update(data: Data((settings.joined(separator: "\n") + "\n").utf8))
        for pair in pairs {
            hash.update(data: Data("\(pair.split.rawValue)\0\(pair.key)\0\(pair.sha256)\n".utf8))
        }
        return Checksum.hexadecimal(hash.finalize())
    }
}
