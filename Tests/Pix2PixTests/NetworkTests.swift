import DatasetKit
import Pix2Pix
import Testing

extension TorchTests {
    @Suite("Networks")
    struct NetworkTests {
        @Test(
            "Every generator has the reference's names and shapes",
            arguments: TrainOptions.Generator.allCases.filter { $0 != .keras },
            TrainOptions.Norm.allCases
        )
        func generatorNames(name: TrainOptions.Generator, norm: TrainOptions.Norm) throws {
            for dropout in name.rawValue.hasPrefix("resnet") ? [false, true] : [true] {
                let key = "\(name.rawValue) \(norm.rawValue) \(dropout)"
                let expected = try TorchFixture("architectures").text(key)
                // The fixture has 64 filters; 2 make the same names with narrower shapes.
                var options = TrainOptions()
                (options.ngf, options.norm, options.dropout) = (2, norm, dropout)
                let generator = try options.makeGenerator(
                    name,
                    inputChannels: 3,
                    targetChannels: 3,
                    device: .cpu
                )
                #expect(generator.summary == narrowed(expected), "\(key)")
            }
        }

        @Test(
            "Every discriminator has the reference's names and shapes",
            arguments: 0...6,
            TrainOptions.Norm.allCases
        )
        func discriminatorNames(layers: Int, norm: TrainOptions.Norm) throws {
            let key = layers == 0 ? "pixel \(norm.rawValue)" : "n_layers \(layers) \(norm.rawValue)"
            let expected = try TorchFixture("architectures").text(key)
            var options = TrainOptions()
            (options.ndf, options.norm) = (2, norm)
            options.discriminator = layers == 0 ? .pixel : .nLayers
            options.nLayersD = max(1, layers)
            let discriminator = try #require(
                try options.makeDiscriminator(channels: 6, device: .cpu)
            )
            #expect(discriminator.summary == narrowed(expected))
            // The smallest image, and more in the other direction, as a batch's statistics need.
            let smallest = discriminator.minimumSide
            let image = try Tensor.full(0, shape: [1, 3, smallest, smallest + 40])
            let logits = try discriminator(input: image, image: image, mode: .training)[0].logits
            #expect(logits.shape[1...2] == [1, 1])
            guard let patch = discriminator as? PatchDiscriminator else { return }
            let fields = [16, 34, 70, 142, 286, 574]  // The paper's and the Lua code's.
            #expect(patch.receptiveField == fields[layers - 1])
            let small = try Tensor.full(0, shape: [1, 3, smallest - 1, smallest])
            #expect(throws: TorchError.self) {
                try discriminator(input: small, image: small, mode: .training)
            }
        }

        @Test("The full-size networks have the reference's numbers of parameters")
        func parameterCounts() throws {
            let generator = try UNetGenerator(device: .cpu)
            #expect(generator.parameterCount == 54_413_955)
            #expect(generator.state.count == 82)
            let expected = try TorchFixture("architectures").text("unet_256 batch true")
            #expect(generator.summary == expected)
            #expect(try PatchDiscriminator(device: .cpu).parameterCount == 2_768_705)
        }

        @Test("A size that cannot be halved so often is an error that names the multiple")
        func sizes() throws {
            let generator = try UNetGenerator(levels: 5, filters: 1, device: .cpu)
            #expect {
                try generator(.full(0, shape: [1, 3, 64, 48]), mode: .training)
            } throws: {
                "\($0)" == "U-Net: expected height and width to be multiples of 32 (5 levels), "
                    + "found 48x64 pixels; crop or resize to such a size, or use fewer levels"
            }
            #expect {
                try generator(.full(0, shape: [1, 4, 64, 64]), mode: .training)
            } throws: {
                "\($0)" == "U-Net: expected a batch [N, 3, H, W], found [1, 4, 64, 64]"
            }
            let image = try Tensor.full(0, shape: [2, 3, 32, 96])
            #expect(try generator(image, mode: .training).shape == [2, 3, 32, 96])
        }

        @Test("A ResNet takes multiples of 4 from 8 on, and says so")
        func resnetSizes() throws {
            let generator = try ResnetGenerator(blocks: 1, filters: 1, device: .cpu)
            for (height, width) in [(8, 8), (12, 20)] {
                let image = try Tensor.full(0, shape: [1, 3, height, width])
                #expect(try generator(image, mode: .training).shape == [1, 3, height, width])
            }
            #expect {
                try generator(.full(0, shape: [1, 3, 4, 16]), mode: .training)
            } throws: {
                "\($0)" == "ResNet: expected height and width to be multiples of 4, at least 8, "
                    + "found 16x4 pixels; crop or resize to such a size"
            }
            #expect(throws: TorchError.self) {
                try generator(.full(0, shape: [1, 3, 16, 18]), mode: .training)
            }
            #expect {
                try generator(.full(0, shape: [1, 1, 16, 16]), mode: .training)
            } throws: {
                "\($0)" == "ResNet: expected a batch [N, 3, H, W], found [1, 1, 16, 16]"
            }
        }

        @Test(
            "Statistics of a single value are an error that says so",
            arguments: [TrainOptions.Norm.batch, .instance]
        )
        func singleValues(norm: TrainOptions.Norm) throws {
            let discriminator = try PixelDiscriminator(filters: 1, norm: norm, device: .cpu)
            let error = try #require(throws: TorchError.self) {
                try discriminator(.full(0, shape: [1, 6, 1, 1]), mode: .training)
            }
            #expect(error.message.contains("more than 1 value per channel"))
        }

        @Test("Without dropout, two passes in training mode are the same")
        func withoutDropout() throws {
            let image = try Tensor.full(0.5, shape: [1, 3, 64, 64])
            let networks: [any Generator] = [
                try UNetGenerator(levels: 6, filters: 1, dropout: false, device: .cpu),
                try ResnetGenerator(blocks: 1, filters: 1, dropout: false, device: .cpu),
            ]
            for network in networks {
                try network.initialize()
                let first = try network(image, mode: .training).floats()
                #expect(try network(image, mode: .training).floats() == first)
            }
        }

        @Test("Numbers that make no network are errors")
        func impossibleNumbers() {
            #expect(throws: TorchError.self) { try UNetGenerator(levels: 4, device: .cpu) }
            #expect(throws: TorchError.self) { try UNetGenerator(levels: 11, device: .cpu) }
            #expect(throws: TorchError.self) {
                try UNetGenerator(levels: 5, filters: 0, device: .cpu)
            }
            #expect(throws: TorchError.self) { try PatchDiscriminator(layerCount: 0, device: .cpu) }
            #expect(throws: TorchError.self) { try PatchDiscriminator(layerCount: 7, device: .cpu) }
            #expect(throws: TorchError.self) { try PatchDiscriminator(channels: 0, device: .cpu) }
            #expect(throws: TorchError.self) { try PixelDiscriminator(filters: 0, device: .cpu) }
            #expect(throws: TorchError.self) { try ResnetGenerator(blocks: 0, device: .cpu) }
            #expect(throws: TorchError.self) { try ResnetGenerator(filters: 0, device: .cpu) }
        }

        @Test("Inference never moves running statistics; training moves them once per batch")
        func runningStatistics() throws {
            let generator = try UNetGenerator(levels: 6, filters: 1, device: .cpu)
            try Torch.seed(1)
            try generator.initialize()
            let image = try Tensor.full(0.5, shape: [1, 3, 64, 64])
            func buffers() throws -> [[UInt8]] {
                try generator.state.filter { $0.kind == .buffer }.map { try $0.tensor.bytes() }
            }
            let before = try buffers()
            for statistics in [ForwardMode.Statistics.batch, .image, .running] {
                for dropout in [false, true] {
                    let mode = ForwardMode.inference(statistics, dropout: dropout)
                    let first = try withoutGradients { try generator(image, mode: mode) }
                    let second = try withoutGradients { try generator(image, mode: mode) }
                    #expect(try (first.floats() == second.floats()) == !dropout)
                }
            }
            #expect(try buffers() == before)
            _ = try generator(image, mode: .training)
            #expect(try buffers() != before)
        }

        @Test("Loading names what does not fit and then changes nothing")
        func misfits() throws {
            let network = try PatchDiscriminator(layerCount: 1, filters: 1, device: .cpu)
            var tensors = try copies(of: network)
            tensors["model.0.weight"] = try .full(1, shape: [1, 3, 4, 4])
            tensors["model.0.bias"] = nil
            tensors["model.9.weight"] = try .full(1, shape: [])
            let error = try #require(throws: TorchError.self) { try network.load(tensors) }
            #expect(
                error.description == "load weights: the tensors do not fit the architecture: "
                    + "model.0.weight is F32 [1, 3, 4, 4], expected F32 [1, 6, 4, 4], "
                    + "model.0.bias is missing, model.9.weight is unexpected"
            )
            #expect(try network.state[0].tensor.floats().allSatisfy { $0 == 0 })
        }

        @Test("Old files: the prefix module. and missing num_batches_tracked")
        func oldFiles() throws {
            let network = try PatchDiscriminator(layerCount: 1, filters: 1, device: .cpu)
            try network.initialize()
            var old: [String: Tensor] = [:]
            for (name, tensor) in try copies(of: network)
            where !name.hasSuffix("num_batches_tracked") {
                old["module.\(name)"] = tensor
            }
            let other = try PatchDiscriminator(layerCount: 1, filters: 1, device: .cpu)
            try other.load(old)
            for (found, expected) in zip(other.state, network.state) {
                #expect(try found.tensor.bytes() == expected.tensor.bytes())
            }
            #expect(throws: TorchError.self) { try other.load([:]) }
        }

        @Test("Networks free their tensors, after an error too")
        func leaks() throws {
            let before = Torch.liveTensorCount
            do {
                let generator = try UNetGenerator(levels: 5, filters: 1, device: .cpu)
                let image = try Tensor.full(0, shape: [1, 3, 32, 32])
                try generator(image, mode: .training).mean().backward()
                #expect(throws: TorchError.self) {
                    try generator(.full(0, shape: [1, 3, 31, 32]), mode: .training)
                }
                #expect(Torch.liveTensorCount > before)
            }
            #expect(Torch.liveTensorCount == before)
        }

        private func copies(of network: some Network) throws -> [String: Tensor] {
            try Dictionary(
                uniqueKeysWithValues: network.state.map { ($0.name, try $0.tensor.cloned()) }
            )
        }

        /// A summary with 64 filters as one with 2: all dimensions that filters make are 32 times
        /// smaller, and those of images (1, 3, 6) and kernels (4) are not multiples of 64.
        private func narrowed(_ summary: String) -> String {
            summary.split(separator: "\n").map { line in
                guard let bracket = line.firstIndex(of: "[") else { return String(line) }
                let sizes = line[bracket...].dropFirst().dropLast().split(separator: ", ")
                    .compactMap { Int($0) }
                return line[..<bracket] + "\(sizes.map { $0 % 64 == 0 ? $0 / 32 : $0 })"
            }.joined(separator: "\n")
        }
    }
}
