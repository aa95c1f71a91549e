public import DatasetKit

/// A file of pretrained weights: tensors by name, read when they are asked for.
///
/// No weights come with this project: the user downloads them.
public struct FeatureWeights {
    /// The file, for errors.
    public let file: String
    /// Where tensors are put.
    let device: Device
    /// What to do if the file does not fit, such as which one to download.
    var advice = ""
    /// The file's names by those they are asked for with.
    private var names: [String: String]
    private let read: (String) throws -> Tensor

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - path: A `.pth` or safetensors file.
    ///   - device: Where tensors are put.
    ///   - advice: What to download if there is no such file.
    /// - Throws: ``DatasetError`` if there is none or it cannot be read.
    public init(path: String, device: Device, advice: String) throws(DatasetError) {
        do {
            let file = try WeightsFile(path: path)
            self.init(names: file.names, file: path, device: device) { try file.tensor($0) }
        } catch  where error.code == .notFound {
            throw DatasetError(
                .notFound,
                "there is no such file: expected pretrained weights (.pth or .safetensors); \(advice)",
                path: path
            )
        }
    }

    /// Takes tensors that were read elsewhere.
    ///
    /// - Parameters:
    ///   - tensors: By the file's names.
    ///   - file: Where they come from, for errors.
    ///   - device: Where tensors are put.
    public init(_ tensors: [String: Tensor], file: String, device: Device = .cpu) {
        self.init(names: Array(tensors.keys), file: file, device: device) { name in
            guard let tensor = tensors[name] else { preconditionFailure("a name of the tensors") }
            return tensor
        }
    }

    /// Takes a reader of tensors.
    ///
    /// - Parameters:
    ///   - names: Of the file's tensors.
    ///   - file: For errors.
    ///   - device: Where tensors are put.
    ///   - read: Gives the tensor of one of the names, on any device.
    public init(
        names: [String],
        file: String,
        device: Device,
        read: @escaping (String) throws -> Tensor
    ) {
        self.file = file
        self.device = device
        self.names = Dictionary(names.map { ($0, $0) }) { first, _ in first }
        self.read = read
    }

    /// Whether there is a tensor, by the name that it is asked for with.
    func has(_ name: String) -> Bool { names[name] != nil }

    /// Whether the name of some tensor begins so.
    func hasSome(_ prefix: String) -> Bool { names.keys.contains { $0.hasPrefix(prefix) } }

    /// The same tensors by the names that torchvision's networks have.
    ///
    /// `0.weight` (a network's `features` alone) and `net.slice1.0.weight` (the package lpips) are
    /// `features.0.weight`.
    var byTorchvisionNames: FeatureWeights {
        var result = self
        let pairs = names.map { name, original in
            let parts = name.split(separator: ".")
            let isSlice = parts.count > 2 && parts[0] == "net" && parts[1].hasPrefix("slice")
            let rest = isSlice ? parts.dropFirst(2) : parts[...]
            let isLayer = rest.first.map { Int($0) != nil } ?? false
            return (isLayer ? "features.\(rest.joined(separator: "."))" : name, original)
        }
        result.names = Dictionary(pairs) { first, _ in first }
        return result
    }

    /// Reads a tensor.
    ///
    /// - Parameters:
    ///   - name: What it is asked for with.
    ///   - shape: What it must have; `nil` for a length that the file decides.
    /// - Returns: The tensor on the device, float32.
    /// - Throws: ``DatasetError`` naming the file, the tensor, what was expected and what was found.
    func tensor(_ name: String, shape: [Int?]) throws -> Tensor {
        let lengths = shape.map { $0.map(String.init) ?? "any" }.joined(separator: ", ")
        let expected = "\(ElementType.float32.rawValue) [\(lengths)]"
        guard let original = names[name] else {
            throw unfit("expected a tensor \(name), \(expected), found none")
        }
        let tensor = try read(original)
        let isFit =
            tensor.elementType == .float32 && tensor.shape.count == shape.count
            && tensor.elementCount > 0 && zip(tensor.shape, shape).allSatisfy { $0 == $1 ?? $0 }
        guard isFit else {
            throw unfit(
                "expected its tensor \(original) to be \(expected), found \(tensor.summary)"
            )
        }
        return try tensor.moved(to: device)
    }

    /// An error about the file, with the advice.
    func unfit(_ message: String) -> DatasetError {
        DatasetError(.unsupported, advice.isEmpty ? message : "\(message); \(advice)", path: file)
    }
}
