extension TrainOptions {
    /// Reads the `train` section of a recipe.
    ///
    /// - Throws: ``DatasetError`` with code `invalidRecipe`, naming the option and what is allowed.
    package init(_ reader: JSONObjectReader) throws(DatasetError) {
        var reader = reader
        self.init(preset: try reader.choice("preset", as: Preset.self) ?? .reference)
        try readLength(&reader)
        try readNetworks(&reader)
        try readLosses(&reader)
        try readRegularization(&reader)
        try readAugmentation(&reader)
        try readOptimization(&reader)
        try readValidation(&reader)
        inputRange = try Self.range("inputRange", &reader)
        targetRange = try Self.range("targetRange", &reader)
        try reader.finish()
    }

    private static let count = 1...1_000_000
    private static let anyWeight = 0...Double.greatestFiniteMagnitude

    private mutating func readLength(_ reader: inout JSONObjectReader) throws(DatasetError) {
        epochs = try reader.integer("epochs", in: 0...1_000_000) ?? epochs
        decayEpochs = try reader.integer("decayEpochs", in: 0...1_000_000) ?? decayEpochs
        batchSize = try reader.integer("batchSize", in: 1...65_536) ?? batchSize
        accumulate = try reader.integer("accumulate", in: 1...65_536) ?? accumulate
        patience = try reader.integer("patience", in: Self.count)
        size = try reader.integer("size", in: 1...65_500)
        seed = try reader.integer("seed", in: 0...Int.max) ?? seed
    }

    private mutating func readNetworks(_ reader: inout JSONObjectReader) throws(DatasetError) {
        generator = try reader.choice("generator", as: Generator.self) ?? generator
        discriminator =
            try reader.choice("discriminator", as: Discriminator.self) ?? discriminator
        nLayersD = try reader.integer("nLayersD", in: 1...6) ?? nLayersD
        ngf = try reader.integer("ngf", in: 1...4096) ?? ngf
        ndf = try reader.integer("ndf", in: 1...4096) ?? ndf
        norm = try reader.choice("norm", as: Norm.self) ?? norm
        dropout = try reader.flag("dropout") ?? dropout
        normD = try reader.choice("normD", as: Norm.self)
        upsampling = try reader.choice("upsampling", as: Upsampling.self) ?? upsampling
        resBlocks = try reader.integer("resBlocks", in: 0...16) ?? resBlocks
        attentionLevels = try Self.levels("attentionLevels", &reader) ?? attentionLevels
        channelAttention = try reader.flag("channelAttention") ?? channelAttention
        spectralNorm = try reader.choice("spectralNorm", as: SpectralNorm.self) ?? spectralNorm
        scalesD = try reader.integer("scalesD", in: 1...3) ?? scalesD
    }

    private mutating func readLosses(_ reader: inout JSONObjectReader) throws(DatasetError) {
        ganLoss = try reader.choice("ganLoss", as: GANLoss.self) ?? ganLoss
        ganWeight = try reader.number("ganWeight", in: Self.anyWeight) ?? ganWeight
        lambdaL1 = try reader.number("lambdaL1", in: Self.anyWeight) ?? lambdaL1
        lambdaL2 = try reader.number("lambdaL2", in: Self.anyWeight) ?? lambdaL2
        lambdaCharbonnier =
            try reader.number("lambdaCharbonnier", in: Self.anyWeight) ?? lambdaCharbonnier
        lambdaSSIM = try reader.number("lambdaSSIM", in: Self.anyWeight) ?? lambdaSSIM
        lambdaMSSSIM = try reader.number("lambdaMSSSIM", in: Self.anyWeight) ?? lambdaMSSSIM
        lambdaTV = try reader.number("lambdaTV", in: Self.anyWeight) ?? lambdaTV
        lambdaFM = try reader.number("lambdaFM", in: Self.anyWeight) ?? lambdaFM
        lambdaPerceptual =
            try reader.number("lambdaPerceptual", in: Self.anyWeight) ?? lambdaPerceptual
        perceptualWeights = try reader.string("perceptualWeights")
        perceptualLayers = try Self.layers("perceptualLayers", &reader) ?? perceptualLayers
        perceptualDistance =
            try reader.choice("perceptualDistance", as: FeatureDistance.self) ?? perceptualDistance
    }

    private mutating func readRegularization(
        _ reader: inout JSONObjectReader
    ) throws(DatasetError) {
        lambdaGP = try reader.number("lambdaGP", in: Self.anyWeight)
        lambdaR1 = try reader.number("lambdaR1", in: Self.anyWeight) ?? lambdaR1
        penaltyInterval = try reader.integer("penaltyInterval", in: Self.count) ?? penaltyInterval
        clipWeights = try reader.number("clipWeights", in: 1e-6...1e6)
        labelSmoothing = try reader.number("labelSmoothing", in: 0...0.5) ?? labelSmoothing
    }

    private mutating func readAugmentation(_ reader: inout JSONObjectReader) throws(DatasetError) {
        diffAugment = try Self.augmentations("diffAugment", &reader) ?? diffAugment
        ada = try reader.flag("ada") ?? ada
        adaTarget = try reader.number("adaTarget", in: 0...1) ?? adaTarget
        adaKimg = try reader.number("adaKimg", in: 0.001...1e9) ?? adaKimg
        historySize = try reader.integer("historySize", in: 0...65_536) ?? historySize
    }

