import Foundation

/// A folder of its own for one test, removed with the last reference.
public final class TemporaryFolder: Sendable {
    /// Its path.
    public let path: String

    /// Makes a new folder.
    ///
    /// - Parameter place: Where; `nil` for where temporary files go.
    /// - Throws: What says that it cannot be made.
    public init(in place: String? = nil) throws {
        path = (place.map { "\($0)/" } ?? NSTemporaryDirectory()) + "p2p-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The path of something in it.
    public func path(_ name: String) -> String { "\(path)/\(name)" }

    /// Makes a folder in it.
    @discardableResult
    public func makeFolder(_ name: String) throws -> String {
        try FileManager.default.createDirectory(
            atPath: path(name),
            withIntermediateDirectories: true
        )
        return path(name)
    }

    /// Writes a file in it, with the folders above.
    @discardableResult
    public func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
        let url = URL(fileURLWithPath: path(name))
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(bytes).write(to: url)
        return path(name)
    }

    /// Writes a text file in it.
    @discardableResult
    public func write(_ text: String, to name: String) throws -> String {
        try write(text.utf8, to: name)
    }

    /// The bytes of a file in it.
    public func bytes(of name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: path(name))))
    }

    /// Everything below it, sorted.
    public var contents: [String] {
        (FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []).sorted()
    }
}
