import FoundationEssentials

/// Fetches a recipe's dataset where its folder is missing.
public struct ArchiveDownload: Sendable {
    /// What is happening, for a progress line.
    public enum Step: Sendable {
        /// Bytes received, and how many there will be, if the server says.
        case downloading(received: Int, total: Int?)
        /// Bytes of the archive read, and its length.
        case unpacking(read: Int, total: Int)
    }

    /// The folder that the recipe names.
    public let folder: String
    /// Where the archive is fetched from.
    public let url: String
    /// Where the archive is kept while it is needed, or put by hand.
    public let archivePath: String
    private let sha256: String?

    /// Prepares the download of a recipe's source; `nil` if its folder is there or it has no `url`.
    public init?(_ recipe: Recipe) {
        guard let url = recipe.source.url, FileSystem.kind(of: recipe.sourceFolder) == nil else {
            return nil
        }
        self.url = url
        folder = recipe.sourceFolder
        let name = url.split(separator: "?").first.map { FileSystem.name(of: String($0)) } ?? ""
        let kind = ["tar.gz", "tgz", "tar", "zip"].first { name.hasSuffix(".\($0)") } ?? "tar.gz"
        archivePath = "\(folder).\(kind)"
        sha256 = recipe.source.sha256
    }

    /// Downloads and unpacks the archive; the folder appears only when it is whole.
    ///
    /// An archive that already lies at ``archivePath`` is unpacked without a download. It is
    /// removed when the folder is there.
    ///
    /// - Parameter progress: Called from any thread.
    /// - Throws: ``DatasetError``: `io` with what to fetch by hand and where to put it, or
    ///   `corrupt` for an archive that is damaged or has another SHA-256.
    public func run(progress: @escaping @Sendable (Step) -> Void) throws(DatasetError) {
        try FileSystem.makeFolder(FileSystem.folder(of: folder))
        if FileSystem.kind(of: archivePath) == nil {
            do throws(DatasetError) {
                try HTTPDownload(url: url, path: archivePath).run { received, total in
                    progress(.downloading(received: received, total: total))
                }
            } catch {
                throw DatasetError(
                    error.code,
                    "\(error.message). The images are not at \(folder) either: fetch \(url) by other "
                        + "means, put it at \(archivePath) and run this again",
                    path: url
                )
            }
        }
        if let sha256 {
            let found = try Checksum.sha256(ofFile: archivePath)
            guard found == sha256 else {
                throw DatasetError(
                    .corrupt,
                    "expected SHA-256 \(sha256), found \(found); remove the file to fetch it again, "
                        + "or correct the recipe",
                    path: archivePath
                )
            }
        }
        try ArchiveUnpacker(path: archivePath).unpack(to: folder) { read, total in
            progress(.unpacking(read: read, total: total))
        }
        try FileSystem.remove(archivePath)
    }
}
