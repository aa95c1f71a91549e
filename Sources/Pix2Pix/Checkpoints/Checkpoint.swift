import DatasetKit
import FoundationEssentials

/// A training's whole state in one safetensors file.
///
/// Tensors: `generator.` and `discriminator.` with the reference implementation's `state_dict` names,
/// `generator_ema.` with the moving average of the generator's, where there is one,
/// `generator_optimizer.` and `discriminator_optimizer.` with the optimisers' moments by the same names.
/// Metadata, each a JSON text: `settings` (architecture included), `position`, `progress` (the sums of
/// the epoch so far, the best validation), `dataset`, `software`, and `crc32` (zlib's CRC-32 of each
/// tensor's bytes, by its name).
///
/// There is no state of a random generator to keep: every draw is a function of the seed, which is
/// in the settings, and of the position. See ``RandomStreams``.
public struct Checkpoint {
    /// Where in its training a model is.
    public struct Position: Codable, Equatable, Sendable {
        /// Steps made, over all epochs.
        public var steps: Int
        /// The steps of an epoch.
        public var stepsPerEpoch: Int

        /// Creates a position.
        public init(steps: Int, stepsPerEpoch: Int) {
            self.steps = steps
            self.stepsPerEpoch = stepsPerEpoch
        }

        /// Epochs that are complete.
        public var epochs: Int { steps / stepsPerEpoch }
    }

    /// The dataset that the model was trained on.
    public struct DatasetIdentity: Codable, Equatable, Sendable {
        /// Its name.
        public var name: String
        /// Its fingerprint.
        public var fingerprint: String
        /// Channels of its inputs.
        public var inputChannels: Int
        /// Channels of its targets.
        public var targetChannels: Int
    }

    /// The value of `format` in the metadata.
    public static let formatName = "p2p-checkpoint"
    /// The value of `version` in the metadata.
    public static let version = "3"

    /// What the training does.
    public var settings: TrainingSettings
    /// Where it is.
    public var position: Position
    /// How far it is.
    public var progress: TrainingProgress
    /// What it is trained on.
    public var dataset: DatasetIdentity

    /// Writes a checkpoint: at any moment either the old or the whole new one is there.
    ///
    /// - Throws: ``DatasetError`` with code `io`, ``TorchError``, or ``TrainingError`` with code
    ///   `diverged` for weights that are not finite.
    public func write(_ model: Pix2PixModel, to path: String) throws {
        // Integers first: 8-byte types stay aligned whatever the shapes of the others.
        let tensors = model.state.flatMap { group in
            group.tensors.map { NamedTensor("\(group.group).\($0.name)", $0.tensor, $0.kind) }
        }
        let ordered =
            tensors.filter { $0.tensor.elementType == .int64 }
            + tensors.filter { $0.tensor.elementType != .int64 }
        var checksums: [String: UInt32] = [:]
        for entry in ordered {
            checksums[entry.name] = try entry.tensor.withBytes { bytes in
                if entry.tensor.elementType == .float32 {
                    try Self.checkFinite(bytes, entry.name, position, path)
                }
                return unsafe bytes.withUnsafeBytes { unsafe Checksum.crc32($0) }
            }
        }
        let header = SafetensorsHeader(
            ordered.map { ($0.name, $0.tensor.elementType.safetensorsType, $0.tensor.shape) },
            metadata: try metadata(checksums)
        )
        let encoded = header.encoded()
        let file = try OutputFile(path: path)
        try unsafe file.write(encoded.span.bytes, at: 0)
        for entry in ordered {
            guard let range = header.tensors[entry.name]?.range else { continue }
            try entry.tensor.withBytes { try file.write($0, at: encoded.count + range.lowerBound) }
        }
        try file.commit()
    }

