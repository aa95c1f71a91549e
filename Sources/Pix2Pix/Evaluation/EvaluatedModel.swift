import Augment
import DatasetKit

/// A generator that is to be measured, and how it is used.
public struct EvaluatedModel {
    /// The generator.
    public let trained: TrainedModel
    /// How it is used: as its training says, unless it is changed.
    public var use: GeneratorUse
    /// The dataset that it was trained on; `nil` where a model file does not say.
    let trainedOn: Checkpoint.DatasetIdentity?
    /// The recipe whose augmentation gives the pairs' size; `nil` where it is not known.
    let recipe: JSONValue?

    /// Reads a generator.
    ///
    /// - Parameters:
    ///   - path: A checkpoint, a model file, or a run's folder.
    ///   - device: Where to put it.
    ///   - weights: Which; `nil` for what its training validated.
    /// - Throws: ``DatasetError`` or ``TorchError``: see ``TrainedModel``.
    public init(path: String, device: Device, weights: TrainedModel.Weights? = nil) throws {
        trained = try TrainedModel(path: path, device: device, weights: weights)
        use = GeneratorUse(trained.model.options)
        let format = try SafetensorsFile(path: trained.path).metadata["format"]
        let checkpoint =
            format == Checkpoint.formatName ? try Checkpoint(path: trained.path) : nil
        trainedOn = checkpoint?.dataset
        recipe = checkpoint?.recipe ?? trained.model.recipe
    }

    /// Whether chance has a part in each image.
    var dropsOut: Bool { use.dropout && trained.model.options.dropout }

    /// The pairs of a split as its training would show them, in the same place of each picture.
    ///
    /// - Returns: The pairs, and a remark where the training's operations cannot be taken.
    /// - Throws: ``DatasetError`` where no such pairs can be made.
    func pairs(
        _ reader: SplitReader,
        of dataset: Dataset
    ) throws(DatasetError) -> (pairs: EvaluationPairs, remark: String?) {
        let (augmentation, remark) = try augmentation(for: dataset)
        let ranges = FloatRanges(trained.model.options, for: dataset.index)
        let pairs = EvaluationPairs(
            reader,
            augmentation: augmentation,
            ranges: ranges,
            device: trained.device
        )
        return (pairs, remark)
    }

    private func augmentation(
        for dataset: Dataset
    ) throws(DatasetError) -> (Augmentation, remark: String?) {
        let (index, size) = (dataset.index, trained.model.imageSize)
        if let recipe {
            do {
                let recipe = try Recipe(recipe, file: trained.path)
                return (try Augmentation(recipe, for: index, outputSize: size), nil)
            } catch
                where error.code == .invalidRecipe && trainedOn?.fingerprint != index.fingerprint
            {
                // Operations for images of another size: these are taken whole.
            }
        }
        guard case .object(var members) = index.recipe else {
            throw DatasetError(.corrupt, "its recipe is damaged", path: dataset.folder)
        }
        members["augment"] = .array([])
        let whole = try Recipe(.object(members), file: "\(dataset.folder)/\(DatasetIndex.fileName)")
        let remark =
            index.input.size == size
            ? nil
            : "whole images of \(index.input.size) are scaled to \(size): the model does not say which "
                + "part of them it was trained on, or these are too small for it"
        return (try Augmentation(whole, for: index, outputSize: size), remark)
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
