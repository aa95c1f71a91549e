import Augment
import DatasetKit
import Pix2Pix
import TestSupport
import Testing

extension TorchTests {
    @Suite("Checkpoints and validation")
    struct CheckpointTests {
        private let temporary: TemporaryFolder
        private let dataset: Dataset
        private let recipe: Recipe

        init() throws {
            temporary = try TemporaryFolder()
            let source = try SideBySideSource(in: temporary, half: ImageSize(width: 32, height: 32))
            let json = #"{"name": "noise", "source": {"path": "\#(source.folder)"}}"#
            recipe = try Recipe(path: temporary.write(json, to: "r.json"))
            let out = temporary.path("out")
            _ = try DatasetBuilder(recipe: recipe, output: out, jobs: 2).build { _, _, _ in }
            dataset = try Dataset(folder: out)
        }

        private func trainer(
            _ name: String,
            seed: Int,
            dataset: Dataset? = nil
        ) throws -> Trainer {
            let dataset = dataset ?? self.dataset
            var options = TrainOptions()
            options.ngf = 2
            options.ndf = 2
            options.epochs = 2
            options.decayEpochs = 0
            options.seed = seed
            let size = dataset.index.input.size
            return try Trainer(
                TrainingSettings(options, imageSize: size, threads: 1, readers: 1, device: "cpu"),
                dataset: dataset,
                recipe: recipe,
                augmentation: Augmentation(recipe, for: dataset.index),
                run: RunFolder(new: temporary.path(name))
            )
        }

        private func bytes(_ model: Pix2PixModel) throws -> [[UInt8]] {
            try model.state.flatMap { group in try group.tensors.map { try $0.tensor.bytes() } }
        }

        @Test("A checkpoint holds the whole model and says what it is")
        func roundTrip() throws {
            let trained = try trainer("a", seed: 1)
            try trained.train { _ in }
            let path = temporary.path("a/checkpoints/latest.safetensors")
            let checkpoint = try Checkpoint(path: path)
            #expect(checkpoint.position == Checkpoint.Position(steps: 12, stepsPerEpoch: 6))
            #expect(checkpoint.position.epochs == 2)
            #expect(checkpoint.settings.options.ngf == 2)
            #expect(checkpoint.settings.generator == .unet32)
            #expect(checkpoint.dataset.fingerprint == dataset.index.fingerprint)

            let other = try trainer("b", seed: 2)
            #expect(try bytes(other.model) != bytes(trained.model))
            try Checkpoint.load(path, into: other.model)
            #expect(try bytes(other.model) == bytes(trained.model))
        }

        @Test("A checkpoint of another architecture, or a cut one, is refused")
        func misfits() throws {
            let trained = try trainer("a", seed: 1)
            try trained.train(maximumSteps: 1) { _ in }
            let path = temporary.path("a/checkpoints/latest.safetensors")
            var options = TrainOptions()
            (options.ngf, options.ndf) = (2, 2)
            let larger = try Pix2PixModel(
                options,
                generator: .unet64,
                inputChannels: 3,
                targetChannels: 3,
                device: .cpu
            )
            #expect(throws: TorchError.self) { try Checkpoint.load(path, into: larger) }
            let bytes = try temporary.bytes(of: "a/checkpoints/latest.safetensors")
            let cut = try temporary.write(bytes.dropLast(100), to: "cut.safetensors")
            #expect(
                #expect(throws: DatasetError.self) { try Checkpoint(path: cut) }?.code == .corrupt
            )
        }

        @Test("A checkpoint with one changed bit is refused, with the tensor's name")
        func flippedBits() throws {
            let trained = try trainer("a", seed: 1)
            try trained.train(maximumSteps: 1) { _ in }
            let path = "a/checkpoints/latest.safetensors"
            let whole = try temporary.bytes(of: path)
            let header = 8 + whole[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
            for place in [header, (header + whole.count) / 2, whole.count - 1] {
                var bytes = whole
                bytes[place] ^= 4
                try temporary.write(bytes, to: path)
                let error = try #require(throws: DatasetError.self) {
                    try Checkpoint.load(temporary.path(path), into: trained.model)
                }
                #expect(error.code == .corrupt)
                #expect(error.message.contains("do not match their CRC-32"), "\(error.message)")
            }
        }

        @Test(
            "Weights that are infinite or no numbers are not written: the checkpoint before stays"
        )
        func lostWeights() throws {
            let trained = try trainer("a", seed: 1)
            try trained.train(maximumSteps: 1) { _ in }
            let path = "a/checkpoints/latest.safetensors"
            let (before, checkpoint) = (
                try temporary.bytes(of: path), try Checkpoint(path: temporary.path(path))
            )
            for value in [Double.nan, .infinity, -.infinity] {
                let tensor = try #require(
                    trained.model.generator.state.last { $0.kind == .parameter }
                )
                try tensor.tensor.fill(value)
                let error = try #require(throws: TrainingError.self) {
                    try checkpoint.write(trained.model, to: temporary.path(path))
                }
                #expect(error.code == .diverged)
                #expect(error.message.contains("after step 1, generator.\(tensor.name) holds"))
                #expect(try temporary.bytes(of: path) == before)
            }
        }

        @Test("The validation's L1 and baseline are those of the validation targets")
        func baseline() throws {
            let training = try #require(dataset.split(.train))
            let held = try #require(dataset.split(.val))
            func planes(_ reader: SplitReader) throws -> [[Float]] {
                let augmentation = try Augmentation(recipe, for: dataset.index)
                let renderer = PairRenderer(augmentation, of: reader)
                return try (0..<reader.count).map { number in
                    var batch = renderer.batch(of: 1)
                    try renderer.render(PairTransform(), of: number, into: &batch, at: 0)
                    return batch.target
                }
            }
            let targets = try planes(training)
            let mean = targets[0].indices.map { index in
                targets.reduce(0.0) { $0 + Double($1[index]) } / Double(targets.count)
            }
            let differences = try planes(held).flatMap { target in
                target.indices.map { abs(Double(target[$0]) - mean[$0]) }
            }
            let expected = differences.reduce(0, +) / Double(differences.count)
            var reports: [EpochReport] = []
            try trainer("a", seed: 1).train { event in
                if case .epoch(let report) = event { reports.append(report) }
            }
            let outcome = try #require(reports.last?.validation)
            #expect(abs(outcome.baseline - expected) < 1e-6)
            #expect(outcome.quality.l1 > 0 && outcome.quality.psnr > 0)
            #expect(
                outcome.quality.ssim != nil && outcome.quality.multiScaleSSIM == nil,
                "images of 32 pixels"
            )
        }

        @Test("Validation does not disturb the training")
        func validationChangesNothing() throws {
            let watched = try trainer("watched", seed: 1)
            try watched.train { _ in }
            // The same training pairs, none to validate on: after two epochs the same model.
            try FileSystem.remove(temporary.path("source/val"))
            let out = temporary.path("blind-out")
            _ = try DatasetBuilder(recipe: recipe, output: out, jobs: 1).build { _, _, _ in }
            let blind = try trainer("blind", seed: 1, dataset: Dataset(folder: out))
            #expect(blind.validationPairs == 0)
            try blind.train { _ in }
            #expect(try bytes(blind.model) == bytes(watched.model))
        }
    }
}
