import DatasetKit
import FoundationEssentials

/// What stands in `config.json`: everything that is needed to know what a run was.
public struct RunConfiguration: Codable {
    /// The dataset trained on.
    struct Source: Codable {
        /// Its folder, from the root.
        var folder: String
        var name: String
        var fingerprint: String
        var pairs: [String: Int]
    }

    /// The dataset's folder, from the root.
    public var datasetFolder: String { dataset.folder }

    /// How many numbers each network learns.
    struct Parameters: Codable {
        var generator: Int
        var discriminator: Int
    }

    var settings: TrainingSettings
    var dataset: Source
    /// The recipe whose augmentation is used, every default written out.
    var recipe: JSONValue
    var parameters: Parameters
    var software: [String: String]
    var hardware: [String: String]
    /// Where the weights are from, if not from chance.
    var initialWeights: InitialWeights.Report?

    init(
        settings: TrainingSettings,
        dataset: Dataset,
        recipe: Recipe,
        model: Pix2PixModel,
        initialWeights: InitialWeights.Report?
    ) {
        self.settings = settings
        self.dataset = Source(dataset)
        self.recipe = recipe.json
        parameters = Parameters(
            generator: model.generator.parameterCount,
            discriminator: model.discriminator?.parameterCount ?? 0
        )
        software = ["p2p": Version.current, "libtorch": Torch.version]
        hardware = Hardware.described(device: settings.device)
        self.initialWeights = initialWeights
    }
}

extension RunConfiguration.Source {
    init(_ dataset: Dataset) {
        folder = FileSystem.absolute(dataset.folder)
        name = dataset.index.name
        fingerprint = dataset.index.fingerprint
        pairs = Dictionary(
            uniqueKeysWithValues: dataset.index.splits.map { ($0.key.rawValue, $0.value.samples) }
        )
    }

    /// What is different in another dataset, for messages.
    func differences(in other: Self) -> [String] {
        var differences: [String] = []
        if name != other.name { differences.append("name \(name), now \(other.name)") }
        for split in Set(pairs.keys).union(other.pairs.keys).sorted() {
            let (before, now) = (pairs[split] ?? 0, other.pairs[split] ?? 0)
            if before != now { differences.append("\(before) \(split) pairs, now \(now)") }
        }
        if fingerprint != other.fingerprint {
            differences.append(
                "fingerprint \(fingerprint.prefix(12)), now \(other.fingerprint.prefix(12))"
            )
        }
        return differences
    }
}
