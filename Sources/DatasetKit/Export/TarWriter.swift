import CArchive
import Glibc

/// Writes a tar file through libarchive whose bytes depend on its members alone.
///
/// No times, no owners. Names of more than 100 bytes are stored as GNU tar does, which every reader
/// knows, and as they are: without a locale.
@safe
final class TarWriter {
    /// One file in the archive.
    struct Member: Sendable {
        var name: String
        var bytes: [UInt8]
    }

    private static let block = 512
    private let path: String
    private let archive: OpaquePointer
    private let entry: OpaquePointer
    /// How long the file will be if nothing is added.
    private(set) var length = 2 * block

    /// Creates the file.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    init(path: String) throws(DatasetError) {
        self.path = path
        guard let archive = unsafe archive_write_new() else {
            throw DatasetError(.io, "no memory to write it", path: path)
        }
        guard let entry = unsafe archive_entry_new() else {
            unsafe archive_write_free(archive)
            throw DatasetError(.io, "no memory to write it", path: path)
        }
        unsafe self.archive = archive
        unsafe self.entry = entry
        unsafe archive_write_set_format_gnutar(archive)
        // Ends after the two empty blocks that every tar has, not at a tape's next record.
        unsafe archive_write_set_bytes_in_last_block(archive, 1)
        try unsafe check(archive_write_open_filename(archive, path))
    }

    deinit {
        unsafe archive_entry_free(entry)
        unsafe archive_write_free(archive)
    }

    /// The bytes that a member takes: its header, its contents in whole blocks, a long name.
    static func length(of member: Member) -> Int {
        func whole(_ bytes: Int) -> Int { (bytes + block - 1) / block * block }
        let name = member.name.utf8.count
        return block + whole(member.bytes.count) + (name > 100 ? block + whole(name + 1) : 0)
    }

    /// Adds a file.
    ///
    /// - Throws: ``DatasetError`` with code `io`, such as for a full disk.
    func add(_ member: Member) throws(DatasetError) {
        unsafe archive_entry_clear(entry)
        unsafe archive_entry_copy_pathname(entry, member.name)
        unsafe archive_entry_set_filetype(entry, S_IFREG)
        unsafe archive_entry_set_perm(entry, 0o644)
        unsafe archive_entry_set_mtime(entry, 0, 0)
        unsafe archive_entry_set_size(entry, Int64(member.bytes.count))
        try unsafe check(archive_write_header(archive, entry))
        let written = unsafe member.bytes.withUnsafeBytes {
            unsafe archive_write_data(archive, $0.baseAddress, $0.count)
        }
        guard written == member.bytes.count else { throw failure() }
        length += Self.length(of: member)
    }

    /// Ends the archive.
    ///
    /// - Returns: The bytes of the file.
    /// - Throws: ``DatasetError`` with code `io`.
    func finish() throws(DatasetError) -> Int {
        try unsafe check(archive_write_close(archive))
        return length
    }

    private func check(_ status: Int32) throws(DatasetError) {
        guard status == ARCHIVE_OK else { throw failure() }
    }

    private func failure() -> DatasetError {
        let reason = unsafe archive_error_string(archive).map { unsafe String(cString: $0) }
        return DatasetError(.io, "cannot write it: \(reason ?? "unknown error")", path: path)
    }
}
