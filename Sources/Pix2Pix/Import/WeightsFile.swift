public import DatasetKit

/// Named tensors of a file from anywhere: PyTorch's `.pth` of any age, or safetensors.
///
/// Told apart by content. Nothing in the file is executed, and tensors are read one at a time.
public final class WeightsFile: Sendable {
    /// How a file is laid out.
    public enum Format: String, Codable, Sendable {
        /// safetensors.
        case safetensors
        /// The zip archive that `torch.save` writes since PyTorch 1.6.
        case torchArchive = "PyTorch, zip"
        /// What it wrote before.
        case torchStream = "PyTorch, before 1.6"
    }

    private enum Source: Sendable {
        case safetensors(SafetensorsFile, TensorChecksums?)
        case torch(TorchFile, [String: TorchFile.Tensor])
    }

    /// The file.
    public let path: String
    /// How it is laid out.
    public let format: Format
    /// The keys that lead to the tensors, with dots between, such as `state_dict`; `nil` where what was saved
    /// holds them itself.
    public let key: String?
    /// The tensors' names, in the order of the file.
    public let names: [String]
    /// The texts of a safetensors file.
    let metadata: [String: String]
    private let source: Source
    private let layouts: [String: TensorLayout]

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - key: Which of a `.pth` file's dictionaries, such as `G_A`; `nil` for the generator's by one of the
    ///     usual keys, or the only one.
    /// - Throws: ``DatasetError``: `notFound`, `io`, `corrupt`, `tooLarge`, or `unsupported` for a file of
    ///   another kind, one that holds more than tensors and dictionaries, and an unknown key.
    public init(path: String, key: String? = nil) throws(DatasetError) {
        self.path = path
        let start = try WeightsFileStart(of: path)
        switch start.torchFormat {
        case nil:
            try start.requireSafetensors()
            guard key == nil else {
                throw DatasetError(.unsupported, "a safetensors file has no keys", path: path)
            }
            let file = try SafetensorsFile(path: path)
            format = .safetensors
            self.key = nil
            metadata = file.metadata
            names = file.header.order
            layouts = file.tensors.mapValues { TensorLayout($0) }
            let isOurs = [Checkpoint.formatName, ModelFile.formatName].contains(
                file.metadata["format"]
            )
            source = .safetensors(file, isOurs ? try TensorChecksums(of: file, path: path) : nil)
        case let format?:
            let file = try TorchFile(path: path)
            let dictionary = try StateDictionaries(of: file).choice(key)
            self.format = format == .archive ? .torchArchive : .torchStream
            self.key = dictionary.path.isEmpty ? nil : dictionary.path
            metadata = [:]
            names = dictionary.tensors.map(\.name)
            let tensors = Dictionary(uniqueKeysWithValues: dictionary.tensors.map { ($0, $1) })
            layouts = tensors.mapValues(\.layout)
            source = .torch(file, tensors)
        }
    }

    /// The dimensions of a tensor, outermost first; `nil` if there is none of the name.
    public func shape(of name: String) -> [Int]? { layouts[name]?.shape }

    /// The type of a tensor's elements in the file; `nil` if there is none of the name.
    public func storedType(of name: String) -> SafetensorsType? { layouts[name]?.type }

    /// The type that ``tensor(_:)`` gives a tensor; `nil` if there is none of the name.
    public func elementType(of name: String) -> ElementType? {
        layouts[name].map { $0.isOfFloats ? .float32 : .int64 }
    }

    /// Reads a tensor: floats of any size as 32-bit floats, integers of any size as 64-bit integers.
    ///
    /// - Parameter name: One of ``names``.
    /// - Returns: A copy on the CPU, in C order.
    /// - Throws: ``DatasetError``: `notFound` for another name, `corrupt` for bytes that do not match their
    ///   CRC-32; ``TorchError`` if there is not enough memory.
    public func tensor(_ name: String) throws -> Tensor {
        guard let layout = layouts[name] else {
            throw DatasetError(.notFound, "it has no tensor \(name.forMessages)", path: path)
        }
        switch source {
        case .safetensors(let file, let checksums):
            return try unsafe file.withBytes(of: name) { bytes in
                try unsafe checksums?.check(bytes, of: name)
                return try unsafe Tensor.reading(layout, in: bytes)
            }
        case .torch(let file, let tensors):
            guard let tensor = tensors[name] else { preconditionFailure("it has a layout") }
            return try unsafe file.withStorage(of: tensor) {
                try unsafe Tensor.reading(layout, in: $0)
            }
        }
    }
}

extension Tensor {
    /// Copies the elements that a layout finds in a storage.
    @unsafe
    fileprivate static func reading(
        _ layout: TensorLayout,
        in storage: UnsafeRawBufferPointer
    ) throws(TorchError) -> Tensor {
        let type: ElementType = layout.isOfFloats ? .float32 : .int64
        if let range = layout.plainRange, layout.type == (layout.isOfFloats ? .f32 : .i64) {
            return try unsafe .copying(
                UnsafeRawBufferPointer(rebasing: storage[range]),
                shape: layout.shape,
                elementType: type
            )
        }
        guard layout.isOfFloats else {
            let integers = unsafe layout.integers(of: storage)
            return try .copying(unsafe integers.span.bytes, shape: layout.shape, elementType: type)
        }
        return try .floats(unsafe layout.floats(of: storage), shape: layout.shape)
    }
}
