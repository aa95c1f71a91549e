/// A building block with tensors of its own.
public protocol Layer {
    /// Its tensors in the reference's order: parameters, then buffers.
    var state: [NamedTensor] { get }

    /// Draws new weights from libtorch's default generator.
    ///
    /// - Parameter standardDeviation: Of the normal distribution.
    /// - Throws: ``TorchError`` if libtorch refuses.
    func initialize(standardDeviation: Double) throws(TorchError)
}

/// A network: a list of named layers, in the order of the reference's `state_dict`.
public protocol Network: AnyObject {
    /// The layers with tensors and their names, such as `model.model.0`.
    var layers: [(name: String, layer: any Layer)] { get }
}

extension Network {
    /// All tensors by the reference's names and in its order: parameters and buffers, not copies.
    public var state: [NamedTensor] {
        layers.flatMap { name, layer in
            layer.state.map { NamedTensor("\(name).\($0.name)", $0.tensor, $0.kind) }
        }
    }

    /// The learned tensors, in the same order.
    public var parameters: [NamedTensor] { state.parameters }

    /// The number of learned numbers.
    public var parameterCount: Int { parameters.elementCount }

    /// Overwrites all tensors with those of a file.
    ///
    /// Accepts two habits of old files: names that all start with `module.`, and missing
    /// `num_batches_tracked`, which then start at 0.
    ///
    /// - Parameter tensors: By the names of ``state``; may lie on another device.
    /// - Throws: ``TorchError`` naming what is missing, unexpected or of another shape; nothing is
    ///   overwritten then.
    public func load(_ tensors: [String: Tensor]) throws(TorchError) {
        let prefix = "module."
        var tensors = tensors
        if !tensors.isEmpty, tensors.keys.allSatisfy({ $0.hasPrefix(prefix) }) {
            tensors = Dictionary(
                uniqueKeysWithValues: tensors.map { (String($0.dropFirst(prefix.count)), $1) }
            )
        }
        let counter = ".num_batches_tracked"
        for entry in state where entry.name.hasSuffix(counter) && tensors[entry.name] == nil {
            tensors[entry.name] = try .full(0, shape: [], elementType: .int64)
        }
        try state.load(tensors, operation: "load weights")
    }

    /// Sets whether the parameters receive gradients.
    ///
    /// - Parameter required: `false` while only the gradients of a network's input are needed.
    /// - Throws: ``TorchError`` if libtorch refuses.
    public func setRequiresGradients(_ required: Bool) throws(TorchError) {
        for parameter in parameters { try parameter.tensor.setRequiresGradient(required) }
    }

    /// Draws new weights from libtorch's default generator, layer by layer.
    ///
    /// Weights of convolutions from N(0, deviation), of batch normalisation from N(1, deviation);
    /// biases 0, running statistics as of no batch. The paper (section 6.2) and the reference use
    /// a deviation of 0.02; the order of the draws is that of the reference's `init_weights`.
    ///
    /// - Parameter standardDeviation: Of the normal distributions.
    /// - Throws: ``TorchError`` if libtorch refuses.
    public func initialize(standardDeviation: Double = 0.02) throws(TorchError) {
        for (_, layer) in layers { try layer.initialize(standardDeviation: standardDeviation) }
    }
}
