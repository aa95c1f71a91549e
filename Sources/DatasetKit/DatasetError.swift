/// What went wrong with a recipe, an image, a shard or a dataset.
///
/// The message says what was expected, what was found and what to do; `path` says where.
public struct DatasetError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The kind of failure: decides the exit code of a command.
    public enum Code: String, Sendable {
        /// A recipe or a flag asks for something impossible or unknown.
        case invalidRecipe
        /// A file or folder that must exist does not.
        case notFound
        /// Something is in the way, such as another dataset in the output folder.
        case exists
        /// The operating system refused to read, write, map or download.
        case io
        /// The file is damaged, cut short, or not what it claims to be.
        case corrupt
        /// The file is sound, but this version does not read its kind.
        case unsupported
        /// The image claims more pixels than the limit allows.
        case tooLarge
        /// The images of a dataset do not fit together (sizes, channels, types, missing partners).
        case mismatch
        /// There is nothing where pairs were expected.
        case empty
    }

    /// The kind of failure.
    public var code: Code
    /// What was expected, what was found, and what to do about it.
    public var message: String
    /// The file, folder or JSON path it is about, if any.
    public var path: String?

    /// Creates an error.
    public init(_ code: Code, _ message: String, path: String? = nil) {
        self.code = code
        self.message = message
        self.path = path
    }

    /// The path and the message in one line.
    public var description: String {
        path.map { "\($0): \(message)" } ?? message
    }
}
