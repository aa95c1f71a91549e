package import Augment
package import DatasetKit

/// What a new training will do: a recipe, options that win over it, and the machine, put together.
package struct TrainingPlan {
    /// Everything that decides what the training does.
    package var settings: TrainingSettings
    /// Where the augmentation is from.
    package let recipe: Recipe
    /// What happens to the training pairs.
    package let augmentation: Augmentation

    /// Resolves the settings, and checks that they go together.
    ///
    /// - Parameters:
    ///   - recipe: The recipe.
    ///   - options: Training options that win over the recipe's, by their names in it.
    ///   - dataset: What is trained on.
    ///   - threads: Threads of libtorch's operations.
    ///   - readers: Threads that prepare batches.
    ///   - device: Where the networks are.
    /// - Throws: ``DatasetError`` with code `invalidRecipe` or `unsupported`, or ``TrainingError`` with
    ///   code `impossibleSettings`.
    package init(
        _ recipe: Recipe,
        options: [String: JSONValue],
        for dataset: Dataset,
        threads: Int,
        readers: Int,
        device: Device
    ) throws {
        let options = try recipe.trainOptions(options)
        self.recipe = recipe
        augmentation = try Augmentation(
            recipe,
            for: dataset.index,
            outputSize: options.size.map { ImageSize(width: $0, height: $0) }
        )
        settings = try TrainingSettings(
            options,
            imageSize: augmentation.outputSize,
            threads: threads,
            readers: readers,
            device: device.description
        )
    }

    /// Checks what a training checks when it begins, networks and dataset included, and begins none.
    ///
    /// The ranges of floats are measured, and named in the settings.
    ///
    /// - Throws: ``TrainingError``, ``DatasetError`` or ``TorchError``.
    package mutating func check(on dataset: Dataset) throws {
        let setup = try TrainingSetup(settings, dataset, augmentation)
        _ = try setup.newModel()
        settings = setup.settings
    }
}
