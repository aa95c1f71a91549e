import Augment
import DatasetKit
import FoundationEssentials
import Pix2Pix
import TestSupport
import Testing

extension TorchTests {
    /// Runs that begin with weights from elsewhere.
    @Suite("Initial weights")
    struct InitialWeightsTests {
        private let temporary: TemporaryFolder

        init() throws {
            temporary = try TemporaryFolder()
        }

        private func model(
            seed: UInt64,
            _ change: (inout TrainOptions) -> Void = { _ in }
        ) throws -> Pix2PixModel {
            var options = TrainOptions()
            (options.ngf, options.ndf, options.generator) = (2, 2, .unet32)
            change(&options)
            let model = try Pix2PixModel(
                options,
                generator: options.generator ?? .unet32,
                inputChannels: 3,
                targetChannels: 3,
                device: .cpu
            )
            try Torch.seed(seed)
            try model.initialize()
            return model
        }

        /// Writes a generator as PyTorch's `save_file(net_G.state_dict())` does.
        private func write(
            _ model: Pix2PixModel,
            renaming: (String) -> String? = { $0 }
        ) throws -> String {
            let entries = model.generator.state.compactMap { entry in
                renaming(entry.name).map { NamedTensor($0, entry.tensor, entry.kind) }
            }
            let header = SafetensorsHeader(
                entries.map {
                    ($0.name, $0.tensor.elementType == .int64 ? .i64 : .f32, $0.tensor.shape)
                },
                metadata: [:]
            )
            var bytes = Array(header.encoded())
            for name in header.order {
                let entry = try #require(entries.first { $0.name == name })
                bytes += try entry.tensor.bytes()
            }
            return try temporary.write(bytes, to: "weights.safetensors")
        }

        private func bytes(_ model: Pix2PixModel) throws -> [[UInt8]] {
            try model.generator.state.map { try $0.tensor.bytes() }
        }

        @Test("The reference's generator file is taken over, with module. and without counters too")
        func referenceFile() throws {
            let trained = try model(seed: 1)
            for renaming in [
                { $0 }, { "module.\($0)" },
                { $0.hasSuffix("num_batches_tracked") ? nil : $0 },
            ] as [(String) -> String?] {
                let path = try write(trained, renaming: renaming)
                let other = try model(seed: 2)
                let report = try InitialWeights(path: path).load(into: other)
                #expect(try bytes(other) == bytes(trained))
                #expect(report.generator.missing.isEmpty && report.generator.unexpected.isEmpty)
                #expect(report.discriminator == nil)
                #expect(
                    report.lines.last
                        == "discriminator: none in the file; it starts from random weights"
                )
            }
        }

        @Test("What does not fit is named: missing, unexpected, of another shape")
        func differences() throws {
            let trained = try model(seed: 1)
            let path = try write(trained) { name in
                name == "model.model.0.weight" ? "model.model.9.weight" : name
            }
            let same = try InitialWeights(path: path).load(into: model(seed: 2))
            #expect(same.generator.missing == ["model.model.0.weight"])
            #expect(same.generator.unexpected == ["model.model.9.weight"])
            #expect(same.lines.contains { $0.contains("1 missing in the file, random instead") })

            let wider = try InitialWeights(path: path).load(into: model(seed: 2) { $0.ngf = 4 })
            #expect(!wider.generator.misfits.isEmpty)
            #expect(wider.generator.misfits.allSatisfy { $0.contains(", expected F32 [") })
            let error = #expect(throws: TrainingError.self) {
                try InitialWeights(path: path).load(
                    into: model(seed: 2) { $0.generator = .resnet6 }
                )
            }
            #expect(error?.message.contains("expected weights of this generator") == true)
        }
    }
}
