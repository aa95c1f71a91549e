import Augment
import DatasetKit

/// What becomes −1 and 1 of sides whose shards hold floats: integers have their black and white.
struct FloatRanges: Sendable {
    /// The most training pairs that are measured for a range.
    static let maximumMeasuredPairs = 4096

    private let input: TrainOptions.ValueRange?
    private let target: TrainOptions.ValueRange?

    /// Takes the ranges that some options name, for the sides of a dataset that hold floats.
    init(_ options: TrainOptions, for index: DatasetIndex) {
        self.init(options, input: index.input, target: index.target)
    }

    /// The same for the sides of a model.
    init(_ options: TrainOptions, input: DatasetIndex.Side, target: DatasetIndex.Side) {
        self.input = input.dtype == .f32 ? options.inputRange : nil
        self.target = target.dtype == .f32 ? options.targetRange : nil
    }

    /// Brings a batch's floats to −1…1.
    ///
    /// - Parameters:
    ///   - batch: Pairs as augmentation leaves them.
    ///   - key: The key of the pair at a place of the batch, for messages.
    /// - Throws: ``DatasetError`` with code `corrupt` where a value is infinite or not a number.
    func apply(
        to batch: inout PairBatch,
        key: (Int) throws(DatasetError) -> String
    ) throws(DatasetError) {
        let count = batch.count
        if let input { try Self.apply(input, to: &batch.input, count, "input", key) }
        if let target { try Self.apply(target, to: &batch.target, count, "target", key) }
    }

    private static func apply(
        _ range: TrainOptions.ValueRange,
        to values: inout [Float],
        _ pairs: Int,
        _ side: String,
        _ key: (Int) throws(DatasetError) -> String
    ) throws(DatasetError) {
        let scale = Float(2 / (range.high - range.low))
        let low = Float(range.low)
        var areFinite = true
        for index in values.indices {
            areFinite = areFinite && values[index].isFinite
            values[index] = (values[index] - low) * scale - 1
        }
        guard !areFinite else { return }
        let place = values.firstIndex { !$0.isFinite } ?? 0
        let name = try key(place * pairs / values.count)
        throw DatasetError(
            .corrupt,
            "the \(side) of \(name) holds a value that is infinite or not a "
                + "number; mend the image, or leave the pair out, and build the dataset again"
        )
    }
}

extension TrainOptions {
    /// The options with a range for each side of a dataset that holds floats.
    ///
    /// What no option names is measured: the lowest and highest value of the training pairs, of 4096 evenly
    /// spread where there are more.
    ///
    /// - Throws: ``DatasetError`` where a pair cannot be read, or ``TrainingError`` where a side has one
    ///   value only.
    func withFloatRanges(for dataset: Dataset, training: SplitReader) throws -> TrainOptions {
        var options = self
        let sides = Sides(input: dataset.index.input, target: dataset.index.target)
        let isWanted = Sides(
            input: sides.input.dtype == .f32 && inputRange == nil,
            target: sides.target.dtype == .f32 && targetRange == nil
        )
        guard isWanted.input || isWanted.target else { return options }
        var ranges = Sides<(low: Float, high: Float)>(
            input: (.infinity, -.infinity),
            target: (.infinity, -.infinity)
        )
        let count = min(training.count, FloatRanges.maximumMeasuredPairs)
        for place in 0..<count {
            let number = place * training.count / count
            try training.withSamples(at: number) { (input, target) throws(DatasetError) in
                if isWanted.input { input.widen(&ranges.input) }
                if isWanted.target { target.widen(&ranges.target) }
            }
        }
        func range(_ found: (low: Float, high: Float), _ name: String) throws -> ValueRange {
            guard found.low < found.high, found.low.isFinite, found.high.isFinite else {
                throw TrainingError(
                    .unsuitableData,
                    "\(dataset.folder): expected floats of different values as \(name), found "
                        + "\(found.low) to \(found.high) in \(count) training pairs; mend the images, or "
                        + "give \(name)Range in the recipe's train section"
                )
            }
            return ValueRange(low: Double(found.low), high: Double(found.high))
        }
        if isWanted.input { options.inputRange = try range(ranges.input, "input") }
        if isWanted.target { options.targetRange = try range(ranges.target, "target") }
        return options
    }
}

extension RawSpan {
    /// Widens a range to hold all floats that lie here.
    fileprivate func widen(_ range: inout (low: Float, high: Float)) {
        for offset in stride(from: 0, to: byteCount, by: MemoryLayout<Float>.size) {
            let value = unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: Float.self)
            // Not-a-number fails both comparisons: it shows when its pair is trained on.
            range.low = value < range.low ? value : range.low
            range.high = value > range.high ? value : range.high
        }
    }
}
