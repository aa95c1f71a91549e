/// Writes down the operations of a closure, for as long as it is this thread's ``current`` one.
///
/// Every tensor that appears meanwhile is known: as a value of the recording, or as the result of an
/// operation that cannot be recorded, which no recorded operation may then take. What recorded operations
/// make of weights alone (such as a weight with its spectral norm taken out) is a weight too; nothing else
/// becomes a constant.
///
/// `@unchecked Sendable` because a task-local value has to be: it never leaves ``record(_:)``, which is
/// synchronous.
package final class Recorder: @unchecked Sendable {
    /// What operations report to; `nil` outside of a recording.
    @TaskLocal package static var current: Recorder?

    /// What a tensor is to the recording.
    private enum Content {
        case value(Int)
        /// Made or changed by an operation of this name that cannot be recorded.
        case unknown(String)
    }

    private var result = Recording()
    private var contents: [ObjectIdentifier: Content] = [:]
    /// All tensors seen: while they live, no other one gets their identity.
    private var kept: [Tensor] = []
    /// Tensors whose elements another one may share.
    private var shared: Set<ObjectIdentifier> = []
    /// The tensors of the network.
    private var weights: [ObjectIdentifier: NamedTensor]

    /// Begins a recording.
    init(input: Tensor, weights: [NamedTensor]) {
        self.weights = Dictionary(
            weights.map { (ObjectIdentifier($0.tensor), $0) },
            uniquingKeysWith: { first, _ in first }
        )
        _ = add(input, .input)
    }

    /// Runs a closure whose operations are recorded.
    func record(_ body: () throws(TorchError) -> Tensor) throws(TorchError) -> Tensor {
        try Self.$current.withValue(self) { Result(catching: body) }.get()
    }

    /// What was recorded.
    ///
    /// - Throws: ``TorchError`` if `output` was not made by recorded operations.
    func finished(with output: Tensor) throws(TorchError) -> Recording {
        result.output = try place(of: output, for: "the network's result")
        guard result.values[result.output].source == .operation else {
            throw TorchError(
                operation: "the network",
                message: "nothing to record: it does nothing"
            )
        }
        return result
    }

    /// Takes note of a new tensor.
    ///
    /// - Parameters:
    ///   - tensor: What was made.
    ///   - operation: By what; `nil` for what cannot be recorded.
    ///   - operands: Of what.
    ///   - name: The name of the operation, for messages.
    /// - Throws: ``TorchError`` if an operand is not part of the recording.
    package func note(
        _ tensor: Tensor,
        madeBy operation: RecordedOperation?,
        of operands: [Tensor?],
        name: StaticString
    ) throws(TorchError) {
        guard let operation else {
            kept.append(tensor)
            contents[ObjectIdentifier(tensor)] = .unknown("\(name)")
            return
        }
        var places: [Int?] = []
        for operand in operands {
            guard let operand else {
                places.append(nil)
                continue
            }
            places.append(try place(of: operand, for: "\(name)"))
            if operation.mayShareElements {
                shared.formUnion([ObjectIdentifier(operand), ObjectIdentifier(tensor)])
            }
        }
        let isConstant =
            !places.isEmpty
            && places.allSatisfy { $0.map { isWeight(result.values[$0]) } ?? true }
        if isConstant {
            add(weight: tensor, named: "derived_\(result.weights.count)")
        } else {
            append(operation, "\(name)", places, to: tensor)
        }
    }

    /// Takes note of elements that were changed in place.
    ///
    /// - Parameters:
    ///   - tensor: Whose.
    ///   - operation: By what, with the tensor as its operand; `nil` for what cannot be recorded.
    ///   - name: The name of the operation, for messages.
    /// - Throws: ``TorchError`` if the tensor is not part of the recording, or other tensors share its
    ///   elements.
    func note(
        changeOf tensor: Tensor,
        by operation: RecordedOperation?,
        name: StaticString
    ) throws(TorchError) {
        guard let operation else {
            kept.append(tensor)
            contents[ObjectIdentifier(tensor)] = .unknown("\(name)")
            return
        }
        guard !shared.contains(ObjectIdentifier(tensor)) else {
            throw TorchError(
                operation: "\(name)",
                message: "cannot be recorded: it changes elements that another tensor shares"
            )
        }
        let place = try place(of: tensor, for: "\(name)")
        guard !isWeight(result.values[place]) else {
            throw TorchError(
                operation: "\(name)",
                message: "cannot be recorded: it changes a weight"
            )
        }
        append(operation, "\(name)", [place], to: tensor)
    }

    private func append(
        _ operation: RecordedOperation,
        _ name: String,
        _ operands: [Int?],
        to tensor: Tensor
    ) {
        let place = add(tensor, .operation)
        result.steps.append(
            Recording.Step(operation: operation, name: name, operands: operands, result: place)
        )
    }

    /// The place of a tensor among the values; a weight gets one when it is first asked for.
    private func place(of tensor: Tensor, for user: String) throws(TorchError) -> Int {
        switch contents[ObjectIdentifier(tensor)] {
        case .value(let place): return place
        case .unknown(let operation):
            throw TorchError(
                operation: operation,
                message:
                    "cannot be recorded: it is no operation of a graph, and \(user) depends on it"
            )
        case nil:
            guard let weight = weights[ObjectIdentifier(tensor)] else {
                throw TorchError(
                    operation: user,
                    message: "cannot be recorded: it depends on a tensor \(tensor.summary) that is "
                        + "neither the input nor a weight, nor made of them"
                )
            }
            return add(weight: tensor, named: weight.name)
        }
    }

    private func isWeight(_ value: Recording.Value) -> Bool {
        if case .weight = value.source { true } else { false }
    }

    @discardableResult
    private func add(weight tensor: Tensor, named name: String) -> Int {
        result.weights.append(NamedTensor(name, tensor, .buffer))
        return add(tensor, .weight(name))
    }

    private func add(_ tensor: Tensor, _ source: Recording.Value.Source) -> Int {
        kept.append(tensor)
        let place = result.values.count
        result.values.append(Recording.Value(source: source, shape: tensor.shape))
        contents[ObjectIdentifier(tensor)] = .value(place)
        return place
    }
}
