import DatasetKit

extension OperationList {
    /// Checks all operations against the pairs, and adapts them.
    ///
    /// - Returns: The size of the images afterwards.
    /// - Throws: ``DatasetError`` with code `invalidRecipe`, naming the JSON path.
    mutating func prepare(for form: PairForm, file: String) throws(DatasetError) -> ImageSize {
        try Self.prepare(&steps, for: form, file: file)
    }

    private static func prepare(
        _ steps: inout [Step],
        for form: PairForm,
        file: String
    ) throws(DatasetError) -> ImageSize {
        var form = form
        for index in steps.indices {
            steps[index].size = form.size
            form.size = try prepare(&steps[index], for: form, file: file)
        }
        return form.size
    }

    private static func prepare(
        _ step: inout Step,
        for form: PairForm,
        file: String
    ) throws(DatasetError) -> ImageSize {
        func refusal(_ key: String, _ message: String) -> DatasetError {
            DatasetError(.invalidRecipe, "\(step.path).\(key): \(message)", path: file)
        }
        switch step.action {
        case .operation(var operation):
            do throws(ImpossibleOperation) {
                let size = try operation.prepare(for: form)
                step.action = .operation(operation)
                return size
            } catch {
                throw refusal(error.key, error.message)
            }
        case .sequence(var steps):
            if let path = mixing(steps) {
                throw DatasetError(
                    .invalidRecipe,
                    "\(path).op: expected mixing outside of a sequence: a partner comes as all that "
                        + "stands before in the list leaves it",
                    path: file
                )
            }
            let size = try prepare(&steps, for: form, file: file)
            guard step.probability == nil || size == form.size else {
                throw refusal("p", "expected operations that keep the images' size, or no \"p\"")
            }
            step.action = .sequence(steps)
            return size
        case .oneOf(var steps, let weights):
            var sizes: Set<ImageSize> = step.probability == nil ? [] : [form.size]
            for index in steps.indices {
                steps[index].size = form.size
                sizes.insert(try prepare(&steps[index], for: form, file: file))
            }
            guard sizes.count == 1, let size = sizes.first else {
                throw refusal("operations", "expected operations that give images of one size")
            }
            step.action = .oneOf(steps, weights: weights)
            return size
        }
    }

    /// The JSON path of the first operation in a sequence that mixes pairs.
    private static func mixing(_ steps: [Step]) -> String? {
        for step in steps {
            switch step.action {
            case .operation(let operation):
                if operation is Mixup || operation is CutMix { return step.path }
            case .oneOf(let steps, _), .sequence(let steps):
                if let path = mixing(steps) { return path }
            }
        }
        return nil
    }

    /// The same operations for images of another scale.
    func scaled(by scale: ImageScale) -> OperationList {
        var list = self
        list.steps = Self.scaled(steps, by: scale)
        return list
    }

    private static func scaled(_ steps: [Step], by scale: ImageScale) -> [Step] {
        steps.map { step in
            var step = step
            switch step.action {
            case .operation(let operation): step.action = .operation(operation.scaled(by: scale))
            case .sequence(let steps): step.action = .sequence(scaled(steps, by: scale))
            case .oneOf(let steps, let weights):
                step.action = .oneOf(scaled(steps, by: scale), weights: weights)
            }
            return step
        }
    }
}
