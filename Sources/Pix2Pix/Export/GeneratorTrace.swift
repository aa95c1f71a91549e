/// What a generator does with images of any size: recordings of it at several sizes that agree.
package struct GeneratorTrace {
    /// One recording for each size; they differ in the shapes of their values only.
    private let recordings: [Recording]

    /// Batch, height and width, in multiples of a side, that a generator is recorded with.
    ///
    /// No product of batch, height and width is the same in all three, so what depends on them shows as
    /// a number that changes; and no two such products change alike, so it shows on which.
    private static let sizes = [(1, 1, 2), (1, 2, 1), (3, 1, 1)]

    /// Records a generator.
    ///
    /// - Parameters:
    ///   - generator: Receives no gradients.
    ///   - mode: How its layers work; without dropout, which is no operation of a graph.
    ///   - side: A side of images that it takes, as are its multiples.
    /// - Throws: ``TorchError`` naming an operation that cannot be recorded, or that depends on the
    ///   images' size or values in a way that a graph cannot say.
    package init(
        of generator: any Generator,
        mode: ForwardMode,
        side: Int
    ) throws(TorchError) {
        var recordings: [Recording] = []
        for (batch, height, width) in Self.sizes {
            let input = try Tensor.noise(
                shape: [batch, generator.inputChannels, height * side, width * side],
                seed: UInt64(recordings.count)
            )
            let recording = try Recording(of: input, weights: generator.state) {
                (input) throws(TorchError) in try generator(input, mode: mode)
            }
            try recordings.first?.requireSameSteps(as: recording)
            recordings.append(recording)
        }
        self.recordings = recordings
    }

    /// The operations, in their order.
    var steps: [Recording.Step] { recordings[0].steps }

    /// The tensors that the operations take besides the images.
    var weights: [NamedTensor] {
        let taken = Set(steps.flatMap(\.operands).compactMap { $0.map { sources[$0] } })
        return recordings[0].weights.filter { taken.contains(.weight($0.name)) }
    }

    /// Where each value is from.
    var sources: [Recording.Value.Source] { recordings[0].values.map(\.source) }

    /// The place of the image made among the values.
    var output: Int { recordings[0].output }

    /// The dimensions of a value.
    func extents(of value: Int) -> [Extent] {
        let shapes = recordings.map { $0.values[value].shape }
        return shapes[0].indices.map { dimension in Extent(sizes: shapes.map { $0[dimension] }) }
    }

    /// A dimension, as it was in each recording.
    struct Extent: Equatable {
        fileprivate var sizes: [Int]

        /// The size, if it is the same for all images.
        var fixed: Int? { sizes.allSatisfy { $0 == sizes[0] } ? sizes[0] : nil }
    }
}

extension Recording {
    /// - Throws: ``TorchError`` naming the first step in which another recording differs.
    fileprivate func requireSameSteps(as other: Recording) throws(TorchError) {
        for (step, changed) in zip(steps, other.steps) where step != changed {
            throw TorchError(
                operation: step.name,
                message:
                    "cannot be recorded: it depends on the size of the images or on their pixels "
                    + "(\(step.operation) became \(changed.operation))"
            )
        }
        let isSame =
            steps.count == other.steps.count && output == other.output
            && zip(values, other.values).allSatisfy {
                $0.source == $1.source && $0.shape.count == $1.shape.count
            }
        guard isSame, values.count == other.values.count else {
            throw TorchError(
                operation: steps.last?.name ?? "the network",
                message:
                    "cannot be recorded: which operations there are depends on the size of the "
                    + "images or on their pixels"
            )
        }
        for (weight, changed) in zip(weights, other.weights) where weight.tensor !== changed.tensor
        {
            let difference = try weight.tensor.largestDifference(from: changed.tensor)
            guard difference == 0 else {
                throw TorchError(
                    operation: "the network",
                    message:
                        "cannot be recorded: what it makes of its weights depends on the size of the "
                        + "images or on their pixels"
                )
            }
        }
    }
}

extension Tensor {
    /// Uniform noise in −1…1, the same for a seed.
    static func noise(shape: [Int], seed: UInt64) throws(TorchError) -> Tensor {
        try Torch.seed(seed)
        let noise = try full(0, shape: shape)
        try noise.fillUniform()
        return try noise.scaled(by: 2).adding(-1)
    }
}
