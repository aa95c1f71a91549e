public import DatasetKit

/// The operations of a recipe's `augment` list, ready for the pairs of a dataset.
///
/// What happens to a pair is a pure function of (seed, epoch, sample): the same on any number of
/// threads, in any batch, on every machine.
public struct Augmentation: Sendable {
    /// What the pairs in the dataset look like.
    public let form: PairForm
    /// The size of the pairs afterwards.
    public let outputSize: ImageSize
    /// Scales the images before everything else, where another output size was asked for.
    let rescaling: Rescaling?
    let list: OperationList

    /// Reads a recipe's operations.
    ///
    /// - Parameters:
    ///   - recipe: The recipe.
    ///   - form: What the pairs look like; without sides, operations are checked as far as that goes.
    ///   - resize: How the pairs were resized when they were built: each side's filter serves again where
    ///     another output size needs a resize.
    ///   - outputSize: The size to train at; `nil` takes what the operations give. With another
    ///     size, images and operations are scaled so that the same part of each picture is seen at
    ///     another resolution: 286 cropped to 256 becomes, for 128, 143 cropped to 128.
    /// - Throws: ``DatasetError`` with code `invalidRecipe`, naming the JSON path.
    public init(
        _ recipe: Recipe,
        form: PairForm,
        resize: Sides<ResizePlan>? = nil,
        outputSize: ImageSize? = nil
    ) throws(DatasetError) {
        self.form = form
        var list = try OperationList(recipe.augment, file: recipe.file)
        let natural = try list.prepare(for: form, file: recipe.file)
        guard let outputSize, outputSize != natural else {
            (self.list, self.outputSize, rescaling) = (list, natural, nil)
            return
        }
        let scale = ImageScale(from: natural, to: outputSize)
        let start = scale.applied(to: form.size)
        list = list.scaled(by: scale)
        let scaled = try list.prepare(
            for: PairForm(size: start, sides: form.sides),
            file: recipe.file
        )
        guard scaled == outputSize else {
            throw DatasetError(
                .invalidRecipe,
                "augment: the operations give \(scaled) where \(outputSize) was asked for; "
                    + "build the dataset at another size, or ask for \(natural)",
                path: recipe.file
            )
        }
        (self.list, self.outputSize) = (list, scaled)
        rescaling = Rescaling(
            size: start,
            filters: resize?.map(\.filter) ?? Sides(both: .bicubic),
            resampler: resize?.input.resampler ?? .pillow13
        )
    }

    /// Reads a recipe's operations for the pairs of a dataset.
    ///
    /// - Parameters:
    ///   - recipe: The recipe.
    ///   - dataset: What the pairs look like.
    ///   - outputSize: As above.
    /// - Throws: ``DatasetError`` with code `unsupported` where inputs and targets have different
    ///   sizes: no operation could treat them alike; else as above.
    public init(
        _ recipe: Recipe,
        for dataset: DatasetIndex,
        outputSize: ImageSize? = nil
    ) throws(DatasetError) {
        guard dataset.input.size == dataset.target.size else {
            throw DatasetError(
                .unsupported,
                "expected inputs and targets of one size to treat alike, found inputs of "
                    + "\(dataset.input.size) and targets of \(dataset.target.size); build the dataset "
                    + "with one \"resize\" for both",
                path: recipe.file
            )
        }
        // The recipe may be another one than that of the shards.
        let resize = try Recipe(dataset.recipe, file: DatasetIndex.fileName).resize
        let sides = Sides(
            input: SideForm(dataset.input, plan: resize?.input),
            target: SideForm(dataset.target, plan: resize?.target)
        )
        try self.init(
            recipe,
            form: PairForm(size: dataset.input.size, sides: sides),
            resize: resize,
            outputSize: outputSize
        )
    }

    // MARK: - Drawing

    /// Draws what happens to one pair.
    ///
    /// - Parameters:
    ///   - seed: The run's seed.
    ///   - epoch: The epoch, from 1.
    ///   - sample: The pair's number in its split, from 0.
    ///   - count: How many pairs the split has: those that a pair may be mixed with.
    /// - Returns: What to apply to both images.
    public func draw(seed: UInt64, epoch: Int, sample: Int, of count: Int) -> PairTransform {
        var transform = PairTransform()
        draw(seed: seed, epoch: epoch, sample: sample, of: count, into: &transform)
        return transform
    }

    /// The same in the memory of an earlier transform.
    public func draw(
        seed: UInt64,
        epoch: Int,
        sample: Int,
        of count: Int,
        into transform: inout PairTransform
    ) {
        let context = Context(seed: seed, epoch: epoch, count: count)
        transform.operations.removeAll(keepingCapacity: true)
        for place in list.steps.indices {
            let before = transform.operations.count
            Self.draw(list.steps[place], sample, context, &transform.operations)
            guard let last = transform.operations.last, last.partner != nil,
                transform.operations.count > before
            else { continue }
            drawPartner(place, context, &transform.operations)
        }
    }

    private struct Context {
        var seed: UInt64
        var epoch: Int
        var count: Int

        func draws(_ position: Int, _ sample: Int) -> Draws {
            Draws(
                Philox(
                    seed: seed,
                    stream: .augment,
                    position: position,
                    epoch: epoch,
                    sample: sample
                ),
                count: count,
                sample: sample
            )
        }
    }

    private static func draw(
        _ step: OperationList.Step,
        _ sample: Int,
        _ context: Context,
        _ drawn: inout [DrawnOperation]
    ) {
        var draws = context.draws(step.position, sample)
        if let probability = step.probability, !draws.chance(probability) { return }
        switch step.action {
        case .operation(let operation): operation.draw(for: step.size, from: &draws, into: &drawn)
        case .sequence(let steps):
            for step in steps { draw(step, sample, context, &drawn) }
        case .oneOf(let steps, let weights):
            draw(steps[draws.choice(weights)], sample, context, &drawn)
        }
    }

    /// Draws what has happened to the partner of the last operation when it is mixed in: all that stands
    /// before in the list, but for mixing.
    private func drawPartner(_ place: Int, _ context: Context, _ drawn: inout [DrawnOperation]) {
        let mixing = drawn.count - 1
        guard let partner = drawn[mixing].partner else { return }
        for step in list.steps[..<place] {
            let before = drawn.count
            Self.draw(step, partner, context, &drawn)
            if drawn.count > before, drawn[drawn.count - 1].partner != nil { drawn.removeLast() }
        }
        drawn[mixing].setPartnerCount(drawn.count - mixing - 1)
    }

    /// What happens to a pair where nothing may be random: sizes as in training, the middle of
    /// each crop, no flips.
    public var evaluation: PairTransform {
        PairTransform(Self.evaluation(list.steps))
    }

    static func evaluation(_ steps: [OperationList.Step]) -> [DrawnOperation] {
        steps.flatMap { step -> [DrawnOperation] in
            switch step.action {
            case .operation(let operation): operation.evaluation(for: step.size).map { [$0] } ?? []
            case .sequence(let steps): step.probability == nil ? evaluation(steps) : []
            case .oneOf(let steps, _):
                step.probability == nil ? evaluation(Array(steps.prefix(1))) : []
            }
        }
    }
}
