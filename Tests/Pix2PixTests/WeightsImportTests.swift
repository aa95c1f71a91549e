import DatasetKit
import FoundationEssentials
import Pix2Pix
import TestSupport
import Testing

extension TorchTests {
    /// Weights from elsewhere: the files of `make_weights_fixtures.py`, and those of known networks.
    @Suite("Import of weights")
    struct WeightsImportTests {
        private let temporary: TemporaryFolder

        init() throws {
            temporary = try TemporaryFolder()
        }

        private func fixture(_ name: String) -> String { "\(Places.fixtures)/weights/\(name)" }

        private func imported(
            _ path: String,
            _ change: (inout WeightsImport.Choices) -> Void = { _ in }
        ) throws -> WeightsImport {
            var choices = WeightsImport.Choices()
            change(&choices)
            return try WeightsImport(path: path, choices)
        }

        /// What a generator makes of the fixture's image, with the statistics of its training.
        private func output(_ generator: any Generator) throws -> Tensor {
            let shape = [1, generator.inputChannels, 32, 32]
            let image = (0..<shape.reduce(1, *)).map { Float($0 % 255) / 127 - 1 }
            let mode = ForwardMode.inference(.running, dropout: false)
            return try generator(.floats(image, shape: shape), mode: mode)
        }

        private func expectOutput(
            _ name: String,
            of generator: any Generator,
            sourceLocation: SourceLocation = #_sourceLocation
        ) throws {
            let expected = try WeightsFile(path: fixture("outputs.safetensors")).tensor(name)
            try expectClose(output(generator), expected, sourceLocation: sourceLocation)
        }

        /// Writes tensors of zeros as safetensors.
        private func write(_ tensors: [(name: String, shape: [Int])]) throws -> String {
            let header = SafetensorsHeader(tensors.map { ($0.name, .f32, $0.shape) }, metadata: [:])
            let data = [UInt8](repeating: 0, count: header.dataLength)
            return try temporary.write(header.encoded() + data, to: "zeros.safetensors")
        }

        private func layout(_ network: any Network) -> [(name: String, shape: [Int])] {
            network.state.filter { $0.tensor.elementType == .float32 }
                .map { ($0.name, $0.tensor.shape) }
        }

        private func generator(
            _ name: TrainOptions.Generator,
            _ norm: TrainOptions.Norm = .batch,
            dropout: Bool = true,
            ngf: Int = 2,
            channels: (Int, Int) = (3, 3)
        ) throws -> any Generator {
            var options = TrainOptions()
            (options.ngf, options.norm, options.dropout) = (ngf, norm, dropout)
            return try options.makeGenerator(
                name,
                inputChannels: channels.0,
                targetChannels: channels.1,
                device: .cpu
            )
        }

        // MARK: - Files

        @Test(
            "A generator makes what it makes in PyTorch, from every kind of file",
            arguments: [
                ("unet", "unet"), ("unet-stream", "unet"), ("unet-protocol-4", "unet"),
                ("unet-big-endian", "unet"), ("unet-half", "unet"), ("checkpoint", "unet"),
                ("checkpoint-stream", "unet"), ("flat", "unet"),
                ("resnet-dropout", "resnet-dropout"), ("resnet-instance", "resnet-instance"),
            ]
        )
        func outputs(file: String, expected: String) throws {
            let result = try imported(fixture("\(file).pth"))
            try expectOutput(expected, of: result.generator)
            let path = temporary.path("model.safetensors")
            try result.write(to: path)
            let trained = try TrainedModel(path: path, device: .cpu)
            try expectOutput(expected, of: trained.generator)
            #expect(trained.model == result.model)
            let error = #expect(throws: DatasetError.self) {
                try TrainedModel(path: fixture("\(file).pth"), device: .cpu)
            }
            #expect(error?.message.contains("p2p-train import ") == true)
        }

