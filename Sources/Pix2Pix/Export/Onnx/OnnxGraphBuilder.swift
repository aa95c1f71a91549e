import SwiftProtobuf

/// Writes down what a generator does as a graph of ONNX.
package struct OnnxGraphBuilder {
    /// The version of ONNX's operators that are used: of 2022, which every runtime of today has.
    static let operatorSet: Int64 = 17
    /// The version of the format that belongs to it.
    static let irVersion: Int64 = 8
    /// The name of the graph's input.
    static let inputName = "input"
    /// The name of the graph's output.
    static let outputName = "output"

    let trace: GeneratorTrace
    private var graph = OnnxGraph()
    /// The names of the trace's values, as far as it has been written down.
    private var names: [Int: String] = [:]
    /// The names of constants, by what they are.
    private var constants: [OnnxTensor: String] = [:]

    /// Makes a graph.
    ///
    /// - Parameters:
    ///   - trace: What the generator does; the weights become initializers of their names.
    ///   - name: The graph's name.
    /// - Returns: The graph.
    /// - Throws: ``TorchError`` where a step cannot be written for images of any size.
    package static func graph(of trace: GeneratorTrace, name: String) throws -> OnnxGraph {
        var builder = OnnxGraphBuilder(trace: trace)
        try builder.build(name: name)
        return builder.graph
    }

    private init(trace: GeneratorTrace) {
        self.trace = trace
    }

    private mutating func build(name: String) throws {
        graph.name = name
        for (value, source) in trace.sources.enumerated() {
            switch source {
            case .operation: break
            case .input: names[value] = Self.inputName
            case .weight(let name): names[value] = name
            }
        }
        graph.initializer = try trace.weights.map { try OnnxTensor($0.name, $0.tensor) }
        for step in trace.steps { names[step.result] = try add(step) }
        rename(self.name(of: trace.output), Self.outputName)
        let image = trace.extents(of: 0)
        let dynamic = ["batch", "channels", "height", "width"]
        graph.input = [
            OnnxValueInfo(Self.inputName, Self.dimensions(image, image, named: dynamic))
        ]
        let made = trace.extents(of: trace.output)
        graph.output = [
            OnnxValueInfo(Self.outputName, Self.dimensions(made, image, named: dynamic))
        ]
    }

    /// Numbers, and names: those of the input's dimensions that are as large, or names of their own.
    private static func dimensions(
        _ extents: [GeneratorTrace.Extent],
        _ known: [GeneratorTrace.Extent],
        named names: [String]
    ) -> [OnnxShape.Dimension.OneOf_Value] {
        extents.enumerated().map { dimension, extent in
            if let size = extent.fixed { return .dimValue(Int64(size)) }
            guard let place = known.firstIndex(of: extent) else {
                return .dimParam("output_\(dimension)")
            }
            return .dimParam(names[place])
        }
    }

    /// Gives a value another name wherever it appears.
    private mutating func rename(_ old: String, _ new: String) {
        for index in graph.node.indices {
            graph.node[index].input = graph.node[index].input.map { $0 == old ? new : $0 }
            graph.node[index].output = graph.node[index].output.map { $0 == old ? new : $0 }
        }
    }

    // MARK: What operations are written with

    /// The name of a value of the trace.
    func name(of value: Int) -> String { names[value] ?? "" }

    /// Appends a node and gives the name of its result.
    mutating func add(
        _ operation: String,
        _ operands: [String],
        _ attributes: OnnxAttribute...
    ) -> String {
        let name = "\(operation)_\(graph.node.count)"
        graph.node.append(
            .with {
                ($0.name, $0.opType) = (name, operation)
                ($0.input, $0.output, $0.attribute) = (operands, [name], attributes)
            }
        )
        return name
    }

    /// The name of a constant list of integers.
    mutating func constant(_ integers: [Int]) -> String {
        constant(OnnxTensor("", integers))
    }

    /// The name of a constant of floats.
    mutating func constant(_ floats: [Float], dims: [Int]) -> String {
        constant(OnnxTensor("", floats, dims: dims))
    }

    private mutating func constant(_ tensor: OnnxTensor) -> String {
        if let name = constants[tensor] { return name }
        let name = "constant_\(constants.count)"
        constants[tensor] = name
        var named = tensor
        named.name = name
        graph.initializer.append(named)
        return name
    }
}
