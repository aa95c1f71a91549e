/// A path below some folder that cannot lead out of it, made from a name that is not to be trusted.
package struct ContainedPath: Equatable, Sendable {
    /// The names of the folders on the way, and of what lies there: at least one.
    package let components: [String]

    /// Reads a name such as `./train/1.jpg`; what says nothing (`.`, a doubled `/`) is left out.
    ///
    /// `nil` if the name is absolute, steps up (`..`), says nothing at all, or holds a backslash,
    /// which other systems take for a `/`, or a NUL, which ends a name for some readers only.
    package init?(_ name: String) {
        guard !name.utf8.contains(where: { $0 == 0 || $0 == UInt8(ascii: "\\") }),
            name.utf8.first != UInt8(ascii: "/")
        else { return nil }
        let parts = name.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
        components = parts.filter { $0 != "." }
        guard !components.isEmpty, !components.contains("..") else { return nil }
    }

    /// The components with a `/` between them.
    package var text: String { components.joined(separator: "/") }
}