    private mutating func readOptimization(_ reader: inout JSONObjectReader) throws(DatasetError) {
        optimizer = try reader.choice("optimizer", as: Optimizer.self) ?? optimizer
        lr = try reader.number("lr", in: 0...1) ?? lr
        lrG = try reader.number("lrG", in: 0...1)
        lrD = try reader.number("lrD", in: 0...1)
        let belowOne = 0...1.0.nextDown
        beta1 = try reader.number("beta1", in: belowOne) ?? beta1
        beta2 = try reader.number("beta2", in: belowOne) ?? beta2
        weightDecay = try reader.number("weightDecay", in: 0...1) ?? weightDecay
        clipGradients = try reader.number("clipGradients", in: 1e-6...1e6)
        ema = try reader.number("ema", in: belowOne)
        lrSchedule = try reader.choice("lrSchedule", as: LRSchedule.self) ?? lrSchedule
        warmupSteps = try reader.integer("warmupSteps", in: 0...1_000_000_000) ?? warmupSteps
        lrStepEpochs = try reader.integer("lrStepEpochs", in: Self.count) ?? lrStepEpochs
        lrFactor = try reader.number("lrFactor", in: 0...1)
        lrPatience = try reader.integer("lrPatience", in: 0...1_000_000) ?? lrPatience
    }

    private mutating func readValidation(_ reader: inout JSONObjectReader) throws(DatasetError) {
        valEvery = try reader.integer("valEvery", in: Self.count) ?? valEvery
        valPairs = try reader.integer("valPairs", in: Self.count) ?? valPairs
        bestMetric = try reader.choice("bestMetric", as: Metric.self) ?? bestMetric
        testNorm = try reader.choice("testNorm", as: TestNorm.self) ?? testNorm
        testDropout = try reader.flag("testDropout") ?? testDropout
        checkpointEpochs =
            try reader.integer("checkpointEpochs", in: Self.count) ?? checkpointEpochs
        checkpointMinutes = try reader.number("checkpointMinutes", in: 0...1_000_000)
        keepCheckpoints =
            try reader.integer("keepCheckpoints", in: 0...1_000_000) ?? keepCheckpoints
    }

    /// A list of levels of a U-Net, each once.
    private static func levels(
        _ key: String,
        _ reader: inout JSONObjectReader
    ) throws(DatasetError) -> [Int]? {
        guard let value = reader.value(key) else { return nil }
        var levels: [Int] = []
        if case .array(let items) = value {
            for case .integer(let level) in items where (1...9).contains(level) {
                levels.append(level)
            }
            if levels.count == items.count, Set(levels).count == levels.count { return levels }
        }
        throw reader.error(
            key,
            expected:
                "a list of levels, each once: 1 has half the image's side, 2 a quarter, up to 9",
            found: value
        )
    }

    /// A list of augmentations, each once.
    private static func augmentations(
        _ key: String,
        _ reader: inout JSONObjectReader
    ) throws(DatasetError) -> [DiffAugment]? {
        guard let value = reader.value(key) else { return nil }
        let augmentations = texts(value)?.compactMap(DiffAugment.init(rawValue:))
        guard let augmentations, augmentations.count == texts(value)?.count,
            Set(augmentations).count == augmentations.count
        else {
            let names = DiffAugment.allCases.map(\.rawValue).joined(separator: ", ")
            throw reader.error(key, expected: "a list of \(names), each once", found: value)
        }
        return augmentations
    }

    /// A list of layers and their weights, at least one.
    private static func layers(
        _ key: String,
        _ reader: inout JSONObjectReader
    ) throws(DatasetError) -> [PerceptualLayer]? {
        guard let value = reader.value(key) else { return nil }
        let layers = texts(value)?.compactMap { PerceptualLayer($0) }
        guard let layers, !layers.isEmpty, layers.count == texts(value)?.count else {
            throw reader.error(
                key,
                expected: "a list of layers such as \"relu3_3\", or with weights, \"relu3_3:0.5\"",
                found: value
            )
        }
        return layers
    }

    /// The members of a list of texts; `nil` for anything else.
    private static func texts(_ value: JSONValue) -> [String]? {
        guard case .array(let items) = value else { return nil }
        let texts = items.compactMap { if case .string(let text) = $0 { text } else { nil } }
        return texts.count == items.count ? texts : nil
    }

    /// A list of two different numbers.
    private static func range(
        _ key: String,
        _ reader: inout JSONObjectReader
    ) throws(DatasetError) -> ValueRange? {
        guard let value = reader.value(key) else { return nil }
        let numbers: [Double] =
            if case .array(let items) = value { items.compactMap(\.number) } else { [] }
        guard numbers.count == 2, numbers[0] != numbers[1], numbers.allSatisfy(\.isFinite) else {
            throw reader.error(
                key,
                expected: "a list of two different numbers, what becomes -1 and 1",
                found: value
            )
        }
        return ValueRange(low: numbers[0], high: numbers[1])
    }

    /// Reads what ``encode(to:)`` wrote, and checks it as a recipe is checked.
    public init(from decoder: any Decoder) throws {
        let value = try JSONValue(from: decoder)
        try self.init(JSONObjectReader(value, file: "settings", path: "train"))
    }
}

extension Recipe {
    /// The training's options with some of them given anew, checked as those of a recipe are.
    ///
    /// Whoever asks for N epochs gets N, not N and the recipe's decay.
    ///
    /// - Parameter members: The options to put in the recipe's place, by their names in a recipe.
    /// - Returns: The defaults, then the recipe's, then those.
    /// - Throws: ``DatasetError`` with code `invalidRecipe`, naming the option.
    package func trainOptions(
        _ members: [String: JSONValue]
    ) throws(DatasetError) -> TrainOptions {
        var merged = trainSection.merging(members) { $1 }
        if members["epochs"] != nil, members["decayEpochs"] == nil {
            merged["decayEpochs"] = .integer(0)
        }
        return try TrainOptions(
            JSONObjectReader(.object(merged), file: "options", path: "train")
        )
    }
}
