import Augment
import DatasetKit
import FoundationEssentials

/// Pairs in memory, and what tests do with them.
struct MemoryPairs: PairSource {
    var pairs: [ImagePair]

    init(_ pairs: [ImagePair]) {
        self.pairs = pairs
    }

    /// The same image on both sides.
    init(both image: Image) {
        self.init([ImagePair(input: image, target: image)])
    }

    var count: Int { pairs.count }

    func withSamples<Result>(
        at number: Int,
        _ body: (RawSpan, RawSpan) throws(DatasetError) -> Result
    ) throws(DatasetError) -> Result {
        let pair = pairs[number]
        return try unsafe body(pair.input.bytes.span.bytes, pair.target.bytes.span.bytes)
    }

    /// What they look like.
    var form: PairForm {
        let pair = pairs[0]
        return PairForm(
            size: pair.input.size,
            sides: Sides(input: Self.form(pair.input), target: Self.form(pair.target))
        )
    }

    private static func form(_ image: Image) -> SideForm {
        SideForm(channels: image.channels, sampleType: image.sampleType)
    }

    /// A recipe with operations.
    static func recipe(_ operations: String) throws -> Recipe {
        let json = #"{"source": {"path": "x"}, "augment": \#(operations)}"#
        return try Recipe(
            JSONValue.parse(Data(json.utf8), path: "r.json", code: .invalidRecipe),
            file: "r.json"
        )
    }

    /// Operations for these pairs.
    func augmentation(_ operations: String, form: PairForm? = nil) throws -> Augmentation {
        try Augmentation(Self.recipe(operations), form: form ?? self.form)
    }

    /// What a transform makes of the first pair, or another one.
    func render(
        _ transform: PairTransform,
        by augmentation: Augmentation,
        of number: Int = 0,
        level: KernelLevel = .best
    ) throws -> PairBatch {
        let renderer = PairRenderer(augmentation, of: self, level: level)
        var batch = renderer.batch(of: 1)
        try renderer.render(transform, of: number, into: &batch, at: 0)
        return batch
    }

    /// One draw of operations, applied to a pair.
    func drawn(
        _ operations: String,
        seed: UInt64 = 0,
        epoch: Int = 1,
        sample: Int = 0
    ) throws -> PairBatch {
        let augmentation = try augmentation(operations)
        let transform = augmentation.draw(seed: seed, epoch: epoch, sample: sample, of: count)
        return try render(transform, by: augmentation, of: sample)
    }
}
