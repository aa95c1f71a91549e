import DatasetKit
import Pix2Pix
import Testing

extension TorchTests {
    /// By `Fixtures/make_variant_fixtures.py`.
    @Suite("What the reference has not, as PyTorch computes it")
    struct VariantTests {
        /// Gradients that are 0 but for rounding: of biases that a normalisation takes off again.
        private static let noise = 1e-5

        @Test(
            "Generators: outputs and all gradients",
            arguments: [
                "nearest", "bilinear", "pixel_shuffle", "resnet-nearest", "resnet-bilinear",
                "resnet-pixel_shuffle", "residual", "attention", "channels", "everything",
                "spectral",
                "keras",
            ]
        )
        func generators(name: String) throws {
            let fixture = try TorchFixture("variant-generator-\(name)")
            let options = try fixture.options()
            let (shape, input) = (try fixture.shape(), try fixture.images(1))
            let generator = try options.makeGenerator(
                #require(options.generator),
                inputChannels: shape[1],
                targetChannels: shape[1],
                device: .cpu
            )
            try generator.load(fixture.tensors("weights"))
            let output = try generator(input, mode: .training)
            try output.multiplied(by: input).mean().backward()
            try expectFewClose(output, fixture, "output")
            try expectClose(
                generator.gradients(),
                fixture.tensors("gradient"),
                noise: Self.noise
            )
            let running = ForwardMode.inference(.running, dropout: false)
            try expectFewClose(generator(input, mode: running), fixture, "output_running")
        }

        /// Compares each few pixels, as many as are stored.
        private func expectFewClose(
            _ found: Tensor,
            _ fixture: TorchFixture,
            _ name: String
        ) throws {
            let (shape, stride): ([Int], Int) = (found.shape, try fixture.decode("stride"))
            let values = try found.floats()
            let few = (0..<shape[0] * shape[1]).flatMap { plane in
                Swift.stride(from: 0, to: shape[2], by: stride).flatMap { row in
                    Swift.stride(from: 0, to: shape[3], by: stride).map { column in
                        values[(plane * shape[2] + row) * shape[3] + column]
                    }
                }
            }
            let expected = try fixture.tensor(name)
            try expectClose(.floats(few, shape: expected.shape), expected, name)
        }

        @Test(
            "Discriminators: the logits of each scale and all gradients",
            arguments: ["scales", "spectral", "keras"]
        )
        func discriminators(name: String) throws {
            let fixture = try TorchFixture("variant-discriminator-\(name)")
            let discriminator = try #require(
                try fixture.options().makeDiscriminator(channels: 6, device: .cpu)
            )
            try discriminator.load(fixture.tensors("weights"))
            let judgements = try discriminator(fixture.images(2), mode: .training)
            #expect(judgements.count == (name == "scales" ? 3 : 1))
            var sum = try Tensor.full(0, shape: [])
            for (scale, judgement) in judgements.enumerated() {
                try expectClose(judgement.logits, fixture.tensor("logits.\(scale)"))
                sum = try sum.adding(judgement.logits.mean())
            }
            try sum.backward()
            try expectClose(
                discriminator.gradients(),
                fixture.tensors("gradient"),
                noise: Self.noise
            )
        }

        private static let trainings = [
            "matching", "relativistic", "average", "wgan", "penalty", "keras",
        ]

        @Test("One step leaves what PyTorch's leaves", arguments: trainings)
        func oneStep(name: String) throws {
            let fixture = try TorchFixture("variant-training-\(name)")
            let model = try Pix2PixModel(fixture)
            try expectClose(model.step([fixture.part(0)]).losses, fixture.losses()[0])
            try expectClose(model, fixture)
        }

        @Test("Ten steps have PyTorch's losses", arguments: trainings)
        func tenSteps(name: String) throws {
            let fixture = try TorchFixture("variant-training-\(name)")
            let model = try Pix2PixModel(fixture)
            for (number, expected) in try fixture.losses().enumerated() {
                model.prepare(stepsBefore: number, augmentation: 0)
                try expectClose(
                    model.step([fixture.part(number)]).losses,
                    expected,
                    relative: 1e-3,
                    step: number + 1
                )
            }
        }

        @Test("Structural similarity as a loss: values and gradients")
        func similarity() throws {
            let fixture = try TorchFixture("variant-similarity")
            let noise = try fixture.images(8).scaled(by: 0.3)
            for loss in [ReconstructionLoss.ssim, .msSSIM] {
                let image = try fixture.images(7)
                try image.setRequiresGradient(true)
                let target = try fixture.images(7).scaled(by: 0.7).adding(noise)
                let value = try loss(of: image, against: target)
                try expectClose(value, fixture.tensor(loss.rawValue))
                try value.backward()
                try expectFewClose(
                    #require(try image.gradient),
                    fixture,
                    "\(loss.rawValue).gradient"
                )
            }
        }

        @Test("DiffAugment and adaptive augmentation, for given draws")
        func augmentations() throws {
            let fixtures = (
                try TorchFixture("variant-diffaugment"), try TorchFixture("variant-adaptive")
            )
            let draws: ([DiffAugmentDraw], [AdaptiveDraw]) = (
                try fixtures.0.decode("draws"), try fixtures.1.decode("draws")
            )
            for (fixture, seed, apply) in [
                (fixtures.0, 7, { try DiffAugment.applied(to: $0, draws.0) }),
                (fixtures.1, 9, { try AdaptivePipe.applied(to: $0, draws.1) }),
            ] as [(TorchFixture, Int, (Tensor) throws -> Tensor)] {
                let images = try fixture.images(seed)
                try images.setRequiresGradient(true)
                let made = try apply(images)
                try expectClose(made, fixture.tensor("output"))
                try made.multiplied(by: fixture.images(8)).mean().backward()
                try expectClose(#require(try images.gradient), fixture.tensor("gradient"))
            }
        }
    }
}
