package import Augment
package import DatasetKit

extension TrainedModel {
    /// What of a dataset's pairs the model is shown outside of training: the same part of each, at the same
    /// size, as in its training, but for chance.
    ///
    /// - Returns: The augmentation whose evaluation gives it, and a remark where the training's operations
    ///   cannot be taken, because they are not known or for larger images than the dataset's.
    /// - Throws: ``DatasetError`` where no such pairs can be made.
    package func view(
        of dataset: Dataset
    ) throws(DatasetError) -> (augmentation: Augmentation, remark: String?) {
        let (index, size) = (dataset.index, model.imageSize)
        if let recipe {
            do {
                let recipe = try Recipe(recipe, file: path)
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
}
