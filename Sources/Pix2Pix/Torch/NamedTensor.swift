/// A tensor and the name that it has in a file.
public struct NamedTensor {
    /// What a tensor is for.
    public enum Kind: Sendable {
        /// Learned: receives gradients.
        case parameter
        /// Kept beside the parameters, such as running statistics.
        case buffer
        /// Belongs to an optimiser.
        case moment
    }

    /// As in the reference implementation's `state_dict`, such as `model.model.0.weight`.
    public var name: String
    /// The tensor itself, not a copy.
    public var tensor: Tensor
    /// What it is for.
    public var kind: Kind

    /// Names a tensor.
    public init(
        _ name: String,
        _ tensor: Tensor,
        _ kind: Kind
    ) {
        self.name = name
        self.tensor = tensor
        self.kind = kind
    }
}

extension [NamedTensor] {
    /// The tensors that are learned.
    public var parameters: [NamedTensor] { filter { $0.kind == .parameter } }

    /// The number of elements of all tensors.
    public var elementCount: Int { reduce(0) { $0 + $1.tensor.elementCount } }

    /// Moves the tensors that are learned towards others, and copies the rest, unrecorded.
    ///
    /// - Parameters:
    ///   - others: As many, of the same shapes, in the same order.
    ///   - share: How far: 0 not at all, 1 all the way.
    /// - Throws: ``TorchError`` if the shapes differ.
    func move(towards others: [NamedTensor], by share: Double) throws(TorchError) {
        precondition(count == others.count, "the tensors of two networks of one architecture")
        var (moved, ends): ([Tensor], [Tensor]) = ([], [])
        for (tensor, other) in zip(self, others) {
            if tensor.kind == .parameter {
                moved.append(tensor.tensor)
                ends.append(other.tensor)
            } else {
                try tensor.tensor.copyElements(from: other.tensor)
            }
        }
        try Tensor.move(moved, towards: ends, by: share)
    }

    /// Overwrites the tensors with those of a file.
    ///
    /// Nothing is overwritten unless all fit.
    ///
    /// - Parameters:
    ///   - tensors: By name; may lie on another device.
    ///   - operation: What the error shall say failed.
    /// - Throws: ``TorchError``: the message names tensors that are missing, unexpected, or of
    ///   another shape or type; the details have all of them.
    func load(
        _ tensors: [String: Tensor],
        operation: String
    ) throws(TorchError) {
        var problems: [String] = []
        var copies: [(Tensor, Tensor)] = []
        for entry in self {
            guard let source = tensors[entry.name] else {
                problems.append("\(entry.name) is missing")
                continue
            }
            let expected = entry.tensor.summary
            let found = source.summary
            if expected == found {
                copies.append((entry.tensor, source))
            } else {
                problems.append("\(entry.name) is \(found), expected \(expected)")
            }
        }
        let unexpected = Set(tensors.keys).subtracting(map(\.name))
        problems += unexpected.sorted().map { "\($0) is unexpected" }
        guard problems.isEmpty else {
            let shown = problems.prefix(3).joined(separator: ", ")
            let more = problems.count > 3 ? " and \(problems.count - 3) more" : ""
            throw TorchError(
                operation: operation,
                message: "the tensors do not fit the architecture: \(shown)\(more)",
                details: problems.joined(separator: "\n")
            )
        }
        for (tensor, source) in copies { try tensor.copyElements(from: source) }
    }
}

extension Tensor {
    /// Type and shape, for messages: `F32 [64, 3, 4, 4]`.
    var summary: String { "\(elementType.rawValue) \(shape)" }
}
