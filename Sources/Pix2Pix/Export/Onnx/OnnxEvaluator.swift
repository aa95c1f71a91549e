import DatasetKit
import FoundationEssentials
import SwiftProtobuf

/// Runs graphs of ONNX on tensors: a second reading of what an export wrote, by the file alone.
///
/// Knows the operators that ``OnnxGraphBuilder`` writes, and takes nothing from the networks or the
/// recording: of what libtorch calls by a name of its own, it uses the meaning that ONNX defines.
package struct OnnxEvaluator {
    private let graph: OnnxGraph
    private let path: String
    private var constants: [String: OnnxCall.Value] = [:]
    /// The node after which a value is no longer needed.
    private let lastUses: [String: Int]

    /// Reads a model file.
    ///
    /// - Parameter path: The file.
    /// - Throws: ``DatasetError`` if it cannot be read or is damaged.
    init(path: String) throws {
        let bytes = try MappedFile(path: path)
        let model: OnnxModel
        do {
            model = try unsafe bytes.withBytes { bytes in
                try unsafe OnnxModel(serializedBytes: Data(bytes))
            }
        } catch {
            throw DatasetError(.corrupt, "expected an ONNX model (\(error))", path: path)
        }
        try self.init(model.graph, path: path)
    }

    /// Takes a graph.
    ///
    /// - Parameters:
    ///   - graph: The graph.
    ///   - path: Where it is from, for errors.
    /// - Throws: ``DatasetError`` if a constant is damaged; ``TorchError``.
    package init(_ graph: OnnxGraph, path: String) throws {
        (self.graph, self.path) = (graph, path)
        var lastUses: [String: Int] = [:]
        for (index, node) in graph.node.enumerated() {
            for name in node.input { lastUses[name] = index }
        }
        for output in graph.output { lastUses[output.name] = nil }
        self.lastUses = lastUses
        for tensor in graph.initializer { constants[tensor.name] = try value(of: tensor) }
    }

    /// Runs the graph.
    ///
    /// - Parameter input: The value of its only input.
    /// - Returns: The value of its only output.
    /// - Throws: ``DatasetError`` where a node is not understood or a value is missing; ``TorchError``.
    package func output(for input: Tensor) throws -> Tensor {
        guard graph.input.count == 1, graph.output.count == 1 else {
            throw DatasetError(.unsupported, "expected one input and one output", path: path)
        }
        var values = constants
        values[graph.input[0].name] = .tensor(input)
        for (index, node) in graph.node.enumerated() {
            guard let operation = Self.operations[node.opType], node.output.count == 1 else {
                throw DatasetError(
                    .unsupported,
                    "node \(node.name): there is no operation \(node.opType)",
                    path: path
                )
            }
            let operands = try node.input.map { name throws(DatasetError) -> OnnxCall.Value? in
                guard !name.isEmpty else { return nil }
                guard let value = values[name] else {
                    throw DatasetError(
                        .corrupt,
                        "node \(node.name): nothing before it makes \(name)",
                        path: path
                    )
                }
                return value
            }
            let call = OnnxCall(node: node, operands: operands, path: path)
            values[node.output[0]] = try operation(call)
            for name in node.input where lastUses[name] == index { values[name] = nil }
        }
        guard case .tensor(let output)? = values[graph.output[0].name] else {
            throw DatasetError(.corrupt, "no node makes \(graph.output[0].name)", path: path)
        }
        return output
    }

    private func value(of tensor: OnnxTensor) throws -> OnnxCall.Value {
        let shape = tensor.dims.map(Int.init)
        let count = shape.reduce(1, *)
        let size = tensor.dataType == .int64 ? 8 : 4
        guard tensor.rawData.count == size * count else {
            throw DatasetError(
                .corrupt,
                "\(tensor.name): expected \(size * count) bytes, found \(tensor.rawData.count)",
                path: path
            )
        }
        switch tensor.dataType {
        case .float:
            return .tensor(
                try unsafe tensor.rawData.withUnsafeBytes {
                    try unsafe Tensor.copying($0, shape: shape)
                }
            )
        case .int64:
            let bytes = Array(tensor.rawData)
            return .integers(
                (0..<count).map { index in
                    let bits = (0..<8).reduce(UInt64(0)) {
                        $0 | UInt64(bytes[8 * index + $1]) << UInt64(8 * $1)
                    }
                    return Int(truncatingIfNeeded: bits)
                }
            )
        case .undefined:
            throw DatasetError(.unsupported, "\(tensor.name) has no type", path: path)
        }
    }
}
