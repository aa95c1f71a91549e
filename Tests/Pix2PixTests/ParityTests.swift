import Pix2Pix
import Testing

extension TorchTests {
    @Suite("The same numbers as PyTorch")
    struct ParityTests {
        @Test("Weights drawn from a seed are PyTorch's, bit by bit on a processor like the maker's")
        func initialization() throws {
            let fixture = try TorchFixture("generator-5")
            let generator = try generator(for: fixture)
            try Torch.seed(3)
            try generator.initialize()
            try expectClose(generator.state, fixture.tensors("weights"), relative: 1e-5)
        }

        @Test("Generator: outputs in every mode and all gradients", arguments: [5, 7])
        func generator(levels: Int) throws {
            let fixture = try TorchFixture("generator-\(levels)")
            let generator = try generator(for: fixture)
            try generator.load(fixture.tensors("weights"))
            let input = try fixture.tensor("input")

            try Torch.seed(5)
            let dropped = try generator(input, mode: .training)
            try expectClose(dropped, fixture.tensor("output_training"))

            let running = ForwardMode.inference(batchStatistics: false, dropout: false)
            try expectClose(generator(input, mode: running), fixture.tensor("output_running"))

            let batch = ForwardMode.inference(batchStatistics: true, dropout: false)
            let output = try generator(input, mode: batch)
            try expectClose(output, fixture.tensor("output"))
            try output.multiplied(by: input).mean().backward()
            try expectClose(generator.gradients(), fixture.tensors("gradient"))
        }

        @Test("Discriminator: logits, loss and all gradients", arguments: [3, 1])
        func discriminator(layers: Int) throws {
            let fixture = try TorchFixture("discriminator-\(layers)")
            let discriminator = try PatchDiscriminator(
                layerCount: fixture.number("layers"),
                filters: fixture.number("filters"),
                device: .cpu
            )
            try discriminator.load(fixture.tensors("weights"))
            let pair = try fixture.tensor("input")
            try pair.setRequiresGradient(true)
            let logits = try discriminator(
                input: pair.narrowed(dimension: 1, start: 0, length: 3),
                image: pair.narrowed(dimension: 1, start: 3, length: 3),
                mode: .training
            )
            try expectClose(logits, fixture.tensor("logits"))
            let loss = try GANLoss.loss(of: logits, against: .real)
            try expectClose(loss, fixture.tensor("loss"))
            try loss.backward()
            let gradient = try #require(try pair.gradient)
            let found = try [NamedTensor("input", gradient, .parameter)] + discriminator.gradients()
            try expectClose(found, fixture.tensors("gradient"))
        }

        private func generator(for fixture: TorchFixture) throws -> UNetGenerator {
            try UNetGenerator(
                levels: fixture.number("levels"),
                filters: fixture.number("filters"),
                inputChannels: fixture.number("channels"),
                outputChannels: fixture.number("channels"),
                device: .cpu
            )
        }
    }
}
