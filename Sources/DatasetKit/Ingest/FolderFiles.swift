import Foundation

/// The files of one folder and those below it, by key.
struct FolderFiles {
    /// The paths of each key, relative to the source's folder: more than one is ambiguous.
    private(set) var paths: [String: [String]] = [:]
    /// Files whose names are not of the template's form.
    private(set) var others: [String] = []

    /// Lists a folder.
    ///
    /// - Parameters:
    ///   - folder: The folder, relative to `root`; empty for `root` itself.
    ///   - root: The source's folder.
    ///   - template: The form of the names.
    ///   - skipping: Folders not to enter, relative to `root`.
    /// - Throws: ``DatasetError`` with code `notFound` or `io`.
    init(
        _ folder: String,
        in root: String,
        template: NameTemplates,
        skipping: Set<String> = []
    ) throws(DatasetError) {
        try collect(folder, root, keyPrefix: "", template, skipping)
    }

    private mutating func collect(
        _ folder: String,
        _ root: String,
        keyPrefix: String,
        _ template: NameTemplates,
        _ skipping: Set<String>
    ) throws(DatasetError) {
        let entries = try FileSystem.entries(of: folder.isEmpty ? root : "\(root)/\(folder)")
        for entry in entries where !entry.name.hasPrefix(".") {
            let path = folder.isEmpty ? entry.name : "\(folder)/\(entry.name)"
            if entry.kind == .folder {
                if skipping.contains(path) { continue }
                try collect(path, root, keyPrefix: "\(keyPrefix)\(entry.name)/", template, skipping)
            } else if let key = template.key(of: entry.name) {
                paths[Self.normalized(keyPrefix + key), default: []].append(path)
            } else {
                others.append(path)
            }
        }
    }

    /// A key in Unicode's NFC, so that names written on different systems are the same name.
    static func normalized(_ key: String) -> String {
        key.utf8.allSatisfy { $0 < 0x80 } ? key : key.precomposedStringWithCanonicalMapping
    }
}
