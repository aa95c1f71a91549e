import Augment
import DatasetKit
import Pix2Pix
import TestSupport
import Testing

@Suite struct BatchLoaderTests {
    private let temporary: TemporaryFolder
    private let plan: BatchLoader.Plan

    init() throws {
        temporary = try TemporaryFolder()
        let source = try SideBySideSource(in: temporary, train: 7, val: 0)
        let json = """
            {"source": {"path": "\(source.folder)"},
             "augment": [{"op": "crop", "width": 8, "height": 8}, {"op": "flip-horizontal"}]}
            """
        let recipe = try Recipe(path: temporary.write(json, to: "r.json"))
        let out = temporary.path("out")
        _ = try DatasetBuilder(recipe: recipe, output: out, jobs: 2).build { _, _, _ in }
        let dataset = try Dataset(folder: out)
        var options = TrainOptions()
        (options.batchSize, options.seed) = (3, 11)
        plan = BatchLoader.Plan(
            reader: try #require(dataset.split(.train)),
            augmentation: try Augmentation(recipe, for: dataset.index),
            options: options,
            of: dataset.index
        )
    }

    private func batches(_ range: Range<Int>, threads: Int) throws -> [PairBatch] {
        let loader = BatchLoader(plan, range: range, threads: threads)
        defer { loader.stop() }
        var batches: [PairBatch] = []
        while let batch = try loader.next() { batches.append(batch) }
        return batches
    }

    @Test func theBatchesAreTheSameForAnyNumberOfThreadsAndAnyStart() throws {
        let all = try batches(0..<9, threads: 1).map(\.input)
        #expect(all.count == 9)
        for threads in [2, 4, 8] {
            #expect(try batches(0..<9, threads: threads).map(\.input) == all)
        }
        #expect(try batches(4..<9, threads: 2).map(\.input) == Array(all[4...]))
    }

    /// Each pair of an epoch is the same whether it comes alone or with others.
    @Test func theSizeOfABatchChangesNoPair() throws {
        var single = plan
        single.batchSize = 1
        let loader = BatchLoader(single, range: 0..<21, threads: 2)
        defer { loader.stop() }
        var alone: [Float] = []
        while let batch = try loader.next() {
            alone += batch.input
            loader.reuse(batch)
        }
        #expect(try batches(0..<9, threads: 2).flatMap(\.input) == alone)
    }

    @Test func anEpochHoldsEveryPairOnceAndTheLastBatchTheRest() throws {
        #expect(plan.stepsPerEpoch == 3)
        #expect(try batches(0..<3, threads: 2).map(\.count) == [3, 3, 1])
        for epoch in 1...3 {
            let order = EpochOrder.shuffled(count: 7, seed: plan.seed, epoch: epoch)
            #expect(order.sorted() == Array(0..<7))
        }
        let orders = (1...3).map { EpochOrder.shuffled(count: 7, seed: plan.seed, epoch: $0) }
        #expect(Set(orders).count == 3)
    }

    @Test func aBatchHoldsWhatItsDrawsGive() throws {
        let order = EpochOrder.shuffled(count: 7, seed: 11, epoch: 2)
        let batch = try #require(try batches(4..<5, threads: 1).first)
        let renderer = PairRenderer(plan.augmentation, of: plan.reader)
        var expected = renderer.batch(of: 3)
        for (place, number) in order[3..<6].enumerated() {
            let transform = plan.augmentation.draw(seed: 11, epoch: 2, sample: number, of: 7)
            try renderer.render(transform, of: number, into: &expected, at: place)
        }
        #expect(batch.input == expected.input)
        #expect(batch.target == expected.target)
    }

    @Test func aLoaderThatIsStoppedEarlyEnds() throws {
        let loader = BatchLoader(plan, range: 0..<1_000_000, threads: 3)
        #expect(try loader.next() != nil)
        loader.stop()
    }

    @Test func aDamagedPairComesAsAnErrorInItsPlace() throws {
        let shard = "out/train-00000.safetensors"
        var bytes = try temporary.bytes(of: shard)
        bytes[5000] ^= 1
        try temporary.write(bytes, to: shard)
        let dataset = try Dataset(folder: temporary.path("out"))
        var damaged = plan
        damaged.reader = try #require(dataset.split(.train))
        let loader = BatchLoader(damaged, range: 0..<3, threads: 2)
        defer { loader.stop() }
        let error = #expect(throws: DatasetError.self) { while try loader.next() != nil {} }
        #expect(error?.code == .corrupt)
    }
}
