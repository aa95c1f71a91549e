import Augment

/// Some pairs that go through the networks together.
struct EvaluationBatch {
    /// The targets, `[N, C, H, W]`, on the CPU.
    let targets: Tensor
    private let pairs: [PairBatch]
    private let numbers: [Int]

    /// Takes pairs of one form.
    ///
    /// - Throws: ``TorchError``.
    init(_ pairs: [PairBatch], numbers: [Int]) throws(TorchError) {
        self.pairs = pairs
        self.numbers = numbers
        targets = try .concatenated(
            pairs.map { (pair) throws(TorchError) in try pair.targetTensor(on: .cpu) },
            dimension: 0
        )
    }

    /// What a model makes of them: one after the other where it drops out, as validation does it.
    ///
    /// - Returns: `[N, C, H, W]` on the CPU.
    /// - Throws: ``TorchError``.
    func made(by model: EvaluatedModel) throws(TorchError) -> Tensor {
        let device = model.trained.device
        let inputs = try pairs.map { (pair) throws(TorchError) in
            try pair.inputTensor(on: device)
        }
        if !model.use.dropout {
            return try model.use.generated(
                from: .concatenated(inputs, dimension: 0),
                number: numbers[0],
                by: model.trained.generator
            )
        }
        var made: [Tensor] = []
        for (input, number) in zip(inputs, numbers) {
            made.append(
                try model.use.generated(from: input, number: number, by: model.trained.generator)
            )
        }
        return try .concatenated(made, dimension: 0)
    }
}
