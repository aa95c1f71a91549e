internal import CTorch

/// What libtorch, or a check before it, objected to.
public struct TorchError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The operation that failed, such as `convolved(with:bias:stride:padding:)`.
    public var operation: String
    /// The first line of the text: what was expected and what was found.
    public var message: String
    /// Further lines, for a bug report: libtorch's call stack, or complete lists.
    public var details: String

    /// Creates an error.
    public init(operation: String, message: String, details: String = "") {
        self.operation = operation
        self.message = message
        self.details = details
    }

    /// The operation and the message in one line.
    public var description: String {
        "\(operation): \(message)"
    }
}

extension TorchError {
    /// Reads the error of this thread's last shim call.
    fileprivate init(ofLastCall operation: StaticString) {
        let text = unsafe String(cString: ctorch_last_error())
        let lines = text.split(
            separator: "\n",
            maxSplits: 1,
            omittingEmptySubsequences: true
        )
        self.init(
            operation: "\(operation)",
            message: lines.first.map(String.init) ?? "libtorch failed without a text",
            details: lines.count > 1 ? String(lines[1]) : ""
        )
    }
}

/// Throws if a shim call failed.
///
/// Call it directly after the shim call, on the same thread: the text is kept per thread.
func check(
    _ status: Int32,
    _ operation: StaticString = #function
) throws(TorchError) {
    guard status == 0 else { throw TorchError(ofLastCall: operation) }
}
