import DatasetKit
import Foundation
import Pix2Pix
import Testing

extension TorchTests {
    @Suite("The training step")
    struct TrainingStepTests {
        private static let fixtures = [
            "training", "training-instance", "training-none", "training-resnet_6",
            "training-resnet_9", "training-adam", "training-adamw", "training-alone",
            "training-batch",
        ]
        @Test(
            "One step leaves the gradients, weights, statistics and moments that PyTorch's leaves",
            arguments: fixtures
        )
        func oneStep(name: String) throws {
            let fixture = try TorchFixture(name)
            let model = try Pix2PixModel(fixture)
            try expectClose(model.step([fixture.part(0)]).losses, fixture.losses()[0])
            try expectClose(model, fixture)
        }

        @Test("Ten steps have PyTorch's losses", arguments: fixtures)
        func tenSteps(name: String) throws {
            let fixture = try TorchFixture(name)
            let model = try Pix2PixModel(fixture)
            for (number, expected) in try fixture.losses().enumerated() {
                try expectClose(
                    model.step([fixture.part(number)]).losses,
                    expected,
                    relative: 1e-3,
                    step: number + 1
                )
            }
            let generator = try fixture.tensors("ten.generator")
            guard !generator.isEmpty, let discriminator = model.discriminator else { return }
            try expectClose(model.generator.state, generator, relative: 1e-3)
            try expectClose(
                discriminator.state,
                fixture.tensors("ten.discriminator"),
                relative: 1e-3
            )
        }

        @Test("Parts add up to PyTorch's one large batch", arguments: [[4], [2, 2], [1, 3]])
        func parts(sizes: [Int]) throws {
            let fixture = try TorchFixture("training-batch")
            let model = try Pix2PixModel(fixture)
            let losses = try model.step(fixture.part(0).cut(into: sizes)).losses
            try expectClose(losses, fixture.losses()[0])
            try expectClose(model, fixture)
        }

        @Test(
            "Without batch normalisation, parts add up to the large batch",
            arguments: [TrainOptions.Norm.instance, .none],
            // Not of those that compare with, or mix, what is in the same part.
            TrainOptions.GANLoss.allCases.filter { $0 != .wganGP && $0 != .relativisticAverage }
        )
        func partsAreTheBatch(norm: TrainOptions.Norm, ganLoss: TrainOptions.GANLoss) throws {
            let fixture = try TorchFixture("training-batch")
            func gradients(_ sizes: [Int]) throws -> (StepOutcome, [NamedTensor]) {
                var options = try fixture.options()
                (options.norm, options.ganLoss, options.lambdaL2) = (norm, ganLoss, 10)
                let model = try Pix2PixModel(options)
                try Torch.seed(3)
                try model.generator.initialize(standardDeviation: 0.1)
                try model.discriminator?.initialize(standardDeviation: 0.1)
                let outcome = try model.step(fixture.part(0).cut(into: sizes))
                return (
                    outcome,
                    try model.generator.gradients() + (model.discriminator?.gradients() ?? [])
                )
            }
            let (outcome, expected) = try gradients([4])
            for sizes in [[2, 2], [1, 3], [1, 1, 1, 1]] {
                let (other, found) = try gradients(sizes)
                for (first, second) in zip(found, expected) {
                    #expect(
                        try relativeError(
                            first.tensor.floats(),
                            second.tensor.floats(),
                            noise: TorchFixture.stepNoise
                        ) < 1e-5,
                        "\(first.name)"
                    )
                }
                for (first, second) in zip(other.losses.values, outcome.losses.values) {
                    #expect(abs(first - second) <= 1e-5 * max(abs(second), 1e-3))
                }
                let (a, b) = (other.diagnostics, outcome.diagnostics)
                #expect(abs(a.outputDeviation - b.outputDeviation) < 1e-5)
                #expect(try abs(#require(a.realScore) - #require(b.realScore)) < 1e-5)
                #expect(try abs(#require(a.fakeScore) - #require(b.fakeScore)) < 1e-5)
            }
        }

