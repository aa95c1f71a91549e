import DatasetKit
import Foundation
import Pix2Pix
import TestSupport
import Testing

extension TorchTests {
    /// What a recording of a forward pass holds, and what it refuses.
    @Suite("Recordings of networks")
    struct RecordingTests {
        /// A network of one closure, which takes images of 3 channels.
        private final class Closure: Generator {
            let inputChannels = 3
            let outputChannels = 3
            let weight: Tensor
            let work: (Tensor, Tensor) throws(TorchError) -> Tensor

            init(work: @escaping (Tensor, Tensor) throws(TorchError) -> Tensor) throws {
                weight = try .floats([0.5, -1, 2], shape: [3, 1, 1])
                self.work = work
            }

            /// Its only tensor.
            private struct Weight: Layer {
                let tensor: Tensor
                var state: [NamedTensor] { [NamedTensor("weight", tensor, .parameter)] }
                func initialize(standardDeviation: Double) throws(TorchError) {}
            }

            var layers: [(name: String, layer: any Layer)] { [("it", Weight(tensor: weight))] }

            func callAsFunction(_ input: Tensor, mode: ForwardMode) throws(TorchError) -> Tensor {
                try work(input, weight)
            }
        }

        private static let mode = ForwardMode.inference(.image, dropout: false)

        private func graph(
            _ work: @escaping (Tensor, Tensor) throws(TorchError) -> Tensor
        ) throws -> OnnxGraph {
            let trace = try GeneratorTrace(of: Closure(work: work), mode: Self.mode, side: 8)
            return try OnnxGraphBuilder.graph(of: trace, name: "test")
        }

        @Test("What has no place in a graph is refused by its name, never kept as a constant")
        func refusals() throws {
            let elsewhere = try Tensor.floats([1, 2, 3], shape: [3, 1, 1])
            let cases: [(String, String, (Tensor, Tensor) throws(TorchError) -> Tensor)] = [
                (
                    "dropout(probability:)", "relu() depends on it",
                    { (input, _) throws(TorchError) in try input.dropout(probability: 0.5).relu() }
                ),
                (
                    "mean()", "the network's result depends on it",
                    { (input, _) throws(TorchError) in try input.mean() }
                ),
                (
                    "full(_:shape:elementType:device:)", "multiplied(by:) depends on it",
                    { (input, _) throws(TorchError) in
                        try input.multiplied(by: .full(2, shape: [1]))
                    }
                ),
                (
                    "multiplied(by:)",
                    "a tensor F32 [3, 1, 1] that is neither the input nor a weight",
                    { (input, _) throws(TorchError) in try input.multiplied(by: elsewhere) }
                ),
                (
                    "fill", "relu() depends on it",
                    { (input, _) throws(TorchError) in
                        let copy = try input.cloned()
                        try copy.fill(1)
                        return try copy.relu()
                    }
                ),
                (
                    "narrowed(dimension:start:length:)", "depends on the size of the images",
                    { (input, _) throws(TorchError) in
                        try input.narrowed(dimension: 3, start: 0, length: input.shape[3] / 2)
                    }
                ),
                (
                    "scaled(by:)", "or on their pixels",
                    { (input, _) throws(TorchError) in
                        try input.scaled(by: input.cloned().mean().item())
                    }
                ),
                (
                    "tanh()", "which operations there are depends",
                    { (input, _) throws(TorchError) in
                        input.shape[2] > 8 ? try input.tanh().relu() : try input.tanh()
                    }
                ),
                (
                    "formReLU()", "it changes elements that another tensor shares",
                    { (input, _) throws(TorchError) in
                        let features = try input.tanh()
                        try features.transposed(2, 3).formReLU()
                        return features
                    }
                ),
                (
                    "formReLU()", "it changes a weight",
                    { (input, weight) throws(TorchError) in
                        try weight.formReLU()
                        return try input.multiplied(by: weight)
                    }
                ),
                (
                    "the network", "what it makes of its weights depends",
                    { (input, weight) throws(TorchError) in
                        try input.multiplied(
                            by: weight.narrowed(dimension: 0, start: input.shape[0] / 3, length: 1)
                        )
                    }
                ),
                (
                    "the network", "it does nothing",
                    { (input, _) throws(TorchError) in input }
                ),
            ]
            for (operation, message, work) in cases {
                let error = #expect(throws: TorchError.self) { try graph(work) }
                #expect(
                    error?.operation.hasPrefix(operation) == true,
                    "\(String(describing: error))"
                )
                #expect(error?.message.contains(message) == true, "\(String(describing: error))")
            }
        }

        @Test("Work without a recorder is not recorded, and a recording ends with its closure")
        func ending() throws {
            _ = try graph { (input, _) throws(TorchError) in try input.relu() }
            #expect(Recorder.current == nil)
            _ = try Tensor.full(1, shape: [1]).multiplied(by: .full(2, shape: [1]))
        }

        @Test(
            "What is made of weights alone is a weight; a change in place gives a tensor a new value"
        )
        func values() throws {
            let graph = try graph { (input, weight) throws(TorchError) in
                let doubled = try weight.scaled(by: 2).adding(1)
                let features = try input.multiplied(by: doubled)
                let before = try features.tanh()
                try features.formReLU()
                return try features.adding(before)
            }
            #expect(graph.node.map(\.opType) == ["Mul", "Tanh", "Relu", "Add"])
            #expect(graph.node[1].input == graph.node[2].input)
            #expect(graph.node[3].input == ["Relu_2", "Tanh_1"])
            #expect(graph.node[3].output == ["output"])
            #expect(graph.initializer.count == 1)
            let numbers = unsafe graph.initializer[0].rawData.withUnsafeBytes {
                unsafe Array(unsafe $0.bindMemory(to: Float.self))
            }
            #expect(numbers == [2, -1, 5])
        }

        @Test("Reshaping fits images of any size")
        func reshaping() throws {
            let graph = try graph { (input, weight) throws(TorchError) in
                let shape = input.shape
                let features = try input.multiplied(by: weight)
                let flat = try features.reshaped(to: [shape[0], 3, -1])
                return try flat.transposed(1, -1).transposed(1, 2).tanh()
                    .reshaped(to: shape).adding(features)
            }
            let operations = graph.node.map(\.opType)
            #expect(operations.count { $0 == "Shape" } == 2)
            for shape in [[1, 3, 8, 8], [4, 3, 16, 40]] {
                let input = try Tensor.full(0, shape: shape)
                try input.fillUniform()
                let output = try OnnxEvaluator(graph, path: "test").output(for: input)
                let weight = try Tensor.floats([0.5, -1, 2], shape: [3, 1, 1])
                let features = try input.multiplied(by: weight)
                #expect(output.shape == shape)
                #expect(try output.floats() == features.tanh().adding(features).floats())
            }
        }
    }
}
