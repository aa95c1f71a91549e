import Augment
import DatasetKit
import Foundation
import Pix2Pix
import TestSupport
import Testing

extension TorchTests {
    @Suite("Runs that were stopped")
    struct ResumeTests {
        private let temporary: TemporaryFolder
        private let dataset: Dataset
        private let recipe: Recipe

        /// Ways of training, each with state of its own that a checkpoint must hold.
        enum Way: String, CaseIterable, Sendable {
            /// The reference: two epochs of six steps each.
            case plain
            /// An average of the weights, parts of steps, rates that change by step and by validation.
            case rich
            /// Penalties with draws of their own, another network and norm.
            case wasserstein
            /// No discriminator at all.
            case withoutGAN
            /// Vectors of spectral norms, older pairs, draws before the discriminator, lazy penalties.
            case remedies
            /// A probability that adapts.
            case adaptive
        }

        init() throws {
            temporary = try TemporaryFolder()
            let source = try SideBySideSource(in: temporary, half: ImageSize(width: 40, height: 40))
            let json = """
                {"name": "noise", "source": {"path": "\(source.folder)"},
                 "augment": [{"op": "crop", "width": 32, "height": 32}, {"op": "flip-horizontal"},
                   {"op": "color-jitter", "brightness": 0.2, "hue": 0.1}, {"op": "mixup", "p": 0.3}]}
                """
            recipe = try Recipe(path: temporary.write(json, to: "r.json"))
            let out = temporary.path("out")
            _ = try DatasetBuilder(recipe: recipe, output: out, jobs: 2).build { _, _, _ in }
            dataset = try Dataset(folder: out)
        }

        private func settings(_ way: Way, minutes: Double? = nil) throws -> TrainingSettings {
            var options = TrainOptions()
            options.checkpointMinutes = minutes
            (options.ngf, options.ndf) = (2, 2)
            (options.epochs, options.decayEpochs) = (1, 1)
            switch way {
            case .plain: break
            case .rich:
                (options.epochs, options.batchSize, options.accumulate) = (4, 2, 2)
                (options.ema, options.clipGradients, options.warmupSteps) = (0.9, 0.5, 3)
                (options.lrSchedule, options.lrPatience) = (.plateau, 0)
                (options.optimizer, options.weightDecay) = (.adamw, 0.01)
                (options.keepCheckpoints, options.norm) = (2, .instance)
            case .wasserstein:
                (options.ganLoss, options.norm, options.generator) = (.wganGP, .instance, .resnet6)
                (options.lrSchedule, options.epochs, options.discriminator) = (.cosine, 2, .pixel)
            case .withoutGAN:
                (options.ganWeight, options.lambdaCharbonnier) = (0, 10)
            case .remedies:
                (options.historySize, options.spectralNorm, options.normD) = (
                    3, .both, TrainOptions.Norm.none
                )
                (options.diffAugment, options.lambdaR1, options.penaltyInterval) = (
                    [.color, .translation, .cutout], 1, 4
                )
                (options.attentionLevels, options.channelAttention) = ([2], true)
            case .adaptive:
                // So fast that there is augmentation from the fifth step on.
                (options.ada, options.adaTarget, options.adaKimg) = (true, 0, 0.01)
                (options.scalesD, options.discriminator, options.nLayersD) = (2, .nLayers, 1)
                (options.lambdaFM, options.ganLoss) = (10, .relativistic)
            }
            return try TrainingSettings(
                options,
                imageSize: ImageSize(width: 32, height: 32),
                threads: 1,
                readers: 2,
                device: "cpu"
            )
        }

        private func new(
            _ name: String,
            _ way: Way = .plain,
            minutes: Double? = nil
        ) throws -> Trainer {
            try Trainer(
                settings(way, minutes: minutes),
                dataset: dataset,
                recipe: recipe,
                augmentation: Augmentation(recipe, for: dataset.index),
                run: RunFolder(new: temporary.path(name))
            )
        }

        private func resumed(_ name: String, dataset: Dataset? = nil) throws -> Trainer {
            let run = try RunFolder(existing: temporary.path(name))
            return try Trainer(
                resuming: run,
                run.configuration(),
                dataset: dataset ?? self.dataset
            )
        }

        /// Trains until that many more steps are made.
        private func train(_ trainer: Trainer, steps: Int) throws {
            var made = 0
            try trainer.train(isStopped: { made >= steps }) { event in
                if case .step = event { made += 1 }
            }
        }

        private func bytes(_ model: Pix2PixModel) throws -> [[UInt8]] {
            try model.state.flatMap { group in try group.tensors.map { try $0.tensor.bytes() } }
        }

        /// The metrics, but for what a clock and the machine say.
        private func metrics(_ name: String) throws -> [[String: JSONValue]] {
            try String(decoding: temporary.bytes(of: "\(name)/metrics.jsonl"), as: UTF8.self)
                .split(separator: "\n")
                .map { line in
                    try JSONDecoder().decode([String: JSONValue].self, from: Data(line.utf8))
                        .filter { !Self.measured.contains($0.key) }
                }
        }

        private static let measured = ["seconds", "pairs_per_second", "wait_share", "memory_mb"]

