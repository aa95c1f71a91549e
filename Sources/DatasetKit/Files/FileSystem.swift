import FoundationEssentials
import Glibc

/// Files and folders, with errors that name the path and with writes that are whole or not at all.
package enum FileSystem {
    // MARK: - Names

    /// A path, absolute or relative to the folder of another file.
    package static func resolve(_ path: String, relativeToFolderOf file: String) -> String {
        if path.hasPrefix("/") { return path }
        let folder = self.folder(of: file)
        return folder == "." ? path : normalized("\(folder)/\(path)")
    }

    /// A path from the root, of one that is relative to the working directory.
    package static func absolute(_ path: String) -> String {
        path.hasPrefix("/")
            ? path : normalized("\(FileManager.default.currentDirectoryPath)/\(path)")
    }

    /// The path without `.`, and without `..` where a folder to leave comes before it.
    package static func normalized(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == "..", let last = parts.last, last != ".." {
                parts.removeLast()
            } else if part != ".." || !path.hasPrefix("/") {
                parts.append(part)
            }
        }
        let joined = parts.joined(separator: "/")
        return path.hasPrefix("/") ? "/\(joined)" : joined.isEmpty ? "." : joined
    }

    /// The folder a path lies in; `.` for a bare name.
    package static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The last part of a path.
    package static func name(of path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    /// The last part of a path, without its extension.
    package static func stem(of path: String) -> String {
        let name = name(of: path)
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
        return String(name[..<dot])
    }

    /// What follows the last dot of a name, in lower case; empty without one.
    package static func fileExtension(of path: String) -> String {
        let name = name(of: path)
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
        return name[name.index(after: dot)...].lowercased()
    }

    /// The path that leads to the same place from anywhere, through no link.
    ///
    /// What does not exist yet keeps its name below the last folder that does.
    package static func canonical(_ path: String) -> String {
        if let real = unsafe realpath(path, nil) {
            defer { unsafe free(real) }
            return unsafe String(cString: real)
        }
        let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        let parent = folder(of: trimmed)
        guard parent != trimmed else { return trimmed }
        return normalized("\(canonical(parent))/\(name(of: trimmed))")
    }

    // MARK: - Looking

    /// What stands at a path.
    package enum Kind {
        case file, folder, other
    }

    /// What stands at a path, links followed, or `nil` for nothing.
    package static func kind(of path: String) -> Kind? {
        var information = stat()
        guard unsafe stat(path, &information) == 0 else { return nil }
        switch information.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .folder
        default: return .other
        }
    }

    /// The size of a file in bytes.
    ///
    /// - Throws: ``DatasetError`` with code `notFound` or `io`.
    package static func size(of path: String) throws(DatasetError) -> Int {
        var information = stat()
        guard unsafe stat(path, &information) == 0 else {
            throw .system("cannot find", path: path)
        }
        return Int(information.st_size)
    }

    /// The names in a folder, sorted by their UTF-8 bytes.
    ///
    /// - Throws: ``DatasetError`` with code `notFound` or `io`.
    package static func names(in folder: String) throws(DatasetError) -> [String] {
        try entries(of: folder).map(\.name)
    }

    /// The bytes of a file.
    ///
    /// - Throws: ``DatasetError`` with code `notFound` or `io`.
    package static func contents(of path: String) throws(DatasetError) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("cannot open", path: path) }
        defer { close(descriptor) }
        var information = stat()
        guard unsafe fstat(descriptor, &information) == 0 else {
            throw .system("cannot read the size of", path: path)
        }
        guard information.st_mode & S_IFMT == S_IFREG else {
            throw DatasetError(.io, "expected a file, found a folder or device", path: path)
        }
        let size = Int(information.st_size)
        var failure: DatasetError?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
            guard let place = buffer.baseAddress else { return }
            while filled < size {
                let count = unsafe read(descriptor, place + filled, size - filled)
                if count < 0 && errno == EINTR { continue }
                if count < 0 { failure = .system("cannot read", path: path) }
                // Shorter than a moment ago: what is there is what decoders will judge.
                guard count > 0 else { return }
                filled += count
            }
        }
        if let failure { throw failure }
        return bytes
    }

    // MARK: - Changing

    /// Makes a folder and those above it.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    package static func makeFolder(_ path: String) throws(DatasetError) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw .system("cannot make a folder of", path: path)
        }
    }

    /// Removes a file, or a folder with everything in it; nothing happens if there is none.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    package static func remove(_ path: String) throws(DatasetError) {
        guard kind(of: path) != nil else { return }
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            throw .system("cannot remove", path: path)
        }
    }

    /// Gives a file or folder another name on the same file system, replacing a file of that name.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    package static func rename(_ path: String, to newPath: String) throws(DatasetError) {
        try renameOneOfMany(path, to: newPath)
        try synchronizeFolder(of: newPath)
    }

    /// The same, but permanent only after ``synchronizeFolder(of:)``, which serves all names at once.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    static func renameOneOfMany(_ path: String, to newPath: String) throws(DatasetError) {
        guard unsafe Glibc.rename(path, newPath) == 0 else {
            throw .system("cannot rename to \(newPath)", path: path)
        }
    }

    /// Gives a file a second name, replacing a file of that name: a link, or where there are none a copy.
    ///
    /// - Throws: ``DatasetError`` with code `io`; a file of that name is then untouched.
    package static func link(_ path: String, as newPath: String) throws(DatasetError) {
        let temporary = "\(newPath).tmp"
        unsafe unlink(temporary)
        guard unsafe Glibc.link(path, temporary) == 0 else {
            return try writeAtomically(contents(of: path), to: newPath)
        }
        // Where both names are links of one file already, a rename does nothing and leaves both.
        defer { unsafe unlink(temporary) }
        try rename(temporary, to: newPath)
    }

    /// Makes the names in a file's folder permanent: a rename lasts only after this.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    package static func synchronizeFolder(of path: String) throws(DatasetError) {
        let folder = folder(of: path)
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("cannot open", path: folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .system("cannot write out", path: folder) }
    }

    /// Writes bytes to an open file at an offset.
    ///
    /// - Throws: ``DatasetError`` with code `io`, such as for a full disk.
    static func write(
        _ bytes: RawSpan,
        to descriptor: Int32,
        at offset: Int,
        path: String
    ) throws(DatasetError) {
        var written = 0
        while written < bytes.byteCount {
            let count = unsafe bytes.extracting(written...).withUnsafeBytes { part in
                unsafe pwrite(descriptor, part.baseAddress, part.count, off_t(offset + written))
            }
            guard count > 0 else {
                if count < 0 && errno == EINTR { continue }
                throw .system("cannot write", path: path)
            }
            written += count
        }
    }

    /// Writes a file so that at any moment either the old or the whole new one is there.
    ///
    /// - Throws: ``DatasetError`` with code `io`; the old file is then untouched.
    package static func writeAtomically(
        _ bytes: some Sequence<UInt8>,
        to path: String
    ) throws(DatasetError) {
        let content = Array(bytes)
        let file = try OutputFile(path: path)
        try unsafe file.write(content.span.bytes, at: 0)
        try file.commit()
    }
}
