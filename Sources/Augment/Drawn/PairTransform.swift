/// What happens to one pair: drawn once, applied to both images.
///
/// The operations that follow a mixing one, as many as it says, are those of its partner.
public struct PairTransform: Sendable, Equatable, Codable {
    /// What happens, in order.
    public internal(set) var operations: [DrawnOperation]

    /// Creates a transform.
    public init(_ operations: [DrawnOperation] = []) {
        self.operations = operations
    }

    /// The drawn parameters in few words, such as `crop 12,3, flip`.
    public var summary: String {
        var parts: [String] = []
        var skipped = 0
        for operation in operations {
            if skipped > 0 {
                skipped -= 1
                continue
            }
            skipped = operation.partnerCount
            parts.append(operation.summary)
        }
        return parts.joined(separator: ", ")
    }

    /// Reads a list of operations.
    public init(from decoder: any Decoder) throws {
        operations = try decoder.singleValueContainer().decode([DrawnOperation].self)
    }

    /// Writes a list of operations.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(operations)
    }
}
