import DatasetKit
import Pix2Pix
import Testing

extension TorchTests {
    @Suite("The same numbers as PyTorch")
    struct ParityTests {
        private static let generators = [
            "unet_32", "unet_128", "unet_64-instance", "resnet_6", "resnet_9",
        ]
        /// Gradients that are 0 but for rounding: of biases that a normalisation takes off again.
        private static let noise = 1e-7

        @Test(
            "Weights drawn from a seed are PyTorch's, bit by bit on a processor like the maker's",
            arguments: generators
        )
        func initialization(name: String) throws {
            let fixture = try TorchFixture("generator-\(name)")
            let generator = try generator(for: fixture)
            try Torch.seed(3)
            try generator.initialize()
            try expectClose(generator.state, fixture.tensors("weights"), relative: 1e-5)
        }

        @Test("Generator: outputs in every mode and all gradients", arguments: generators)
        func generator(name: String) throws {
            let fixture = try TorchFixture("generator-\(name)")
            let generator = try generator(for: fixture)
            try generator.load(fixture.tensors("weights"))
            let input = try fixture.images(1)

            try Torch.seed(5)
            let dropped = try generator(input, mode: .training)
            try expectClose(dropped, fixture.tensor("output_training"))

            let running = ForwardMode.inference(.running, dropout: false)
            try expectClose(generator(input, mode: running), fixture.tensor("output_running"))

            let batch = ForwardMode.inference(.batch, dropout: false)
            let output = try generator(input, mode: batch)
            try expectClose(output, fixture.tensor("output"))
            try output.multiplied(by: input).mean().backward()
            try expectClose(
                generator.gradients(),
                fixture.tensors("gradient"),
                noise: Self.noise
            )
        }

        @Test(
            "Discriminator: logits, loss and all gradients",
            arguments: ["1", "2", "3", "6", "pixel"]
        )
        func discriminator(name: String) throws {
            let fixture = try TorchFixture("discriminator-\(name)")
            let pair = try fixture.images(2)
            let discriminator = try #require(
                try fixture.options().makeDiscriminator(channels: pair.shape[1], device: .cpu)
            )
            try discriminator.load(fixture.tensors("weights"))
            try pair.setRequiresGradient(true)
            let half = pair.shape[1] / 2
            let logits = try discriminator(
                input: pair.narrowed(dimension: 1, start: 0, length: half),
                image: pair.narrowed(dimension: 1, start: half, length: half),
                mode: .training
            )[0].logits
            try expectClose(logits, fixture.tensor("logits"))
            let loss = try AdversarialLoss(.vanilla).ofGenerator(made: [logits])
            try expectClose(loss, fixture.tensor("loss"))
            try loss.backward()
            var found = try discriminator.gradients()
            let expected = try fixture.tensors("gradient")
            if expected["input"] != nil {
                found.append(NamedTensor("input", try #require(try pair.gradient), .parameter))
            }
            try expectClose(found, expected, noise: Self.noise)
        }

        private func generator(for fixture: TorchFixture) throws -> any Generator {
            let (options, channels) = (try fixture.options(), try fixture.shape()[1])
            return try options.makeGenerator(
                #require(options.generator),
                inputChannels: channels,
                targetChannels: channels,
                device: .cpu
            )
        }
    }
}
