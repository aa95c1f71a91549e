import DatasetKit
import Foundation
import Pix2Pix
import SwiftProtobuf
import TestSupport
import Testing

extension TorchTests {
    /// Generators as graphs of ONNX.
    @Suite("Export to ONNX")
    struct ExportTests {
        private let temporary: TemporaryFolder

        init() throws {
            temporary = try TemporaryFolder()
        }

        /// A kind of generator, and how its graph shall normalise.
        private struct Architecture {
            var generator: TrainOptions.Generator
            var norm: TrainOptions.Norm
            var testNorm: TrainOptions.TestNorm?
            var channels: (input: Int, output: Int)
            /// What it has that the reference's has not.
            var variant = ""
            var change: (inout TrainOptions) -> Void = { _ in }

            var name: String {
                "\(generator.rawValue)-\(norm.rawValue)-\(testNorm?.rawValue ?? "alone")\(variant)"
            }

            /// All of them, and what can be added to them.
            static var all: [Architecture] { references + variants }

            /// What the reference has not, each in one network at least.
            private static var variants: [Architecture] {
                let changes: [(String, TrainOptions.Generator, (inout TrainOptions) -> Void)] = [
                    ("nearest", .unet32, { $0.upsampling = .nearest }),
                    ("bilinear", .resnet6, { $0.upsampling = .bilinear }),
                    ("shuffle", .unet64, { $0.upsampling = .pixelShuffle }),
                    ("residual", .unet32, { ($0.resBlocks, $0.channelAttention) = (1, true) }),
                    ("attention", .unet64, { $0.attentionLevels = [1, 3] }),
                    ("spectral", .unet32, { $0.spectralNorm = .both }),
                    ("spectral", .resnet6, { $0.spectralNorm = .both }),
                    ("", .keras, { _ in }),
                ]
                return changes.flatMap { name, generator, change in
                    [TrainOptions.TestNorm.batch, .running].map {
                        Architecture(
                            generator: generator,
                            norm: .batch,
                            testNorm: $0,
                            channels: (3, 1),
                            variant: "-\(name)",
                            change: change
                        )
                    }
                }
            }

            /// The reference's, with some numbers of channels.
            private static var references: [Architecture] {
                let generators: [TrainOptions.Generator] = [
                    .unet32, .unet64, .unet128, .unet256, .resnet6, .resnet9,
                ]
                let norms: [(TrainOptions.Norm, TrainOptions.TestNorm?)] = [
                    (.batch, .batch), (.batch, .running), (.instance, nil), (.none, nil),
                ]
                let channels = [(3, 3), (1, 4), (4, 1)]
                return generators.enumerated().flatMap { number, generator in
                    norms.enumerated().map { place, norm in
                        Architecture(
                            generator: generator,
                            norm: norm.0,
                            testNorm: norm.1,
                            channels: channels[(number + place) % channels.count]
                        )
                    }
                }
            }
        }

        /// A generator that has seen some noise, as a model file.
        private func model(
            _ architecture: Architecture,
            type: SampleType = .u8
        ) throws -> TrainedModel {
            var options = TrainOptions()
            (options.generator, options.norm, options.ngf) = (
                architecture.generator, architecture.norm, 3
            )
            architecture.change(&options)
            options.inputRange = type == .f32 ? .init(low: -10, high: 40) : nil
            let isKeras = architecture.generator == .keras
            let side = isKeras ? 256 : max(32, architecture.generator.sizeMultiple)
            let size = ImageSize(width: side, height: side)
            let (inputs, outputs) = architecture.channels
            let generator = try options.makeGenerator(
                architecture.generator,
                inputChannels: inputs,
                targetChannels: outputs,
                device: .cpu
            )
            try Torch.seed(3)
            // Larger weights than of a beginning, so that small mistakes show: features keep their size
            // from layer to layer, also without a norm.
            try generator.initialize(standardDeviation: 0.1)
            let noise = try Tensor.full(0, shape: [2, inputs, side, side])
            for _ in 1...3 {
                try noise.fillUniform()
                _ = try withoutGradients { try generator(noise, mode: .training) }
            }
            let path = temporary.path("\(architecture.name).safetensors")
            let description = ModelDescription(
                options: options,
                imageSize: size,
                input: DatasetIndex.Side(size: size, channels: inputs, dtype: type),
                target: DatasetIndex.Side(size: size, channels: outputs, dtype: .u8),
                recipe: nil,
                origin: "a test"
            )
            try ModelFile.write(generator, description, to: path)
            return try TrainedModel(path: path, device: .cpu)
        }

