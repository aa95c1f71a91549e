import DatasetKit
import Foundation
import Pix2Pix
import SwiftProtobuf
import TestSupport
import Testing

extension TorchTests {
    /// Each operation that a graph may hold, alone.
    @Suite("Operators of ONNX")
    struct OnnxOperatorTests {
        /// Does one operation, and only says so: a result of the right shape is enough for a graph.
        private final class Claim: Generator {
            let inputChannels: Int
            let outputChannels = 1
            let layers: [(name: String, layer: any Layer)] = []
            let operation: RecordedOperation
            let shape: @Sendable ([Int]) -> [Int]
            let operands: Int

            init(_ example: Example) {
                inputChannels = example.channels
                (operation, shape, operands) = (example.operation, example.shape, example.operands)
            }

            func callAsFunction(_ input: Tensor, mode: ForwardMode) throws(TorchError) -> Tensor {
                let result = try Tensor.full(0, shape: shape(input.shape))
                try Recorder.current?.note(
                    result,
                    madeBy: operation,
                    of: Array(repeating: input, count: operands),
                    name: "claim"
                )
                return result
            }
        }

        /// An operation, and what it does to two pixels beside each other.
        private struct Example: Sendable {
            var operation: RecordedOperation
            var channels = 1
            /// How often the input is an operand.
            var operands = 1
            /// The shape that it makes of a shape.
            var shape: @Sendable ([Int]) -> [Int] = { $0 }
            /// Elements of `[1, channels, 1, 2]`, and those that become of them.
            var numbers: (before: [Float], after: [Float])?
        }

        private static func larger(_ shape: [Int], _ factor: Int) -> [Int] {
            [shape[0], shape[1], shape[2] * factor, shape[3] * factor]
        }

        private static let examples: [Example] = [
            Example(
                operation: .nearestUpsampling(factor: 2),
                shape: { larger($0, 2) },
                numbers: ([1, 2], [1, 1, 2, 2, 1, 1, 2, 2])
            ),
            Example(
                operation: .nearestUpsampling(factor: 3),
                shape: { larger($0, 3) },
                numbers: ([1, 2], [1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2])
            ),
            Example(
                operation: .bilinearUpsampling(factor: 2),
                shape: { larger($0, 2) },
                numbers: ([0, 4], [0, 1, 3, 4, 0, 1, 3, 4])
            ),
            Example(operation: .bilinearUpsampling(factor: 3), shape: { larger($0, 3) }),
            Example(
                operation: .pixelShuffle(factor: 2),
                channels: 4,
                shape: { [$0[0], $0[1] / 4, 2 * $0[2], 2 * $0[3]] },
                numbers: ([1, 2, 3, 4, 5, 6, 7, 8], [1, 3, 2, 4, 5, 7, 6, 8])
            ),
            Example(
                operation: .pixelShuffle(factor: 2),
                channels: 8,
                shape: { [$0[0], $0[1] / 4, 2 * $0[2], 2 * $0[3]] }
            ),
            Example(
                operation: .mean(dimensions: [2, 3]),
                channels: 2,
                shape: { [$0[0], $0[1], 1, 1] },
                numbers: ([1, 3, 10, 20], [2, 15])
            ),
            Example(
                operation: .mean(dimensions: [1]),
                channels: 2,
                shape: { [$0[0], 1, $0[2], $0[3]] },
                numbers: ([1, 3, 10, 20], [5.5, 11.5])
            ),
            Example(
                operation: .zeroPadding(left: 1, right: 2, top: 0, bottom: 1),
                shape: { [$0[0], $0[1], $0[2] + 1, $0[3] + 3] },
                numbers: ([1, 2], [0, 1, 2, 0, 0, 0, 0, 0, 0, 0])
            ),
            Example(
                operation: .zeroPadding(left: -1, right: 0, top: 1, bottom: 0),
                shape: { [$0[0], $0[1], $0[2] + 1, $0[3] - 1] },
                numbers: ([1, 2], [0, 2])
            ),
            Example(operation: .sigmoid, numbers: ([0, 2], [0.5, 0.880797])),
            Example(
                operation: .softmax(dimension: -1),
                numbers: ([0, 1], [0.2689414, 0.7310586])
            ),
            Example(
                operation: .softmax(dimension: 1),
                channels: 2,
                numbers: ([0, 7, 1, 7], [0.2689414, 0.5, 0.7310586, 0.5])
            ),
            Example(
                operation: .concatenate(dimension: -3),
                operands: 2,
                shape: { [$0[0], 2 * $0[1], $0[2], $0[3]] },
                numbers: ([1, 2], [1, 2, 1, 2])
            ),
            Example(
                operation: .transpose(1, -1),
                channels: 2,
                shape: { [$0[0], $0[3], $0[2], $0[1]] },
                numbers: ([1, 2, 3, 4], [1, 3, 2, 4])
            ),
            Example(
                operation: .narrow(dimension: 1, start: 1, length: 1),
                channels: 2,
                shape: { [$0[0], 1, $0[2], $0[3]] },
                numbers: ([1, 2, 3, 4], [3, 4])
            ),
            Example(
                operation: .reshape,
                channels: 2,
                shape: { [$0[0], 2, $0[2] * $0[3]] },
                numbers: ([1, 2, 3, 4], [1, 2, 3, 4])
            ),
            Example(operation: .add, operands: 2, numbers: ([1, 2], [2, 4])),
            Example(operation: .subtract, operands: 2, numbers: ([1, 2], [0, 0])),
            Example(operation: .multiply, operands: 2, numbers: ([3, 2], [9, 4])),
            Example(operation: .divide, operands: 2, numbers: ([3, 2], [1, 1])),
            Example(operation: .multiplyByNumber(0.5), numbers: ([3, 2], [1.5, 1])),
            Example(operation: .addNumber(-1), numbers: ([3, 2], [2, 1])),
            Example(operation: .leakyReLU(slope: 0.2), numbers: ([-5, 2], [-1, 2])),
            Example(operation: .relu, numbers: ([-5, 2], [0, 2])),
            Example(operation: .copy, numbers: ([-5, 2], [-5, 2])),
        ]