        /// With batch normalisation and dropout: the second making of the images draws the same
        /// masks, and statistics move as often as the generator trains.
        @Test(
            "The same part twice is the part once",
            arguments: [TrainOptions.GANLoss.vanilla, .wganGP]
        )
        func repeatedPart(ganLoss: TrainOptions.GANLoss) throws {
            let fixture = try TorchFixture("training")
            func model(_ count: Int) throws -> Pix2PixModel {
                var options = try fixture.options()
                options.ganLoss = ganLoss
                let model = try Pix2PixModel(options)
                try Torch.seed(3)
                try model.initialize()
                _ = try model.step(Array(repeating: fixture.part(0), count: count))
                return model
            }
            let (once, twice) = (try model(1), try model(2))
            for (first, second) in zip(
                try once.generator.gradients() + (once.discriminator?.gradients() ?? []),
                try twice.generator.gradients() + (twice.discriminator?.gradients() ?? [])
            ) {
                #expect(
                    try relativeError(second.tensor.floats(), first.tensor.floats()) < 1e-4,
                    "\(first.name)"
                )
            }
            func batches(_ network: (any Network)?) throws -> Set<Int64> {
                let state = try #require(network).state
                return try Set(
                    state.filter { $0.name.hasSuffix("num_batches_tracked") }
                        .flatMap { try $0.tensor.integers() }
                )
            }
            let judgements: Int64 = ganLoss == .wganGP ? 4 : 3
            #expect(try batches(once.generator) == [1])
            #expect(try batches(twice.generator) == [2])
            #expect(try batches(once.discriminator) == [judgements])
            #expect(try batches(twice.discriminator) == [2 * judgements])
        }

        @Test("The same seeds make the same weights, bit by bit")
        func determinism() throws {
            let fixture = try TorchFixture("training")
            func run(seed: UInt64) throws -> [[UInt8]] {
                let model = try Pix2PixModel(fixture.options())
                try Torch.seed(seed)
                try model.initialize()
                for number in 0..<3 {
                    var part = try fixture.part(number)
                    part.seed = seed + UInt64(number)
                    _ = try model.step([part])
                }
                return try model.bytes()
            }
            let first = try run(seed: 11)
            #expect(try run(seed: 11) == first)
            #expect(try run(seed: 12) != first)
        }

        @Test("The generator's step adds nothing to the discriminator's gradients")
        func frozenDiscriminator() throws {
            let fixture = try TorchFixture("training")
            let model = try Pix2PixModel(fixture)
            let discriminator = try #require(model.discriminator)
            _ = try model.step([fixture.part(0)])
            // After one step, Adam's average is half the gradient of the discriminator's own step.
            for entry in model.discriminatorOptimizer?.state ?? []
            where entry.name.hasSuffix(".exp_avg") {
                let name = entry.name.dropLast(".exp_avg".count)
                let parameter = discriminator.parameters.first { $0.name == name }
                let gradient = try #require(try parameter?.tensor.gradient)
                #expect(try gradient.floats() == entry.tensor.scaled(by: 2).floats(), "\(name)")
            }
        }

        @Test("A step leaves no tensors behind, and a failed one leaves the networks usable")
        func leftovers() throws {
            let fixture = try TorchFixture("training")
            let before = Torch.liveTensorCount
            do {
                let model = try Pix2PixModel(fixture)
                let part = try fixture.part(0)
                let live = Torch.liveTensorCount
                _ = try model.step([part])
                #expect(Torch.liveTensorCount == live)
                for channels in [3, 4] {
                    var misfit = part
                    misfit.target = try Tensor.full(0, shape: [1, channels, 32, 32])
                    #expect(throws: TorchError.self) { try model.step([misfit]) }
                }
                #expect(throws: TorchError.self) { try model.step([]) }
                for parameter in try #require(model.discriminator).parameters {
                    #expect(try parameter.tensor.requiresGradient)
                }
                #expect(try model.step([part]).losses.isFinite)
                #expect(Torch.liveTensorCount == live)
            }
            #expect(Torch.liveTensorCount == before)
        }

        @Test("A thousand steps hold no more tensors than one", arguments: ["", "ema", "wgan-gp"])
        func tensorMemory(kind: String) throws {
            var options = TrainOptions()
            (options.generator, options.ngf, options.ndf) = (.unet32, 1, 1)
            options.discriminator = .pixel
            if kind == "ema" { (options.ema, options.clipGradients) = (0.9, 1) }
            if kind == "wgan-gp" { options.ganLoss = .wganGP }
            let model = try Pix2PixModel(options)
            try Torch.seed(1)
            try model.initialize()
            let image = try Tensor.full(0, shape: [1, 3, 32, 32])
            try image.fillUniform()
            let part = TrainingPart(input: image, target: image, seed: 1)
            let parts = Array(repeating: part, count: kind == "ema" ? 2 : 1)
            _ = try model.step(parts)
            let live = Torch.liveTensorCount
            for number in 2...1000 {
                _ = try model.step(parts)
                try #require(Torch.liveTensorCount == live, "step \(number)")
            }
        }

        @Test("Without a weight of the adversarial loss there is no discriminator")
        func alone() throws {
            let fixture = try TorchFixture("training-alone")
            let model = try Pix2PixModel(fixture)
            #expect(model.discriminator == nil && model.discriminatorOptimizer == nil)
            #expect(model.state.map(\.group) == ["generator", "generator_optimizer"])
            let outcome = try model.step([fixture.part(0)])
            #expect(outcome.losses.names == ["G_L1", "G_L2"])
            #expect(outcome.diagnostics.realScore == nil && outcome.diagnostics.fakeScore == nil)
            #expect(outcome.diagnostics.outputDeviation > 0)
            var options = TrainOptions()
            (options.ganWeight, options.lambdaL1) = (0, 0)
            options.generator = .unet32
            #expect {
                try Pix2PixModel(options)
            } throws: {
                "\($0)" == "pix2pix: expected a loss with a weight above 0, found none"
            }
        }

        @Test("Diagnostics: the mean logits before the update, and how much the images vary")
        func diagnostics() throws {
            let fixture = try TorchFixture("training-batch")
            let model = try Pix2PixModel(fixture)
            let part = try fixture.part(0)
            let discriminator = try #require(model.discriminator)
            func score(_ image: Tensor) throws -> Double {
                try discriminator(input: part.input, image: image, mode: .training)[0].logits.mean()
                    .item()
            }
            let made = try model.generator(part.input, mode: .training)
            let (real, fake) = (try score(part.target), try score(made))
            let found = try model.step([part]).diagnostics
            #expect(try abs(#require(found.realScore) - real) < 1e-6)
            #expect(try abs(#require(found.fakeScore) - fake) < 1e-6)
            let planes = try made.floats()
            let side = 16 * 16
            let deviations = stride(from: 0, to: planes.count, by: side).map { start in
                let plane = planes[start..<start + side].map(Double.init)
                let mean = plane.reduce(0, +) / Double(side)
                return (plane.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(side))
                    .squareRoot()
            }
            let expected = deviations.reduce(0, +) / Double(deviations.count)
            #expect(abs(found.outputDeviation - expected) < 1e-6)

            // Weights of 0 make grey images.
            let blank = try Pix2PixModel(fixture.options())
            #expect(try blank.step([part]).diagnostics.outputDeviation == 0)
        }

        @Test("The average of the weights moves by its decay; the rest is the generator's")
        func average() throws {
            let fixture = try TorchFixture("training-adamw")
            let model = try Pix2PixModel(fixture)
            let averaged = try #require(model.averagedGenerator)
            #expect(model.usedGenerator === averaged)
            #expect(try Pix2PixModel(TorchFixture("training-adam")).averagedGenerator == nil)
            let before = try fixture.tensors("before.generator")
            _ = try model.step([fixture.part(0)])
            for (entry, trained) in zip(averaged.state, model.generator.state) {
                if entry.kind == .buffer {
                    #expect(try entry.tensor.bytes() == trained.tensor.bytes())
                } else {
                    let start = try #require(before[entry.name]).floats()
                    let expected = zip(start, try trained.tensor.floats())
                        .map { 0.9 * $0 + 0.1 * $1 }
                    #expect(try relativeError(entry.tensor.floats(), expected) < 1e-6)
                }
                #expect(try !entry.tensor.requiresGradient)
            }
        }

        @Test("The learning rates are those of the options times a factor")
        func learningRates() throws {
            var options = TrainOptions()
            (options.generator, options.ngf, options.ndf) = (.unet32, 1, 1)
            (options.lr, options.lrD) = (1e-3, 5e-4)
            let model = try Pix2PixModel(options)
            #expect(model.generatorOptimizer.learningRate == 1e-3)
            #expect(model.discriminatorOptimizer?.learningRate == 5e-4)
            model.setLearningRates(factor: 0.5)
            model.setLearningRates(factor: 0.5)
            #expect(model.generatorOptimizer.learningRate == 5e-4)
            #expect(model.discriminatorOptimizer?.learningRate == 2.5e-4)
        }

        @Test("A model goes on from its state bit by bit; groups that do not fit are named")
        func state() throws {
            let fixture = try TorchFixture("training-adamw")
            let model = try Pix2PixModel(fixture)
            _ = try model.step([fixture.part(0)])
            var groups: [String: [String: Tensor]] = [:]
            for (group, tensors) in model.state {
                groups[group] = try Dictionary(
                    uniqueKeysWithValues: tensors.map { ($0.name, try $0.tensor.cloned()) }
                )
            }
            #expect(
                groups.keys.sorted() == [
                    "discriminator", "discriminator_optimizer", "generator", "generator_ema",
                    "generator_optimizer",
                ]
            )
            let other = try Pix2PixModel(fixture.options())
            try other.load(groups)
            for _ in 0..<2 {
                let losses = try model.step([fixture.part(1)])
                #expect(try other.step([fixture.part(1)]) == losses)
            }
            #expect(try other.bytes() == model.bytes())
            groups["generator_ema"] = nil
            groups["extra"] = [:]
            #expect {
                try other.load(groups)
            } throws: {
                "\($0)" == "load weights: the groups of tensors do not fit the options: "
                    + "generator_ema is missing, extra is unexpected"
            }
        }
    }
}

@Suite("Losses without libtorch")
struct StepLossesTests {
    @Test("Losses are summed by name; one that is no number is noticed")
    func losses() {
        var sum = StepLosses()
        #expect(sum.names.isEmpty && sum.isFinite)
        sum.add(StepLosses([("G_GAN", 1), ("G_L1", 2)]))
        sum.add(StepLosses([("G_GAN", 3), ("G_L1", 5)]))
        #expect(sum.divided(by: 2) == StepLosses([("G_GAN", 2), ("G_L1", 3.5)]))
        #expect(sum["G_L1"] == 7)
        #expect(sum["D_real"] == nil)
        #expect(!StepLosses([("G_GAN", 1), ("G_L1", .nan)]).isFinite)
    }

    @Test("Losses survive JSON, in their order")
    func json() throws {
        let losses = StepLosses([("G_GAN", 0.1), ("G_L1", 2), ("D_real", -1e-30)])
        let data = try JSONEncoder().encode(losses)
        #expect(try JSONDecoder().decode(StepLosses.self, from: data) == losses)
    }
}
