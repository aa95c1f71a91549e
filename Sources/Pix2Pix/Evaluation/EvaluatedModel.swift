import Augment
import DatasetKit

/// A generator that is to be measured, and how it is used.
public struct EvaluatedModel {
    /// The generator.
    public let trained: TrainedModel
    /// How it is used: as its training says, unless it is changed.
    public var use: GeneratorUse

    /// Takes a generator.
    ///
    /// - Parameters:
    ///   - trained: The generator.
    ///   - use: How it is used; `nil` for what its training says.
    public init(_ trained: TrainedModel, use: GeneratorUse? = nil) {
        self.trained = trained
        self.use = use ?? GeneratorUse(trained.model.options)
    }

    /// The pairs of a split as its training would show them, in the same place of each picture.
    ///
    /// - Returns: The pairs, and a remark where the training's operations cannot be taken.
    /// - Throws: ``DatasetError`` where no such pairs can be made.
    func pairs(
        _ reader: SplitReader,
        of dataset: Dataset
    ) throws(DatasetError) -> (pairs: EvaluationPairs, remark: String?) {
        let (augmentation, remark) = try trained.view(of: dataset)
        let ranges = FloatRanges(trained.model.options, for: dataset.index)
        let pairs = EvaluationPairs(
            reader,
            augmentation: augmentation,
            ranges: ranges,
            device: trained.device
        )
        return (pairs, remark)
    }

    /// Refuses a dataset that it cannot work on.
    ///
    /// - Throws: ``DatasetError`` with code `mismatch` naming both.
    func check(_ dataset: Dataset) throws(DatasetError) {
        let (model, index) = (trained.model, dataset.index)
        for (name, own, found, range) in [
            ("inputs", model.input, index.input, model.options.inputRange),
            ("targets", model.target, index.target, model.options.targetRange),
        ] {
            guard own.channels == found.channels else {
                throw DatasetError(
                    .mismatch,
                    "\(trained.path) works with \(name) of \(own.channels) channels, those of "
                        + "\(dataset.folder) have \(found.channels); give the model a dataset of its kind"
                )
            }
            guard found.dtype != .f32 || range != nil else {
                throw DatasetError(
                    .mismatch,
                    "\(trained.path) was trained on \(name) of type \(own.dtype.rawValue), those of "
                        + "\(dataset.folder) are floats, and nothing says which become -1 and 1"
                )
            }
        }
    }
}

@available(*, unavailable)
extension EvaluatedModel: Sendable {}
