import ArgumentParser
import CommandKit
import DatasetKit

/// `p2p-data info`: what is in a dataset.
struct InfoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info",
        abstract: "Say what is in a dataset, from its index: at once, however large it is.",
        discussion: "p2p-data verify looks at the bytes themselves."
    )

    @OptionGroup var dataset: ShardsOption

    @Flag(help: "Write JSON.")
    var json = false

    func run() throws {
        try reportingErrors {
            let info = try DatasetInfo(Dataset(folder: dataset.shards))
            if json {
                let text = String(decoding: try JSONText.pretty(info), as: UTF8.self)
                Console.result(String(text.dropLast()))
            } else {
                Console.result(info.text)
            }
        }
    }
}

/// What there is to say about a dataset; its properties are the keys of the JSON.
struct DatasetInfo: Encodable {
    /// One split.
    struct Split: Encodable {
        var pairs: Int
        var shards: Int
        var bytes: Int
        /// The names of the first few pairs.
        var firstKeys: [String]
    }

    var folder: String
    var name: String
    var format: String
    var version: Int
    var fingerprint: String
    var pairs: Int
    var shards: Int
    var bytes: Int
    var splits: [DatasetSplit: Split]
    var input: DatasetIndex.Side
    var target: DatasetIndex.Side
    var counts: DatasetIndex.Counts
    var software: [String: String]
    /// The recipe that the dataset was built from, every default written out.
    var recipe: JSONValue

    /// How many names of each split are listed.
    private static let listedKeys = 3

    /// Looks at a dataset: at its index, and at the names in the first shard of each split.
    ///
    /// - Throws: ``DatasetError`` naming the shard.
    init(_ dataset: Dataset) throws(DatasetError) {
        let index = dataset.index
        folder = dataset.folder
        name = index.name
        format = index.format
        version = index.version
        fingerprint = index.fingerprint
        splits = [:]
        for name in dataset.splits {
            guard let reader = dataset.split(name), let split = index.splits[name] else { continue }
            var keys: [String] = []
            for number in 0..<min(Self.listedKeys, reader.count) {
                keys.append(try reader.key(at: number))
            }
            splits[name] = Split(
                pairs: split.samples,
                shards: split.shards.count,
                bytes: split.shards.reduce(0) { $0 + $1.bytes },
                firstKeys: keys
            )
        }
        pairs = splits.values.reduce(0) { $0 + $1.pairs }
        shards = splits.values.reduce(0) { $0 + $1.shards }
        bytes = splits.values.reduce(0) { $0 + $1.bytes }
        input = index.input
        target = index.target
        counts = index.counts
        software = index.software
        recipe = index.recipe
    }

    /// All of it for people: a name and a value a line.
    var text: String {
        var lines = [
            ("name", name), ("folder", folder),
            ("pairs", "\(pairs) in \(shards) shards, \(Readable.bytes(bytes))"),
        ]
        for name in DatasetSplit.allCases {
            guard let split = splits[name] else { continue }
            let more = split.pairs > split.firstKeys.count ? ", …" : ""
            lines.append(
                (
                    "  \(name.rawValue)",
                    "\(split.pairs) in \(split.shards) shards, \(Readable.bytes(split.bytes)): "
                        + split.firstKeys.joined(separator: ", ") + more
                )
            )
        }
        lines += [
            ("input", Self.text(input)), ("target", Self.text(target)),
            ("source", Self.text(member("source"))), ("resize", Self.text(member("resize"))),
            ("conversions", Self.text(counts.conversions)),
            ("rejected", Self.text(counts.rejected)), ("ignored", "\(counts.ignored) files"),
            ("software", Self.text(software)), ("fingerprint", fingerprint),
            ("format", "\(format) \(version)"),
        ]
        let width = lines.reduce(0) { max($0, $1.0.count) }
        return lines.map { name, value in
            name + String(repeating: " ", count: width - name.count + 2) + value
        }.joined(separator: "\n")
    }

    private func member(_ name: String) -> JSONValue {
        guard case .object(let members) = recipe else { return .null }
        return members[name] ?? .null
    }

    private static func text(_ side: DatasetIndex.Side) -> String {
        "\(side.size), \(side.channels) channels, \(side.dtype.rawValue)"
    }

    private static func text(_ values: [String: some CustomStringConvertible]) -> String {
        guard !values.isEmpty else { return "none" }
        return values.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            .joined(separator: ", ")
    }

    /// A part of the recipe on one line, such as `input right, path ../datasets/facades`.
    private static func text(_ value: JSONValue) -> String {
        switch value {
        case .null: "none"
        case .bool(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .string(let value): value
        case .array(let values): values.map { text($0) }.joined(separator: " ")
        case .object(let members):
            members.sorted { $0.key < $1.key }.map { "\($0.key) \(text($0.value))" }
                .joined(separator: ", ")
        }
    }
}
