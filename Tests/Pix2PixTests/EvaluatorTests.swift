import DatasetKit
import Pix2Pix
import TestSupport
import Testing

extension TorchTests {
    @Suite("Evaluation of generators")
    struct EvaluatorTests {
        private let temporary: TemporaryFolder
        private let dataset: Dataset
        private let size = ImageSize(width: 64, height: 64)

        init() throws {
            temporary = try TemporaryFolder()
            let source = try SideBySideSource(in: temporary, val: 3, half: size)
            dataset = try Self.dataset(source.folder, in: temporary)
        }

        private static func dataset(
            _ source: String,
            in temporary: TemporaryFolder
        ) throws -> Dataset {
            let json = #"{"name": "noise", "source": {"path": "\#(source)"}}"#
            let recipe = try Recipe(path: temporary.write(json, to: "r.json"))
            let out = temporary.path("out")
            _ = try DatasetBuilder(recipe: recipe, output: out, jobs: 2).build { _, _, _ in }
            return try Dataset(folder: out)
        }

        /// Writes a model file with random weights, and reads it.
        private func model(
            seed: UInt64,
            dropout: Bool = true,
            channels: Int = 3,
            size: ImageSize? = nil,
            change: (any Generator) throws -> Void = { _ in }
        ) throws -> EvaluatedModel {
            var options = TrainOptions()
            (options.ngf, options.ndf, options.generator) = (2, 2, .unet32)
            options.dropout = dropout
            let trained = try Pix2PixModel(
                options,
                generator: .unet32,
                inputChannels: 3,
                targetChannels: channels,
                device: .cpu
            )
            try Torch.seed(seed)
            try trained.initialize()
            try change(trained.generator)
            let size = size ?? self.size
            let description = ModelDescription(
                options: options,
                imageSize: size,
                input: DatasetIndex.Side(size: size, channels: 3, dtype: .u8),
                target: DatasetIndex.Side(size: size, channels: channels, dtype: .u8),
                recipe: nil,
                origin: "model \(seed)"
            )
            let path = temporary.path("model-\(seed).safetensors")
            try ModelFile.write(trained.generator, description, to: path)
            return EvaluatedModel(try TrainedModel(path: path, device: .cpu))
        }

        private func evaluator(
            _ models: [EvaluatedModel],
            judges: PretrainedJudges = PretrainedJudges(),
            _ change: (inout Evaluator.Options) -> Void = { _ in }
        ) throws -> Evaluator {
            var options = Evaluator.Options()
            options.split = .val
            change(&options)
            return try Evaluator(models, on: dataset, judges: judges, options: options)
        }

        /// Inputs and targets of the split val, in -1...1.
        private func tensors() throws -> [(input: Tensor, target: Tensor)] {
            let reader = try #require(dataset.split(.val))
            return try (0..<reader.count).map { number in
                let pair = try reader.pair(at: number)
                func tensor(_ image: Image) throws -> Tensor {
                    let pixels = image.width * image.height
                    let values = (0..<3 * pixels).map { place in
                        Float(image.bytes[place % pixels * 3 + place / pixels]) / 127.5 - 1
                    }
                    return try .floats(values, shape: [1, 3, image.height, image.width])
                }
                return (try tensor(pair.input), try tensor(pair.target))
            }
        }

        @Test(
            "LPIPS and FID are those of the networks on the same images; the batch does not matter"
        )
        func judges() throws {
            let fixture = try TorchFixture("lpips-alex", in: "features")
            let lpips = try LPIPS(fixture.weights(), heads: fixture.weights())
            let inception = try InceptionFeatures(
                TorchFixture("inception", in: "features").weights()
            )
            let judges = PretrainedJudges(lpips: lpips, inception: inception)
            let model = try model(seed: 1)
            let result = try evaluator([model], judges: judges).run()

            var features: (made: [Tensor], wanted: [Tensor]) = ([], [])
            for (number, pair) in try tensors().enumerated() {
                let made = try model.use.generated(
                    from: pair.input,
                    number: number,
                    by: model.trained.generator
                )
                let distance = try lpips(of: made, against: pair.target).item()
                let found = try #require(result.pairs[number].values[0][.lpips])
                #expect(abs(found - distance) < 1e-5 * distance)
                let quality = try ImageQuality.measured(made, against: pair.target)[0]
                #expect(abs(try #require(result.pairs[number].values[0][.l1]) - quality.l1) < 1e-6)
                let levels = try made.floats().map { ((($0 + 1) * 127.5).rounded()) / 127.5 - 1 }
                features.made.append(try inception(.floats(levels, shape: made.shape)))
                features.wanted.append(try inception(pair.target))
            }
            let expected = try FeatureDistribution(.concatenated(features.made, dimension: 0))
                .frechetDistance(
                    to: FeatureDistribution(.concatenated(features.wanted, dimension: 0))
                )
            let fid = try #require(result.models[0].fid)
            #expect(fid.images == 3)
            #expect(abs(fid.value / expected - 1) < 1e-3)
            #expect(result.notes.contains { $0.hasPrefix("FID of 3 images is far too large") })

            let batched = try evaluator([model], judges: judges) { $0.batchSize = 2 }.run()
            for measure in [Measure.l1, .ssim] {
                #expect(
                    batched.pairs.map { $0.values[0][measure] }
                        == result.pairs.map { $0.values[0][measure] },
                    "each image has its own dropout"
                )
            }
            #expect(abs(try #require(batched.models[0].fid).value / fid.value - 1) < 1e-3)
        }

