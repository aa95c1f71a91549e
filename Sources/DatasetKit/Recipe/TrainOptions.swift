/// The training's options in a recipe, named as the flags of `p2p-train` in camelCase.
///
/// All are optional: a flag wins over the recipe, the recipe over the trainer's default.
public struct TrainOptions: Equatable, Sendable {
    /// Epochs at the full learning rate.
    public var epochs: Int?
    /// Epochs of linear decay after that.
    public var decayEpochs: Int?
    /// Pairs per step.
    public var batchSize: Int?
    /// Adam's learning rate.
    public var lr: Double?
    /// The weight of the L1 loss.
    public var lambdaL1: Double?
    /// Filters of the generator's first layer.
    public var ngf: Int?
    /// Filters of the discriminator's first layer.
    public var ndf: Int?
    /// The generator's name, such as `unet_256`.
    public var generator: String?
    /// The discriminator's name.
    public var discriminator: String?
    /// The images' side in pixels.
    public var size: Int?
    /// The seed of everything random.
    public var seed: Int?

    init(_ reader: JSONObjectReader?) throws(DatasetError) {
        guard var reader else { return }
        epochs = try reader.integer("epochs", in: 0...1_000_000)
        decayEpochs = try reader.integer("decayEpochs", in: 0...1_000_000)
        batchSize = try reader.integer("batchSize", in: 1...65_536)
        lr = try reader.number("lr", in: 0...1)
        lambdaL1 = try reader.number("lambdaL1", in: 0...Double.greatestFiniteMagnitude)
        ngf = try reader.integer("ngf", in: 1...4096)
        ndf = try reader.integer("ndf", in: 1...4096)
        generator = try reader.string("generator")
        discriminator = try reader.string("discriminator")
        size = try reader.integer("size", in: 1...65_500)
        seed = try reader.integer("seed", in: 0...Int.max)
        try reader.finish()
    }

    /// Options that are all unset.
    public init() {}

    /// The same options, checked as those of a recipe are: for values that came as flags.
    ///
    /// - Throws: ``DatasetError`` with code `invalidRecipe`, naming the option.
    public func checked() throws(DatasetError) -> TrainOptions {
        try TrainOptions(JSONObjectReader(json, file: "options", path: "train"))
    }

    /// The options that are set.
    package var json: JSONValue {
        var members: [String: JSONValue] = [:]
        members["epochs"] = epochs.map(JSONValue.integer)
        members["decayEpochs"] = decayEpochs.map(JSONValue.integer)
        members["batchSize"] = batchSize.map(JSONValue.integer)
        members["lr"] = lr.map(JSONValue.number)
        members["lambdaL1"] = lambdaL1.map(JSONValue.number)
        members["ngf"] = ngf.map(JSONValue.integer)
        members["ndf"] = ndf.map(JSONValue.integer)
        members["generator"] = generator.map(JSONValue.string)
        members["discriminator"] = discriminator.map(JSONValue.string)
        members["size"] = size.map(JSONValue.integer)
        members["seed"] = seed.map(JSONValue.integer)
        return .object(members)
    }
}