        @Test("The report counts what was converted, what is missing and what is left out")
        func report() throws {
            let checkpoint = try imported(fixture("checkpoint.pth")).report
            #expect(checkpoint.format == .torchArchive)
            #expect(checkpoint.key == "state_dict")
            #expect(checkpoint.prefix == "module.")
            #expect(checkpoint.matched == 39)
            #expect(checkpoint.converted == ["F16": 4, "BF16": 2, "F64": 2])
            #expect(checkpoint.missing.count == 7)
            #expect(checkpoint.missing.allSatisfy { $0.hasSuffix(".num_batches_tracked") })
            #expect(checkpoint.unexpected.isEmpty)
            #expect(checkpoint.parameters == 4269)
            #expect(checkpoint.sha256 == (try Checksum.sha256(ofFile: fixture("checkpoint.pth"))))

            let flat = try imported(fixture("flat.pth")).report
            #expect(flat.prefix == "netG.")
            #expect(flat.unexpected.count == 10)
            #expect(flat.unexpected.allSatisfy { $0.hasPrefix("netD.") })

            let old = try imported(fixture("resnet-instance.pth")).report
            #expect(old.format == .torchStream)
            #expect(old.unexpected.contains("model.2.running_mean"))
        }

        @Test("A key names one of several generators")
        func keys() throws {
            let path = fixture("two-generators.pth")
            let error = #expect(throws: DatasetError.self) { try imported(path) }
            #expect(error?.message.contains("G_A, G_B; name one with --key") == true)
            let first = try imported(path) { $0.key = "G_A" }
            try expectOutput("unet", of: first.generator)
            #expect(throws: DatasetError.self) { try imported(path) { $0.key = "G_C" } }
        }

