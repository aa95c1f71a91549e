import DatasetKit

/// What stands in `config.json`: everything that is needed to know what a run was.
struct RunConfiguration: Encodable {
    /// The dataset trained on.
    struct Source: Encodable {
        var name: String
        var fingerprint: String
        var pairs: [String: Int]
    }

    /// How many numbers each network learns.
    struct Parameters: Encodable {
        var generator: Int
        var discriminator: Int
    }

    var settings: TrainingSettings
    var dataset: Source
    /// The recipe whose augmentation is used, every default written out.
    var recipe: JSONValue
    var parameters: Parameters
    var software: [String: String]

    init(
        settings: TrainingSettings,
        dataset: DatasetIndex,
        recipe: Recipe,
        model: Pix2PixModel
    ) {
        self.settings = settings
        self.dataset = Source(
            name: dataset.name,
            fingerprint: dataset.fingerprint,
            pairs: Dictionary(
                uniqueKeysWithValues: dataset.splits.map { ($0.key.rawValue, $0.value.samples) }
            )
        )
        self.recipe = recipe.json
        parameters = Parameters(
            generator: model.generator.parameterCount,
            discriminator: model.discriminator.parameterCount
        )
        software = ["p2p": Version.current, "libtorch": Torch.version]
    }
}
