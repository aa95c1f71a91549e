import Augment
import DatasetKit
import FoundationEssentials
import Pix2Pix
import TestSupport
import Testing

extension TorchTests {
    /// Training on shards of 16 bits and of floats, whose black and white nobody knows.
    @Suite("Deep shards")
    struct DeepShardTests {
        private let temporary: TemporaryFolder

        init() throws {
            temporary = try TemporaryFolder()
        }

        /// A dataset whose inputs are floats, from TIFF files that this test writes.
        private func dataset(_ depth: String, values: (Int) -> Float) throws -> Dataset {
            for (split, count) in [("train", 4), ("val", 2)] {
                for number in 0..<count {
                    for (side, channels) in [("in", 1), ("out", 3)] {
                        let floats = (0..<32 * 32 * channels).map { values(number * 7919 + $0) }
                        let bytes = floats.flatMap { value in
                            (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
                        }
                        let image = Image(
                            size: ImageSize(width: 32, height: 32),
                            channels: channels,
                            sampleType: .f32,
                            bytes: bytes
                        )
                        try temporary.write(
                            ImageCodec.encodeTIFF(image),
                            to: "source/\(split)/\(side)/\(number).tif"
                        )
                    }
                }
            }
            let json = """
                {"name": "deep", "source": {"layout": "folders", "path": "source",
                 "inputs": "{split}/in", "targets": "{split}/out"}, "depth": \(depth)}
                """
            let recipe = try Recipe(path: temporary.write(json, to: "deep.json"))
            let out = temporary.path("out")
            _ = try DatasetBuilder(recipe: recipe, output: out, jobs: 1).build { _, _, _ in }
            return try Dataset(folder: out)
        }

        private func trainer(
            _ dataset: Dataset,
            _ change: (inout TrainOptions) -> Void = { _ in }
        ) throws -> Trainer {
            var options = TrainOptions()
            (options.ngf, options.ndf, options.epochs, options.decayEpochs) = (2, 2, 1, 0)
            change(&options)
            let recipe = try dataset.recipe()
            return try Trainer(
                TrainingSettings(
                    options,
                    imageSize: ImageSize(width: 32, height: 32),
                    threads: 1,
                    readers: 1,
                    device: "cpu"
                ),
                dataset: dataset,
                recipe: recipe,
                augmentation: Augmentation(recipe, for: dataset.index),
                run: RunFolder(new: temporary.path("run"))
            )
        }

        @Test("Floats are brought to -1...1 by their range, measured or named, which is recorded")
        func floats() throws {
            let dataset = try dataset(#""keep""#) { Float($0 % 1000) - 250 }
            let measured = try trainer(dataset)
            let range = try #require(measured.settings.options.inputRange)
            #expect(range.low == -250 && range.high == 749)
            #expect(measured.settings.options.targetRange == range)
            try measured.train { _ in }
            let path = temporary.path("run/checkpoints/latest.safetensors")
            #expect(try Checkpoint(path: path).settings.options.inputRange == range)

            try FileSystem.remove(temporary.path("run"))
            let named = try trainer(dataset) {
                $0.inputRange = TrainOptions.ValueRange(low: 0, high: 100)
            }
            #expect(named.settings.options.inputRange?.high == 100)
            #expect(named.settings.options.targetRange == range)
        }

        @Test("A batch of floats lies in -1...1")
        func batches() throws {
            let dataset = try dataset(#""keep""#) { Float($0 % 1000) - 250 }
            let trained = try trainer(dataset)
            let plan = BatchLoader.Plan(
                reader: try #require(dataset.split(.train)),
                augmentation: try Augmentation(dataset.recipe(), for: dataset.index),
                options: trained.settings.options,
                of: dataset.index
            )
            let loader = BatchLoader(plan, range: 0..<4, threads: 1)
            defer { loader.stop() }
            var values: [Float] = []
            while let batch = try loader.next() { values += batch.input + batch.target }
            #expect(values.min() == -1 && values.max() == 1)
        }

        @Test("16 bits train")
        func sixteenBits() throws {
            let dataset = try dataset("16") { Float($0 % 1000) / 1000 }
            #expect(dataset.index.input.dtype == .u16)
            let trained = try trainer(dataset)
            try trained.train { _ in }
            #expect(trained.settings.options.inputRange == nil)
        }

        @Test("Values that are no numbers, or all the same, are refused by name")
        func hopelessFloats() throws {
            let flat = try dataset(#""keep""#) { _ in 3 }
            let error = #expect(throws: TrainingError.self) { try trainer(flat) }
            #expect(error?.code == .unsuitableData)
            #expect(error?.message.contains("found 3.0 to 3.0 in 4 training pairs") == true)

            try FileSystem.remove(temporary.path("out"))
            let holed = try dataset(#""keep""#) { $0 == 2 * 7919 + 5 ? .nan : Float($0 % 10) }
            let damaged = #expect(throws: DatasetError.self) { try trainer(holed) }
            #expect(
                damaged?.message.hasPrefix("the input of 2 holds a value that is infinite") == true,
                "\(damaged?.message ?? "")"
            )
        }
    }
}