        @Test("Weights of code that joins the doubled features first do the same here")
        func skipOrder() throws {
            let swapped = try imported(fixture("unet.pth")) { $0.skipOrder = .upsampledFirst }
            try expectOutput("upsampled-first", of: swapped.generator)
            let plain = try imported(fixture("unet.pth"))
            let outputs = try (output(plain.generator).floats(), output(swapped.generator).floats())
            #expect(relativeError(outputs.0, outputs.1) > 0.1)
            let error = #expect(throws: DatasetError.self) {
                try imported(fixture("resnet-dropout.pth")) { $0.skipOrder = .upsampledFirst }
            }
            #expect(error?.code == .invalidRecipe)
        }

        // MARK: - Architectures

        @Test(
            "Every generator is recognised by names and shapes",
            arguments: TrainOptions.Generator.allCases,
            TrainOptions.Norm.allCases
        )
        func architectures(name: TrainOptions.Generator, norm: TrainOptions.Norm) throws {
            let isResnet = name.rawValue.hasPrefix("resnet")
            for dropout in isResnet ? [true, false] : [true] {
                let network = try generator(name, norm, dropout: dropout, ngf: 3, channels: (1, 5))
                let model = try imported(write(layout(network))).model
                #expect(model.options.generator == name)
                // The Keras tutorial's has no choice of norms.
                #expect(model.options.norm == (name == .keras ? .batch : norm))
                #expect(model.options.dropout == dropout)
                #expect(model.options.ngf == 3)
                let sides = [model.input, model.target]
                #expect(sides.map(\.channels) == [1, 5])
                #expect(sides.map(\.colors) == [.gray, .multichannel])
                #expect(sides.map(\.dtype) == [.u8, .u8])
                #expect(
                    model.imageSize.width == (isResnet || name == .keras ? 256 : name.sizeMultiple)
                )
            }
        }

        @Test("What the weights do not say is the user's choice")
        func choices() throws {
            let path = fixture("unet.pth")
            let model = try imported(path) { ($0.dropout, $0.imageSize) = (false, 96) }.model
            #expect(!model.options.dropout)
            #expect(model.imageSize == ImageSize(width: 96, height: 96))
            #expect(model.origin.hasPrefix("unet.pth, SHA-256 "))
            let size = #expect(throws: DatasetError.self) {
                try imported(path) { $0.imageSize = 50 }
            }
            #expect(size?.code == .invalidRecipe)
            let dropout = #expect(throws: DatasetError.self) {
                try imported(fixture("resnet-dropout.pth")) { $0.dropout = false }
            }
            #expect(dropout?.message.contains("say that it was trained with dropout") == true)
        }

        @Test("A discriminator is told from a generator")
        func discriminators() throws {
            for (kind, layers) in [
                (TrainOptions.Discriminator.basic, 3), (.nLayers, 1), (.nLayers, 5), (.pixel, 3),
            ] {
                var options = TrainOptions()
                (options.discriminator, options.nLayersD, options.ndf) = (kind, layers, 8)
                let network = try #require(try options.makeDiscriminator(channels: 6, device: .cpu))
                let error = #expect(throws: DatasetError.self) {
                    try imported(write(layout(network)))
                }
                #expect(error?.code == .mismatch)
                #expect(error?.message.contains("discriminator \(kind.rawValue)") == true)
                #expect(error?.message.contains("ndf 8, pairs of 6 channels") == true)
            }
        }

        @Test("What fits no generator is refused with the nearest and the differences")
        func differences() throws {
            var tensors = layout(try generator(.unet64, .instance))
            tensors[0].shape = [2, 3, 5, 5]
            tensors.removeLast()
            tensors.append(("model.model.7.weight", [4]))
            let error = #expect(throws: DatasetError.self) { try imported(write(tensors)) }
            let message = try #require(error?.message)
            #expect(error?.code == .mismatch)
            for text in [
                "the nearest is unet_64, ngf 2, 3 to 3 channels, norm instance",
                "3 tensors differ",
                "model.model.0.weight: expected [2, 3, 4, 4], found [2, 3, 5, 5]",
                "model.model.3.bias: expected [3], not in the file",
                "model.model.7.weight: [4] in the file, expected none",
            ] { #expect(message.contains(text), "\(message)") }

            let other = #expect(throws: DatasetError.self) {
                try imported(write([("features.0.weight", [64, 3, 3, 3])]))
            }
            #expect(other?.message.contains("found 1 others: features.0.weight") == true)
            let many = (0..<300).map { ("model.\($0).weight", [1]) }
            let unlike = #expect(throws: DatasetError.self) { try imported(write(many)) }
            #expect(unlike?.message.contains("found 300 others") == true)
            let path = temporary.path("model.safetensors")
            try imported(fixture("unet.pth")).write(to: path)
            let ours = #expect(throws: DatasetError.self) { try imported(path) }
            #expect(ours?.message.contains("use it as it is") == true)
        }

        // MARK: - Other users of the reader

        @Test("A file's tensors are read by name, whatever the file")
        func weightsFile() throws {
            let file = try WeightsFile(path: fixture("checkpoint-stream.pth"), key: "discriminator")
            #expect(file.format == .torchStream)
            #expect(file.names.first == "model.0.weight")
            #expect(file.shape(of: "model.0.weight") == [1, 6, 4, 4])
            #expect(file.storedType(of: "model.3.num_batches_tracked") == .i64)
            #expect(try file.tensor("model.3.num_batches_tracked").integers() == [7])
            #expect(try file.tensor("model.0.weight").shape == [1, 6, 4, 4])
            #expect(file.shape(of: "none") == nil)
            #expect(throws: DatasetError.self) { try file.tensor("none") }

            let outputs = try WeightsFile(path: fixture("outputs.safetensors"))
            #expect(outputs.format == .safetensors)
            #expect(outputs.shape(of: "unet") == [1, 3, 32, 32])
            for (text, says) in [
                ("<!DOCTYPE html>", "a web page"), ("", "an empty file"), ("abc", "something else"),
                ("version https://git-lfs.github.com/spec/v1", "Git LFS"),
            ] {
                let path = try temporary.write(text, to: "odd.pth")
                let error = #expect(throws: DatasetError.self) { try WeightsFile(path: path) }
                #expect(error?.message.contains(says) == true)
            }
        }

        @Test("A training begins with the weights of a .pth file")
        func initialWeights() throws {
            var options = TrainOptions()
            (options.ngf, options.ndf, options.generator) = (1, 1, .unet32)
            let model = try Pix2PixModel(options)
            try Torch.seed(1)
            try model.initialize()
            let weights = try InitialWeights(path: fixture("checkpoint.pth"))
            let report = try weights.load(into: model)
            #expect(report.generator.matched == 39)
            #expect(report.generator.missing.isEmpty && report.generator.misfits.isEmpty)
            try expectOutput("unet", of: model.generator)
        }
    }
}
