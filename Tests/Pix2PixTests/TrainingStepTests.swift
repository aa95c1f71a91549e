import Pix2Pix
import Testing

extension TorchTests {
    @Suite("The training step")
    struct TrainingStepTests {
        @Test("One step leaves the weights, statistics and moments that PyTorch's leaves")
        func oneStep() throws {
            let fixture = try TorchFixture("training")
            let model = try model(for: fixture)
            try Torch.seed(UInt64(fixture.number("seed")))
            let losses = try step(model, number: 0, fixture)
            let expected = try fixture.tensor("losses").floats().prefix(4)
            #expect(relativeError(values(of: losses), Array(expected)) < 1e-4)

            try expectClose(model.generator.state, fixture.tensors("after.generator"))
            try expectClose(model.discriminator.state, fixture.tensors("after.discriminator"))
            try expectClose(model.generatorOptimizer.state, fixture.tensors("adam.generator"))
            try expectClose(
                model.discriminatorOptimizer.state,
                fixture.tensors("adam.discriminator")
            )
        }

        @Test("Ten steps have PyTorch's losses")
        func tenSteps() throws {
            let fixture = try TorchFixture("training")
            let model = try model(for: fixture)
            let expected = try fixture.tensor("losses").floats()
            try Torch.seed(UInt64(fixture.number("seed")))
            for number in 0..<10 {
                let losses = try values(of: step(model, number: number, fixture))
                for (found, expected) in zip(losses, expected[(4 * number)...]) {
                    #expect(abs(found - expected) < 1e-3, "step \(number + 1)")
                }
            }
        }

        @Test("The same seed makes the same weights, bit by bit")
        func determinism() throws {
            let fixture = try TorchFixture("training")
            func run(seed: UInt64) throws -> [[UInt8]] {
                let model = try model(for: fixture)
                try Torch.seed(seed)
                try model.generator.initialize()
                try model.discriminator.initialize()
                for number in 0..<3 { _ = try step(model, number: number, fixture) }
                return try model.generator.state.map { try $0.tensor.bytes() }
                    + model.discriminator.state.map { try $0.tensor.bytes() }
            }
            let first = try run(seed: 11)
            #expect(try run(seed: 11) == first)
            #expect(try run(seed: 12) != first)
        }

        @Test("The generator's step adds nothing to the discriminator's gradients")
        func frozenDiscriminator() throws {
            let fixture = try TorchFixture("training")
            let model = try model(for: fixture)
            _ = try step(model, number: 0, fixture)
            // After one step, Adam's average is half the gradient of the discriminator's own step.
            for entry in model.discriminatorOptimizer.state where entry.name.hasSuffix(".exp_avg") {
                let name = entry.name.dropLast(".exp_avg".count)
                let parameter = model.discriminator.parameters.first { $0.name == name }
                let gradient = try #require(try parameter?.tensor.gradient)
                #expect(try gradient.floats() == entry.tensor.scaled(by: 2).floats(), "\(name)")
            }
        }

        @Test("A step leaves no tensors behind, and a failed one leaves the networks usable")
        func leftovers() throws {
            let fixture = try TorchFixture("training")
            let before = Torch.liveTensorCount
            do {
                let model = try model(for: fixture)
                let input = try fixture.tensor("inputs")
                let target = try fixture.tensor("targets")
                let live = Torch.liveTensorCount
                _ = try model.step(input: input, target: target)
                #expect(Torch.liveTensorCount == live)
                for channels in [3, 4] {
                    let misfit = try Tensor.full(0, shape: [1, channels, 64, 64])
                    #expect(throws: TorchError.self) {
                        try model.step(input: input, target: misfit)
                    }
                }
                for parameter in model.discriminator.parameters {
                    #expect(try parameter.tensor.requiresGradient)
                }
                #expect(try model.step(input: input, target: target).isFinite)
                #expect(Torch.liveTensorCount == live)
            }
            #expect(Torch.liveTensorCount == before)
        }

        @Test("Networks whose channels do not fit are refused")
        func channels() throws {
            let generator = try UNetGenerator(
                levels: 5,
                filters: 1,
                inputChannels: 1,
                device: .cpu
            )
            #expect {
                try Pix2PixModel(
                    generator: generator,
                    discriminator: PatchDiscriminator(filters: 1, device: .cpu)
                )
            } throws: {
                "\($0)" == "pix2pix: the generator's images have 4 channels together, "
                    + "the discriminator takes 6"
            }
        }

        private func model(for fixture: TorchFixture) throws -> Pix2PixModel {
            let filters = try fixture.number("filters")
            let generator = try UNetGenerator(
                levels: fixture.number("levels"),
                filters: filters,
                device: .cpu
            )
            let discriminator = try PatchDiscriminator(filters: 2 * filters, device: .cpu)
            try generator.load(fixture.tensors("before.generator"))
            try discriminator.load(fixture.tensors("before.discriminator"))
            return try Pix2PixModel(generator: generator, discriminator: discriminator)
        }

        private func step(
            _ model: Pix2PixModel,
            number: Int,
            _ fixture: TorchFixture
        ) throws -> StepLosses {
            func image(_ name: String) throws -> Tensor {
                try fixture.tensor(name).narrowed(dimension: 0, start: number % 2, length: 1)
            }
            return try model.step(input: image("inputs"), target: image("targets"))
        }

        private func values(of losses: StepLosses) -> [Float] {
            losses.named.map { Float($0.value) }
        }
    }
}

@Suite("Schedules and losses without libtorch")
struct ScheduleTests {
    @Test("The reference's linear decay, stepped at the end of an epoch")
    func linearDecay() {
        let decay = LinearDecay(epochs: 100, decayEpochs: 100)
        #expect(decay.totalEpochs == 200)
        #expect((1...100).allSatisfy { decay.factor(epoch: $0) == 1 })
        #expect(abs(decay.factor(epoch: 101) - 0.990_099) < 1e-6)
        #expect(abs(decay.factor(epoch: 150) - 0.504_950) < 1e-6)
        #expect(abs(decay.factor(epoch: 200) - 0.009_901) < 1e-6)
        #expect(decay.factor(epoch: 500) == 0)
        let flat = LinearDecay(epochs: 3, decayEpochs: 0)
        #expect((1...3).allSatisfy { flat.factor(epoch: $0) == 1 })
    }

    @Test("Losses carry the names of the reference; one that is no number is noticed")
    func names() {
        var losses = StepLosses(
            generatorGAN: 1,
            generatorL1: 2,
            discriminatorReal: 3,
            discriminatorFake: 4
        )
        #expect(losses.named.map(\.name) == ["G_GAN", "G_L1", "D_real", "D_fake"])
        #expect(losses.named.map(\.value) == [1, 2, 3, 4])
        #expect(losses.isFinite)
        losses.generatorL1 = .nan
        #expect(!losses.isFinite)
    }
}
