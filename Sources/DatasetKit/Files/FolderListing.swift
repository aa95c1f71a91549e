import Glibc

/// One name in a folder.
package struct FolderEntry: Sendable {
    /// The name, without its folder.
    package var name: String
    /// What it is, links followed.
    package var kind: FileSystem.Kind
}

extension FileSystem {
    /// The names in a folder with what they are, sorted by their UTF-8 bytes.
    ///
    /// Hidden names (`.DS_Store`) and links that lead nowhere are included. A folder of 400,000
    /// files is read without looking at each of them.
    ///
    /// - Throws: ``DatasetError`` with code `notFound` or `io`, also for a name that is no UTF-8.
    package static func entries(of folder: String) throws(DatasetError) -> [FolderEntry] {
        guard let stream = unsafe opendir(folder) else {
            throw .system("cannot list", path: folder)
        }
        defer { unsafe closedir(stream) }
        var entries: [FolderEntry] = []
        while true {
            errno = 0
            guard let entry = unsafe readdir(stream) else {
                guard errno == 0 else { throw .system("cannot list", path: folder) }
                break
            }
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard let name else {
                throw DatasetError(
                    .io,
                    "it holds a file whose name is not valid UTF-8; rename that file first "
                        + "(convmv does it for whole folders)",
                    path: folder
                )
            }
            if name == "." || name == ".." { continue }
            let kind: Kind =
                switch unsafe Int(entry.pointee.d_type) {
                case Int(DT_REG): .file
                case Int(DT_DIR): .folder
                // Links, and file systems that do not tell.
                default: self.kind(of: "\(folder)/\(name)") ?? .other
                }
            entries.append(FolderEntry(name: name, kind: kind))
        }
        return entries.sorted { $0.name.precedesInBytes($1.name) }
    }
}
