/// The operations that made one tensor of another, in their order.
struct Recording {
    /// Something that operations work on.
    struct Value: Equatable {
        /// Where it is from.
        enum Source: Hashable {
            case input
            /// One of ``Recording/weights``, by its name.
            case weight(String)
            case operation
        }

        var source: Source
        var shape: [Int]
    }

    /// An operation of the recording.
    struct Step: Equatable {
        var operation: RecordedOperation
        /// What it was called by, for messages.
        var name: String
        /// Places in ``values``; `nil` for an operand that is left out.
        var operands: [Int?]
        /// The place in ``values`` of what it made.
        var result: Int
    }

    /// Everything that the operations took and made, in the order in which it appeared.
    var values: [Value] = []
    /// The tensors of the network that operations took, and what was made of them alone.
    var weights: [NamedTensor] = []
    /// The operations.
    var steps: [Step] = []
    /// The place in ``values`` of what was made in the end.
    var output = 0
}

extension Recording {
    /// Runs a network and records it.
    ///
    /// - Parameters:
    ///   - input: What it is run on.
    ///   - weights: The network's tensors: what else operations may take.
    ///   - network: Makes a tensor of the input.
    /// - Throws: ``TorchError`` naming an operation that cannot be recorded but has a part in the result,
    ///   and what `network` throws.
    init(
        of input: Tensor,
        weights: [NamedTensor],
        through network: (Tensor) throws(TorchError) -> Tensor
    ) throws(TorchError) {
        let recorder = Recorder(input: input, weights: weights)
        let output = try recorder.record { () throws(TorchError) in
            try withoutGradients { () throws(TorchError) in try network(input) }
        }
        self = try recorder.finished(with: output)
    }
}