        @Test("Without dropout a batch goes through the generator at once")
        func batches() throws {
            let model = try model(seed: 2, dropout: false)
            #expect(!model.use.dropout)
            let one = try evaluator([model]).run()
            let all = try evaluator([model]) { $0.batchSize = 8 }.run()
            for (first, second) in zip(one.pairs, all.pairs) {
                let (a, b) = try (
                    #require(first.values[0][.psnr]), #require(second.values[0][.psnr])
                )
                #expect(abs(a - b) < 1e-4)
            }
        }

        @Test("Two models see the same pairs; what is seen can be seen again")
        func twoModels() throws {
            let (a, b) = (try model(seed: 1), try model(seed: 2))
            let evaluator = try evaluator([a, b])
            let result = try evaluator.run()
            #expect(
                try self.evaluator([a]).run().pairs.map(\.values[0])
                    == result.pairs.map(\.values[0])
            )
            #expect(
                try self.evaluator([b]).run().pairs.map(\.values[0])
                    == result.pairs.map(\.values[1])
            )
            let comparison = try #require(result.comparison?[.l1])
            #expect(comparison.firstIsBetter + comparison.secondIsBetter == 3)
            let better = (0...1).map { result.pairs(whereBetter: $0, by: .l1).count }
            #expect(better == [comparison.firstIsBetter, comparison.secondIsBetter])
            let ranked = result.ranked(by: .psnr).map { $0.values[0][.psnr] ?? 0 }
            #expect(ranked == ranked.sorted(by: >))
            let pictures = try evaluator.pictures(of: 1)
            #expect(pictures.made.count == 2 && pictures.made[0] != pictures.made[1])
            #expect(try pictures.target == dataset.split(.val)?.pair(at: 1).target)
            #expect(try pictures.made == evaluator.pictures(of: 1).made)
        }

        @Test("A dataset, a split or models that do not fit are named")
        func misfits() throws {
            let model = try model(seed: 1)
            expectError("no pairs in the split test, only in train, val; name one with --split") {
                _ = try evaluator([model]) { $0.split = .test }
            }
            expectError("works with targets of 1 channels, those of", "out have 3") {
                _ = try evaluator([self.model(seed: 3, channels: 1)])
            }
            expectError("--against: expected a model of the same image size, found", "32x32") {
                let small = ImageSize(width: 32, height: 32)
                _ = try evaluator([model, self.model(seed: 4, size: small)])
            }
            expectError("--labels colors: expected targets of at most 256 colours") {
                _ = try evaluator([model]) { $0.labels = .colors }
            }
            expectError("--labels indices: expected targets of 8 bits and 1 channel, found 3 of U8")
            {
                _ = try evaluator([model]) { $0.labels = .indices }
            }
            #expect(try evaluator([model]).palette == nil, "noise is no label map")
        }

        @Test("Another image size takes whole images, and says so")
        func wholeImages() throws {
            let small = ImageSize(width: 32, height: 32)
            let result = try evaluator([model(seed: 5, size: small)]).run()
            #expect(result.data.size == small)
            #expect(
                result.notes.contains { $0.hasPrefix("whole images of 64x64 are scaled to 32x32") }
            )
        }

        @Test("An image that is not finite is an error that names model and pair")
        func notFinite() throws {
            let model = try model(seed: 6) { generator in
                for entry in generator.parameters { try entry.tensor.fill(1e38) }
            }
            let error = #expect(throws: TrainingError.self) { try evaluator([model]).run() }
            #expect(error?.code == .diverged)
            #expect(
                error?.message.contains("model-6.safetensors makes an image of pair pair0") == true
            )
        }

        @Test("Label maps are told and scored; void does not count")
        func labelMaps() throws {
            // Inputs equal targets, and both are flat areas of three colours.
            let colors: [[UInt8]] = [[255, 0, 0], [0, 0, 255], [0, 255, 0]]
            for (split, count) in [("train", 2), ("val", 2)] {
                for number in 0..<count {
                    var bytes: [UInt8] = []
                    for y in 0..<64 {
                        for x in 0..<128 { bytes += colors[(x % 64 / 16 + y / 32 + number) % 3] }
                    }
                    let image = Image(
                        size: ImageSize(width: 128, height: 64),
                        channels: 3,
                        bytes: bytes
                    )
                    try temporary.write(
                        ImageCodec.encodePNG(image),
                        to: "maps/\(split)/\(number).png"
                    )
                }
            }
            try FileSystem.remove(temporary.path("out"))
            let maps = try Self.dataset(temporary.path("maps"), in: temporary)
            var options = Evaluator.Options()
            options.split = .val
            let evaluator = try Evaluator([model(seed: 7)], on: maps, options: options)
            let palette = try #require(evaluator.palette)
            #expect(palette.isExact && Set(palette.names) == ["#ff0000", "#0000ff", "#00ff00"])
            let result = try evaluator.run()
            let score = try #require(result.models[0].labels)
            let pixels = score.confusion.flatMap(\.self).reduce(0, +)
            #expect(pixels == 2 * 64 * 64)
            let accuracies = result.pairs.map { $0.values[0][.pixelAccuracy] ?? 0 }
            let mean = accuracies.reduce(0, +) / 2
            #expect(abs(try #require(score.pixelAccuracy) - mean) < 1e-12, "images of one size")

            options.ignored = ["#ff0000"]
            let ignoring = try Evaluator([model(seed: 7)], on: maps, options: options).run()
            let rest = try #require(ignoring.models[0].labels)
            let red = try #require(palette.names.firstIndex(of: "#ff0000"))
            #expect(rest.pixels(of: red) == 0 && rest.accuracy(of: red) == nil)
            for row in 0..<3 where row != red {
                #expect(rest.confusion[row] == score.confusion[row])
            }
            options.labels = LabelPalette.Kind.none
            options.ignored = []
            #expect(try Evaluator([model(seed: 7)], on: maps, options: options).palette == nil)
        }
    }
}