        @Test("Every architecture, norm and number of channels makes the same as a graph")
        func architectures() throws {
            var files: [String] = []
            for architecture in Architecture.all {
                let export = try OnnxExport(of: model(architecture), norm: architecture.testNorm)
                let path = temporary.path("\(architecture.name).onnx")
                let samples = temporary.path("\(architecture.name)-samples.safetensors")
                let report = try export.write(to: path, samples: samples)
                #expect(report.norm == architecture.testNorm)
                #expect(report.checks.map(\.batch) == [1, 2, 1, 2])
                #expect(Set(report.checks.map { [$0.height, $0.width] }).count == 2)
                #expect(report.largestDifference < 2e-5, "\(architecture.name)")
                #expect(report.bytes == (try Data(contentsOf: URL(fileURLWithPath: path)).count))
                files += [path, samples]
            }
            guard OnnxRuntime.isInstalled else { return }
            let outcome = try OnnxRuntime.check(files)
            #expect(outcome.status == 0, "\(outcome.messages)")
            #expect(outcome.output.split(separator: "\n").count == Architecture.all.count)
        }

        @Test("The two ways of batch normalisation give different graphs")
        func norms() throws {
            let trained = try model(
                Architecture(generator: .unet32, norm: .batch, channels: (3, 3))
            )
            #expect(try OnnxExport(of: trained).norm == .batch)
            var operations: [Set<String>] = []
            for norm in [TrainOptions.TestNorm.batch, .running] {
                let mode = ForwardMode.inference(norm == .batch ? .image : .running, dropout: false)
                let trace = try GeneratorTrace(of: trained.generator, mode: mode, side: 32)
                let graph = try OnnxGraphBuilder.graph(of: trace, name: "test")
                operations.append(Set(graph.node.map(\.opType)))
                // What the mode has no use for is not in the file.
                let hasStatistics = graph.initializer.contains { $0.name.hasSuffix("running_var") }
                #expect(hasStatistics == (norm == .running))
            }
            #expect(operations[0].contains("InstanceNormalization"))
            #expect(operations[1].contains("BatchNormalization"))
            #expect(operations[0].isDisjoint(with: ["BatchNormalization"]))
            let other = try model(
                Architecture(generator: .unet32, norm: .instance, channels: (3, 3))
            )
            #expect(throws: TrainingError.self) { try OnnxExport(of: other, norm: .running) }
        }

        @Test("The file says what goes in and what comes out")
        func metadata() throws {
            let trained = try model(
                Architecture(generator: .resnet6, norm: .batch, channels: (1, 3)),
                type: .f32
            )
            let path = temporary.path("floats.onnx")
            let export = try OnnxExport(of: trained)
            #expect(export.leavesOutDropout)
            _ = try export.write(to: path)
            let file = try OnnxModel(
                serializedBytes: Data(contentsOf: URL(fileURLWithPath: path))
            )
            let texts = Dictionary(
                uniqueKeysWithValues: file.metadataProps.map { ($0.key, $0.value) }
            )
            #expect(texts["format"] == "p2p-onnx")
            #expect(texts["size_multiple"] == "4")
            #expect(
                texts["preprocessing"]
                    == "value = (sample - (-10)) / 25 - 1; [batch, 1 channel, height, width]"
            )
            #expect(
                texts["postprocessing"]
                    == "sample = round((value + 1) * 127.5), cut to 0...255; 3 channels"
            )
            #expect(texts["model"]?.contains("\"origin\":\"a test\"") == true)
            #expect(file.docString == "a test")
            #expect(file.graph.input[0].type.tensorType.shape.dim[1].dimValue == 1)
            #expect(
                file.graph.output[0].type.tensorType.shape.dim.map(\.dimParam)
                    == ["batch", "", "height", "width"]
            )
        }

        @Test("A graph that makes something else is not accepted")
        func mismatch() throws {
            let architecture = Architecture(generator: .unet32, norm: .none, channels: (3, 3))
            let (one, other) = (try model(architecture), try model(architecture))
            try other.generator.parameters[0].tensor.fill(0)
            let mode = ForwardMode.inference(.image, dropout: false)
            let trace = try GeneratorTrace(of: one.generator, mode: mode, side: 32)
            let evaluator = try OnnxEvaluator(
                OnnxGraphBuilder.graph(of: trace, name: "test"),
                path: "test.onnx"
            )
            let comparison = try OnnxComparison(
                of: evaluator,
                with: other.generator,
                mode: mode,
                sizes: [(32, 32)]
            )
            let error = #expect(throws: DatasetError.self) {
                try comparison.requireAgreement(within: 1e-4, path: "test.onnx")
            }
            #expect(error?.code == .mismatch)
        }
    }
}

/// `scripts/check_onnx.py` in `.venv`.
enum OnnxRuntime {
    private static let python = "\(Places.package)/.venv/bin/python"

    /// Whether `.venv` has what it needs.
    static let isInstalled =
        FileManager.default.isExecutableFile(atPath: python)
        && (try? Command(path: python).run(["-c", "import onnx, onnxruntime, safetensors"]).status)
            == 0

    /// Compares files with samples, one after the other.
    static func check(_ files: [String]) throws -> Command.Outcome {
        try Command(path: python).run(["\(Places.package)/scripts/check_onnx.py"] + files)
    }
}