        /// A graph of two operations after one another.
        private final class Chain: Generator {
            let inputChannels = 2
            let outputChannels = 2
            let layers: [(name: String, layer: any Layer)] = []

            /// As attention does: the product of each image's pixels with each other.
            func callAsFunction(_ input: Tensor, mode: ForwardMode) throws(TorchError) -> Tensor {
                let flat = try input.reshaped(to: [input.shape[0], 2, -1])
                let product = try Tensor.full(0, shape: [input.shape[0], 2, 2])
                try Recorder.current?.note(
                    product,
                    madeBy: .matrixProduct,
                    of: [flat, flat.transposed(1, 2)],
                    name: "claim"
                )
                let result = try Tensor.full(0, shape: flat.shape)
                try Recorder.current?.note(
                    result,
                    madeBy: .matrixProduct,
                    of: [product, flat],
                    name: "claim"
                )
                return try result.reshaped(to: input.shape)
            }
        }

        @Test("Each means what hand-made answers say, and the same in onnxruntime")
        func operators() throws {
            let temporary = try TemporaryFolder()
            var files: [String] = []
            for (number, example) in Self.examples.enumerated() {
                let graph = try graph(of: Claim(example))
                if let (before, after) = example.numbers {
                    let input = try Tensor.floats(before, shape: [1, example.channels, 1, 2])
                    let found = try OnnxEvaluator(graph, path: "test").output(for: input)
                    #expect(found.shape == example.shape(input.shape), "\(example.operation)")
                    let isSame = zip(try found.floats(), after).allSatisfy { abs($0 - $1) < 1e-6 }
                    #expect(isSame && found.elementCount == after.count, "\(example.operation)")
                }
                files += try write(graph, channels: example.channels, to: temporary, "\(number)")
            }
            files += try write(graph(of: Chain()), channels: 2, to: temporary, "chain")
            guard OnnxRuntime.isInstalled else { return }
            let outcome = try OnnxRuntime.check(files)
            #expect(outcome.status == 0, "\(outcome.messages)")
            #expect(outcome.output.split(separator: "\n").count == files.count / 2)
        }

        private func graph(of generator: any Generator) throws -> OnnxGraph {
            let mode = ForwardMode.inference(.image, dropout: false)
            let trace = try GeneratorTrace(of: generator, mode: mode, side: 4)
            return try OnnxGraphBuilder.graph(of: trace, name: "test")
        }

        /// Writes a model, and what the evaluator makes of noise of two sizes.
        private func write(
            _ graph: OnnxGraph,
            channels: Int,
            to temporary: TemporaryFolder,
            _ name: String
        ) throws -> [String] {
            var tensors: [NamedTensor] = []
            for (number, shape) in [[1, channels, 4, 8], [3, channels, 12, 4]].enumerated() {
                let input = try Tensor.full(0, shape: shape)
                try Torch.seed(UInt64(number))
                try input.fillUniform()
                let output = try OnnxEvaluator(graph, path: "test").output(for: input)
                tensors.append(NamedTensor("input.\(number)", input, .buffer))
                tensors.append(NamedTensor("output.\(number)", output, .buffer))
            }
            let header = SafetensorsHeader(
                tensors.map { ($0.name, .f32, $0.tensor.shape) },
                metadata: [:]
            )
            var bytes = Array(header.encoded())
            for name in header.order {
                let entry = try #require(tensors.first { $0.name == name })
                bytes += try entry.tensor.bytes()
            }
            let model: [UInt8] = try OnnxModel(graph).serializedBytes()
            return [
                try temporary.write(model, to: "\(name).onnx"),
                try temporary.write(bytes, to: "\(name).safetensors"),
            ]
        }
    }
}
