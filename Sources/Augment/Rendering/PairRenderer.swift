import CAugment
public import DatasetKit

/// Makes augmented pairs of a split: reads their samples where the shards are mapped, and writes what a
/// transform makes of them into batches.
///
/// It keeps the memory that it works in, so that nothing is allocated for a pair after the first ones.
/// One renderer serves one thread.
public final class PairRenderer {
    private let pairs: any PairSource
    private let augmentation: Augmentation
    private let sides: Sides<SideForm>
    private let renderers: Sides<SideRenderer>
    /// Make the partners that pairs are mixed with.
    private let partners: Sides<SideRenderer>
    private let partnerPlanes = FloatBuffer()

    /// Prepares for the pairs of a split.
    ///
    /// - Precondition: The augmentation was made for a dataset.
    public convenience init(_ augmentation: Augmentation, of pairs: any PairSource) {
        self.init(augmentation, of: pairs, level: .best)
    }

    /// The same with the loops of a level that this processor has.
    package init(_ augmentation: Augmentation, of pairs: any PairSource, level: KernelLevel) {
        guard let sides = augmentation.form.sides else {
            preconditionFailure("the augmentation was made without a dataset")
        }
        self.pairs = pairs
        self.augmentation = augmentation
        self.sides = sides
        func renderers() -> Sides<SideRenderer> {
            Sides(
                input: SideRenderer(.input, form: sides.input, level: level),
                target: SideRenderer(.target, form: sides.target, level: level)
            )
        }
        self.renderers = renderers()
        partners = renderers()
    }

    /// A batch with room for pairs of this augmentation.
    public func batch(of count: Int) -> PairBatch {
        PairBatch(count: count, size: augmentation.outputSize, sides: sides)
    }

    /// Does a transform to a pair.
    ///
    /// - Parameters:
    ///   - transform: What happens.
    ///   - number: The pair's number in its split, from 0.
    ///   - batch: Receives the result.
    ///   - place: Where in the batch, from 0.
    /// - Throws: ``DatasetError`` where a pair cannot be read.
    public func render(
        _ transform: PairTransform,
        of number: Int,
        into batch: inout PairBatch,
        at place: Int
    ) throws(DatasetError) {
        precondition((0..<batch.count).contains(place), "place \(place) of \(batch.count)")
        precondition(batch.size == augmentation.outputSize && batch.sides == sides)
        let pixels = batch.size.width * batch.size.height
        let (inputStart, targetStart) = (
            place * pixels * sides.input.channels, place * pixels * sides.target.channels
        )
        let operations = transform.operations[...]
        try pairs.withSamples(at: number) { (input, target) throws(DatasetError) in
            try unsafe batch.input.withUnsafeMutableBufferPointer { (buffer) throws(DatasetError) in
                try unsafe render(.input, operations, of: input, to: buffer, at: inputStart)
            }
            try unsafe batch.target.withUnsafeMutableBufferPointer {
                (buffer) throws(DatasetError) in
                try unsafe render(.target, operations, of: target, to: buffer, at: targetStart)
            }
        }
    }

    private func render(
        _ side: PairSide,
        _ operations: ArraySlice<DrawnOperation>,
        of samples: RawSpan,
        to buffer: UnsafeMutableBufferPointer<Float>,
        at start: Int
    ) throws(DatasetError) {
        guard let output = buffer.baseAddress else { return }
        try unsafe samples.withUnsafeBytes { (bytes) throws(DatasetError) in
            guard let image = bytes.baseAddress else { return }
            try unsafe renderers[side].render(
                operations,
                of: image,
                size: augmentation.form.size,
                resizedBy: augmentation.rescaling,
                to: output + start,
                centers: true
            ) { (operation, place, planes, size) throws(DatasetError) in
                let rest = operations[(place + 1)...].prefix(operation.partnerCount)
                try unsafe mix(operation, rest, side, planes, size)
            }
        }
    }

    /// Mixes a partner into planes from 0 to 1.
    private func mix(
        _ operation: DrawnOperation,
        _ operations: ArraySlice<DrawnOperation>,
        _ side: PairSide,
        _ planes: UnsafeMutablePointer<Float>,
        _ size: ImageSize
    ) throws(DatasetError) {
        guard let number = operation.partner else { return }
        let channels = sides[side].channels
        let pixels = size.width * size.height
        guard let partner = unsafe partnerPlanes.room(pixels * channels).baseAddress else { return }
        try pairs.withSamples(at: number) { (input, target) throws(DatasetError) in
            let samples = side == .input ? input : target
            try unsafe samples.withUnsafeBytes { (bytes) throws(DatasetError) in
                guard let image = bytes.baseAddress else { return }
                try unsafe partners[side].render(
                    operations,
                    of: image,
                    size: augmentation.form.size,
                    resizedBy: augmentation.rescaling,
                    to: partner,
                    centers: false
                ) { (_, _, _, _) throws(DatasetError) in }
            }
        }
        switch operation {
        case .mixup(let mix):
            unsafe renderers[side].mix(
                planes,
                partner,
                weight: mix.weight,
                count: pixels * channels
            )
        case .cutmix(let box):
            for channel in 0..<channels {
                for row in box.y..<box.y + box.height {
                    let start = channel * pixels + row * size.width + box.x
                    unsafe (planes + start).update(from: partner + start, count: box.width)
                }
            }
        default: break
        }
    }
}
