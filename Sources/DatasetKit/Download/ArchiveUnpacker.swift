import CArchive
import Glibc

/// Unpacks tar (plain or compressed) and zip through libarchive, into one new folder.
///
/// Absolute paths, `..` and links that lead out of the folder are refused.
struct ArchiveUnpacker {
    let path: String

    /// Unpacks everything; the folder appears only when it is whole.
    ///
    /// An archive that holds one folder, as most do, becomes that folder.
    ///
    /// - Parameters:
    ///   - folder: The folder to make.
    ///   - progress: Called with the bytes of the archive read, and its length.
    /// - Throws: ``DatasetError``: `corrupt` for a damaged archive or one whose paths lead out, `io`.
    func unpack(to folder: String, progress: (Int, Int) -> Void) throws(DatasetError) {
        let staging = "\(folder).unpacking"
        try FileSystem.remove(staging)
        try FileSystem.makeFolder(staging)
        do throws(DatasetError) {
            try unpackEntries(into: staging, progress: progress)
            let names = try FileSystem.names(in: staging)
            let only = names.count == 1 ? "\(staging)/\(names[0])" : nil
            if let only, FileSystem.kind(of: only) == .folder {
                try FileSystem.rename(only, to: folder)
            } else {
                try FileSystem.rename(staging, to: folder)
            }
            try FileSystem.remove(staging)
        } catch {
            try FileSystem.remove(staging)
            throw error
        }
    }

    private func unpackEntries(
        into folder: String,
        progress: (Int, Int) -> Void
    ) throws(DatasetError) {
        let total = try FileSystem.size(of: path)
        guard let reader = unsafe archive_read_new(), let writer = unsafe archive_write_disk_new()
        else { throw DatasetError(.io, "no memory to unpack it", path: path) }
        defer {
            unsafe archive_read_free(reader)
            unsafe archive_write_free(writer)
        }
        unsafe archive_read_support_filter_all(reader)
        unsafe archive_read_support_format_tar(reader)
        unsafe archive_read_support_format_zip(reader)
        unsafe archive_write_disk_set_options(
            writer,
            ARCHIVE_EXTRACT_TIME | ARCHIVE_EXTRACT_SECURE_NODOTDOT | ARCHIVE_EXTRACT_SECURE_SYMLINKS
        )
        guard unsafe archive_read_open_filename(reader, path, 1 << 16) == ARCHIVE_OK else {
            throw unsafe corrupt(reader)
        }
        while true {
            var entry: OpaquePointer?
            let status = unsafe archive_read_next_header(reader, &entry)
            if status == ARCHIVE_EOF { return }
            guard status >= ARCHIVE_WARN, let entry = unsafe entry else {
                throw unsafe corrupt(reader)
            }
            try unsafe redirect(entry, into: folder)
            guard unsafe archive_read_extract2(reader, entry, writer) >= ARCHIVE_WARN else {
                throw unsafe corrupt(reader)
            }
            progress(Int(unsafe archive_filter_bytes(reader, -1)), total)
        }
    }

    /// Puts an entry below the folder; libarchive itself refuses `..` and steps through links.
    private func redirect(_ entry: OpaquePointer, into folder: String) throws(DatasetError) {
        guard let pathname = unsafe archive_entry_pathname(entry) else {
            throw DatasetError(.corrupt, "an entry has no name", path: path)
        }
        let name = unsafe String(cString: pathname)
        let type = unsafe archive_entry_filetype(entry)
        guard !name.hasPrefix("/"), !name.split(separator: "/").contains(".."),
            type == S_IFREG || type == S_IFDIR,
            unsafe archive_entry_hardlink(entry) == nil
        else {
            throw DatasetError(
                .corrupt,
                "the entry \(name) is a link, a device or a path that leads out of the folder; "
                    + "unpack it by hand if you trust it",
                path: path
            )
        }
        unsafe archive_entry_set_pathname(entry, "\(folder)/\(name)")
    }

    private func corrupt(_ reader: OpaquePointer) -> DatasetError {
        let reason = unsafe archive_error_string(reader).map { unsafe String(cString: $0) }
        return DatasetError(
            .corrupt,
            "cannot unpack it: \(reason ?? "unknown error"); remove it to fetch it again",
            path: path
        )
    }
}
