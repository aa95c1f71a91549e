import DatasetKit

/// A generator with weights from elsewhere, ready to be written as a model file.
///
/// What it is follows from the names and shapes of the file's tensors.
public struct WeightsImport {
    /// What a file does not say.
    public struct Choices: Sendable {
        /// Which of a `.pth` file's dictionaries; `nil` for the generator's, by its usual keys.
        public var key: String?
        /// The side of the images that it was trained on; `nil` for 2 to the power of a U-Net's levels, 256 for
        /// another generator.
        public var imageSize: Int?
        /// Whether a U-Net drops out; of a ResNet, the names say so.
        public var dropout = true
        /// How a U-Net joins features.
        public var skipOrder = SkipOrder.skipFirst

        /// The reference's.
        public init() {}
    }

    /// The generator.
    public let generator: any Generator
    /// What it is.
    public let model: ModelDescription
    /// What became of the file's tensors.
    public let report: ImportReport

    /// Reads a generator.
    ///
    /// - Parameters:
    ///   - path: A `.pth` file of PyTorch, or safetensors, by the reference's names.
    ///   - choices: What it does not say.
    /// - Throws: ``DatasetError``: what ``WeightsFile`` throws, `mismatch` for weights that are of no known
    ///   generator, `invalidRecipe` for choices that do not fit it; ``TorchError``.
    public init(path: String, _ choices: Choices) throws {
        let file = try WeightsFile(path: path, key: choices.key)
        if let format = file.metadata["format"], format.hasPrefix("p2p-") {
            throw DatasetError(
                .unsupported,
                "it is a \(format.forMessages) already: use it as it is",
                path: path
            )
        }
        guard let match = try NetworkMatch(for: file) else { throw NetworkMatch.unknown(file) }
        let name = try match.requireGenerator(in: file)
        let sha256 = try Checksum.sha256(ofFile: path)
        model = try match.model(
            name,
            choices,
            origin: "\(FileSystem.name(of: path)), SHA-256 \(sha256)"
        )
        generator = try model.makeGenerator(on: .cpu)
        let counts = try Self.load(file, match.names, into: generator)
        if choices.skipOrder == .upsampledFirst {
            guard let unet = generator as? UNetGenerator else {
                throw DatasetError(
                    .invalidRecipe,
                    "--skip-order is for U-Nets: a \(name.rawValue) has no skip connections",
                    path: path
                )
            }
            try unet.exchangeSkipHalves()
        }
        let own = Set(generator.state.compactMap { match.names[$0.name] })
        report = ImportReport(
            file: path,
            format: file.format,
            sha256: sha256,
            key: file.key,
            prefix: match.prefix.isEmpty ? nil : match.prefix,
            architecture: match.network.description(match.size),
            parameters: generator.parameterCount,
            skipOrder: choices.skipOrder,
            matched: counts.matched,
            converted: counts.converted,
            missing: counts.missing,
            unexpected: file.names.filter { !own.contains($0) }
        )
    }

    /// Writes the model file: at any moment either the old or the whole new file is there.
    ///
    /// - Throws: ``DatasetError`` with code `io` or, for weights that are not finite, `corrupt`;
    ///   ``TorchError``.
    public func write(to path: String) throws {
        try ModelFile.write(generator, model, to: path)
    }

    /// Reads the tensors, one after the other: a file is never in memory twice.
    private static func load(
        _ file: WeightsFile,
        _ names: [String: String],
        into generator: any Generator
    ) throws -> (matched: Int, converted: [String: Int], missing: [String]) {
        var (matched, converted, missing) = (0, [String: Int](), [String]())
        for entry in generator.state {
            guard let name = names[entry.name] else {
                missing.append(entry.name)
                continue
            }
            let type = entry.tensor.elementType
            guard file.elementType(of: name) == type, let stored = file.storedType(of: name) else {
                throw DatasetError(
                    .mismatch,
                    "expected \(type.rawValue) for \(name), found "
                        + (file.storedType(of: name)?.rawValue ?? "nothing"),
                    path: file.path
                )
            }
            try entry.tensor.copyElements(from: file.tensor(name))
            matched += 1
            if stored.rawValue != type.rawValue { converted[stored.rawValue, default: 0] += 1 }
        }
        return (matched, converted, missing)
    }
}

@available(*, unavailable)
extension WeightsImport: Sendable {}

extension NetworkMatch {
    /// What a generator is, as a model file says it: of 8-bit images.
    fileprivate func model(
        _ generator: TrainOptions.Generator,
        _ choices: WeightsImport.Choices,
        origin: String
    ) throws -> ModelDescription {
        var options = network.options
        (options.generator, options.ngf) = (generator, size.filters)
        let usualSize: Int
        switch generator.shape {
        case .unet(let levels):
            usualSize = 1 << levels
            options.dropout = choices.dropout
        case .keras:
            usualSize = generator.minimumSide
            options.dropout = choices.dropout
        case .resnet:
            usualSize = 256
            guard choices.dropout || !options.dropout else {
                throw DatasetError(
                    .invalidRecipe,
                    "--no-dropout is for U-Nets: the names of this \(generator.rawValue) say that it was "
                        + "trained with dropout; leave it out, and say so when the model is used"
                )
            }
        }
        let side = choices.imageSize ?? usualSize
        let imageSize = ImageSize(width: side, height: side)
        do throws(TrainingError) {
            _ = try options.generator(for: imageSize)
        } catch {
            throw DatasetError(.invalidRecipe, "--image-size: \(error.message)")
        }
        return ModelDescription(
            options: options,
            imageSize: imageSize,
            input: .eightBit(imageSize, channels: size.inputs),
            target: .eightBit(imageSize, channels: size.outputs),
            recipe: nil,
            origin: origin
        )
    }
}

extension DatasetIndex.Side {
    /// Images of bytes: grey, colours, or more channels than have a meaning.
    fileprivate static func eightBit(_ size: ImageSize, channels: Int) -> Self {
        let colors: DatasetIndex.Colors =
            switch channels {
            case 1: .gray
            case 3: .rgb
            default: .multichannel
            }
        return Self(size: size, channels: channels, dtype: .u8, colors: colors)
    }
}