        @Test(
            "Stopped after any step and resumed, a run ends bit for bit like one never stopped",
            arguments: Way.allCases
        )
        func stopsLeaveNoTrace(_ way: Way) throws {
            let whole = try new("whole", way)
            try whole.train { _ in }
            let (weights, losses) = (try bytes(whole.model), try metrics("whole"))
            #expect(losses.count == whole.totalSteps + whole.settings.options.totalEpochs)
            let sheet = "samples/epoch-002.png"
            for steps in 1..<whole.totalSteps {
                let name = "stopped-\(steps)"
                try train(new(name, way), steps: steps)
                let again = try resumed(name)
                #expect(again.stepsBefore == steps)
                try again.train { _ in }
                #expect(try bytes(again.model) == weights, "after step \(steps)")
                #expect(try metrics(name) == losses, "after step \(steps)")
                #expect(
                    try temporary.bytes(of: "\(name)/\(sheet)")
                        == temporary.bytes(of: "whole/\(sheet)")
                )
                #expect(
                    try tensors(name, "best") == tensors("whole", "best"),
                    "after step \(steps)"
                )
            }
        }

        /// The bytes of a checkpoint's tensors: its header holds seconds.
        private func tensors(_ run: String, _ name: String) throws -> ArraySlice<UInt8> {
            let bytes = try temporary.bytes(of: "\(run)/checkpoints/\(name).safetensors")
            let length = bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
            return bytes[(8 + length)...]
        }

        @Test("A run that is stopped again and again loses nothing", arguments: Way.allCases)
        func manyStops(_ way: Way) throws {
            let whole = try new("whole", way)
            try whole.train { _ in }
            try train(new("often", way), steps: 1)
            var last = try resumed("often")
            while !last.isOver {
                try train(last, steps: 1)
                last = try resumed("often")
            }
            #expect(try bytes(last.model) == bytes(whole.model))
            #expect(try metrics("often") == metrics("whole"))
        }

        @Test("A run that pauses for --max-steps in the middle of an epoch ends as if it had not")
        func pauses() throws {
            let whole = try new("whole", .rich)
            try whole.train { _ in }
            try new("paused", .rich).train(maximumSteps: 3) { _ in }
            let again = try resumed("paused")
            #expect(again.stepsBefore == 3)
            try again.train { _ in }
            #expect(try bytes(again.model) == bytes(whole.model))
            #expect(try metrics("paused") == metrics("whole"))
        }

        @Test("Checkpoints by the clock are written within epochs, and change nothing")
        func checkpointsByTheClock() throws {
            let whole = try new("whole")
            try whole.train { _ in }
            let run = try new("clock", minutes: 0)
            let path = temporary.path("clock/checkpoints/latest.safetensors")
            var positions: [Int?] = []
            try run.train { event in
                guard case .step = event else { return }
                positions.append((try? Checkpoint(path: path))?.position.steps)
            }
            // Each step finds the checkpoint of the one before.
            #expect(positions == [nil] + (1...11).map { $0 })
            #expect(try bytes(run.model) == bytes(whole.model))
        }

        /// As after SIGKILL: the checkpoint is older than the metrics, whose last line is cut.
        @Test("What came after the checkpoint is done again")
        func metricsAheadOfTheCheckpoint() throws {
            let whole = try new("whole")
            try whole.train { _ in }
            try train(new("killed"), steps: 8)
            let path = "killed/checkpoints/latest.safetensors"
            let checkpoint = try temporary.bytes(of: path)
            try train(resumed("killed"), steps: 2)
            try temporary.write(checkpoint, to: path)
            let text = try temporary.bytes(of: "killed/metrics.jsonl")
            try temporary.write(text.dropLast(20), to: "killed/metrics.jsonl")
            let again = try resumed("killed")
            #expect(again.stepsBefore == 8)
            try again.train { _ in }
            #expect(try bytes(again.model) == bytes(whole.model))
            #expect(try metrics("killed") == metrics("whole"))
        }

        @Test("Another dataset, another schedule and a missing checkpoint are refused")
        func refusals() throws {
            try train(new("run"), steps: 2)
            let source = try SideBySideSource(
                in: temporary,
                name: "other",
                train: 5,
                half: ImageSize(width: 40, height: 40)
            )
            let json = #"{"name": "other", "source": {"path": "\#(source.folder)"}}"#
            let other = try Recipe(path: temporary.write(json, to: "other.json"))
            let out = temporary.path("out2")
            _ = try DatasetBuilder(recipe: other, output: out, jobs: 1).build { _, _, _ in }
            let refused = try #require(throws: TrainingError.self) {
                try resumed("run", dataset: Dataset(folder: out))
            }
            #expect(refused.code == .unsuitableData)
            for part in ["name noise, now other", "6 train pairs, now 5", "fingerprint "] {
                #expect(refused.message.contains(part), "\(refused.message)")
            }
            let run = try RunFolder(existing: temporary.path("run"))
            let steps = try #require(throws: TrainingError.self) {
                try Trainer(
                    resuming: run,
                    run.configuration(),
                    dataset: Dataset(folder: out),
                    takesOtherDataset: true
                )
            }
            #expect(steps.message.contains("expected epochs of 6 steps"), "\(steps.message)")
            try FileSystem.remove(run.checkpointPath)
            let missing = try #require(throws: TrainingError.self) { try resumed("run") }
            #expect(missing.code == .noRun)
            #expect(missing.message.contains("checkpoints/latest.safetensors"))
        }
    }
}