    /// Reads what a checkpoint says of itself, without its tensors.
    ///
    /// - Throws: ``DatasetError`` if the file is no checkpoint or damaged.
    public init(path: String) throws {
        let file = try SafetensorsFile(path: path)
        guard file.metadata["format"] == Self.formatName, file.metadata["version"] == Self.version
        else {
            throw DatasetError(
                .unsupported,
                "expected a \(Self.formatName) of version \(Self.version), found "
                    + (file.metadata["format"] ?? "another safetensors file"),
                path: path
            )
        }
        func decode<Value: Decodable>(_ key: String, as type: Value.Type) throws -> Value {
            do {
                return try JSONDecoder().decode(type, from: Data((file.metadata[key] ?? "").utf8))
            } catch {
                throw DatasetError(.corrupt, "its metadata \(key) is damaged", path: path)
            }
        }
        settings = try decode("settings", as: TrainingSettings.self)
        position = try decode("position", as: Position.self)
        progress = try decode("progress", as: TrainingProgress.self)
        dataset = try decode("dataset", as: DatasetIdentity.self)
    }

    /// Describes a training for a checkpoint.
    init(
        settings: TrainingSettings,
        position: Position,
        progress: TrainingProgress,
        dataset: DatasetIdentity
    ) {
        self.settings = settings
        self.position = position
        self.progress = progress
        self.dataset = dataset
    }

    /// Reads a checkpoint's tensors into a model of its architecture.
    ///
    /// - Throws: ``DatasetError`` if the file is damaged, naming the first tensor whose bytes do not match
    ///   their CRC-32; ``TorchError`` naming the tensors that do not fit. The model may then hold a part
    ///   of the checkpoint.
    public static func load(_ path: String, into model: Pix2PixModel) throws {
        let file = try SafetensorsFile(path: path)
        let checksums = try TensorChecksums(of: file, path: path)
        var groups: [String: [String: Tensor]] = [:]
        for (name, entry) in file.tensors {
            guard let dot = name.firstIndex(of: "."),
                let type = ElementType(rawValue: entry.dtype.rawValue)
            else {
                throw DatasetError(
                    .corrupt,
                    "it holds a tensor \(name), which is not of a checkpoint",
                    path: path
                )
            }
            let tensor = try unsafe file.withBytes(of: name) { bytes in
                try unsafe checksums.check(bytes, of: name)
                return try unsafe Tensor.copying(bytes, shape: entry.shape, elementType: type)
            }
            groups[String(name[..<dot]), default: [:]][String(name[name.index(after: dot)...])] =
                tensor
        }
        try model.load(groups)
    }

    /// Refuses to keep weights that are lost.
    private static func checkFinite(
        _ bytes: RawSpan,
        _ name: String,
        _ position: Position,
        _ path: String
    ) throws(TrainingError) {
        // As integers, which the compiler compares many at a time: infinity and not-a-number are the
        // largest, without the sign.
        var largest: UInt32 = 0
        for offset in stride(from: 0, to: bytes.byteCount, by: 4) {
            let bits = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self)
            largest = max(largest, bits & 0x7FFF_FFFF)
        }
        guard largest >= Float.infinity.bitPattern else { return }
        throw TrainingError(
            .diverged,
            "after step \(position.steps), \(name) holds a value that is infinite or not a number; \(path) "
                + "is kept as it was; try a lower --lr, or --clip-gradients 1"
        )
    }

    private func metadata(_ checksums: [String: UInt32]) throws -> [String: String] {
        func text(_ value: some Encodable) throws -> String {
            String(decoding: try JSONText.canonical(value), as: UTF8.self)
        }
        return [
            "format": Self.formatName, "version": Self.version,
            "settings": try text(settings), "position": try text(position),
            "progress": try text(progress), "crc32": try text(checksums),
            "dataset": try text(dataset),
            "software": try text(["p2p": Version.current, "libtorch": Torch.version]),
        ]
    }
}

extension ElementType {
    /// Its name in a safetensors file.
    fileprivate var safetensorsType: SafetensorsType {
        switch self {
        case .float32: .f32
        case .int64: .i64
        case .uint8: .u8
        }
    }
}
