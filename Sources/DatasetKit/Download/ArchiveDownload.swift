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
    ///
    /// While it is fetched, what has arrived is in a file of this name with `.part` added.
    public let archivePath: String
    private let sha256: String?
    /// How long to wait before each new attempt when a connection breaks.
    package var pauses = HTTPDownload.defaultPauses
    /// The most bytes that come out of a small archive: see ``ArchiveUnpacker``.
    package var minimumAllowance = ArchiveUnpacker.defaultMinimumAllowance

    /// The endings of archives that ``ArchiveUnpacker`` reads; the first one serves any other name.
    private static let kinds = [
        "tar.gz", "tgz", "tar", "zip", "tar.bz2", "tbz2", "tar.xz", "txz", "tar.zst", "tar.lz4",
    ]

    /// Prepares the download of a recipe's source; `nil` if its folder is there or it has no `url`.
    public init?(_ recipe: Recipe) {
        guard let url = recipe.source.url, FileSystem.kind(of: recipe.sourceFolder) == nil else {
            return nil
        }
        self.url = url
        folder = recipe.sourceFolder
        let name = url.split(separator: "?").first.map { FileSystem.name(of: String($0)) } ?? ""
        let kind = Self.kinds.first { name.lowercased().hasSuffix(".\($0)") } ?? Self.kinds[0]
        archivePath = "\(folder).\(kind)"
        sha256 = recipe.source.sha256
    }

    /// Downloads and unpacks the archive; the folder appears only when it is whole.
    ///
    /// An archive that already lies at ``archivePath`` is unpacked without a download, and what an
    /// earlier run has fetched of one is not fetched again. The archive is removed when the folder
    /// is there; one with another SHA-256 than expected is set aside.
    ///
    /// - Parameter progress: Called from any thread.
    /// - Throws: ``DatasetError``: `io` with what to fetch by hand and where to put it, or
    ///   `corrupt` for an archive that is damaged or has another SHA-256.
    public func run(progress: @escaping @Sendable (Step) -> Void) throws(DatasetError) {
        try FileSystem.makeFolder(FileSystem.folder(of: folder))
        if FileSystem.kind(of: archivePath) == nil { try fetch(progress) }
        try checkSHA256()
        try ArchiveUnpacker(path: archivePath, minimumAllowance: minimumAllowance)
            .unpack(to: folder) { progress(.unpacking(read: $0, total: $1)) }
        try FileSystem.remove(archivePath)
    }

    private func fetch(_ progress: @escaping @Sendable (Step) -> Void) throws(DatasetError) {
        do throws(DatasetError) {
            try HTTPDownload(url: url, path: archivePath, pauses: pauses).run { received, total in
                progress(.downloading(received: received, total: total))
            }
        } catch {
            // A full disk or a folder that cannot be written has nothing to do with the address.
            guard error.path?.hasPrefix("http") == true else { throw error }
            throw DatasetError(
                error.code,
                "\(error.message). The images are not at \(folder) either: fetch \(url) by other "
                    + "means, put it at \(archivePath) and run this again",
                path: url
            )
        }
    }

    private func checkSHA256() throws(DatasetError) {
        guard let sha256 else { return }
        let found = try Checksum.sha256(ofFile: archivePath)
        guard found != sha256 else { return }
        let aside = "\(archivePath).rejected"
        try FileSystem.rename(archivePath, to: aside)
        throw DatasetError(
            .corrupt,
            "expected an archive of SHA-256 \(sha256), found \(found); it is set aside as \(aside). "
                + "Run this again to fetch it once more; or, if the recipe is wrong, correct it there "
                + "and rename the file to \(FileSystem.name(of: archivePath))",
            path: archivePath
        )
    }
}
