import DatasetKit

/// What became of weights from elsewhere.
public struct ImportReport: Codable, Equatable, Sendable {
    /// The file.
    public var file: String
    /// How it is laid out.
    public var format: WeightsFile.Format
    /// Its SHA-256 in hexadecimal.
    public var sha256: String
    /// The keys that lead to the weights in it, with dots between.
    public var key: String?
    /// What stood before the reference's names.
    public var prefix: String?
    /// What the generator is: name, filters, channels, norm.
    public var architecture: String
    /// The number of learned numbers.
    public var parameters: Int
    /// How the file's U-Net joins features.
    public var skipOrder: SkipOrder
    /// The tensors taken over.
    public var matched: Int
    /// How many of them were converted, by the type that they had.
    public var converted: [String: Int]
    /// The generator's that the file lacks: counters of batches, which no computation uses.
    public var missing: [String]
    /// The file's that are not of the generator: left out.
    public var unexpected: [String]

    /// The report as people read it.
    public var lines: [String] {
        var lines = [
            "\(architecture): \(parameters) parameters",
            "\(matched) tensors of \(format.rawValue)"
                + (key.map { ", key \($0.forMessages)" } ?? "")
                + (prefix.map { ", names after \($0)" } ?? ""),
        ]
        for (type, count) in converted.sorted(by: { $0.key < $1.key }) {
            lines.append("converted: \(count) of type \(type)")
        }
        if skipOrder == .upsampledFirst {
            lines.append("skip connections: the halves of the doubling layers' inputs exchanged")
        }
        for (words, names) in [
            ("missing, set to 0", missing), ("not of the generator, left out", unexpected),
        ] where !names.isEmpty {
            let shown = names.prefix(4).map(\.forMessages).joined(separator: ", ")
            let more = names.count > 4 ? " and \(names.count - 4) more" : ""
            lines.append("\(words): \(shown)\(more)")
        }
        return lines + ["SHA-256 \(sha256)"]
    }
}
