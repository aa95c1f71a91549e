import CArchive
import Glibc

/// Unpacks tar (plain or compressed) and zip into one new folder, and never outside of it.
///
/// libarchive reads; what is written is decided here. Only files and folders are, each below the
/// new folder and none of them twice. Links, devices, absolute paths and `..` end the unpacking,
/// and so does far more than an archive of images can hold. Owners and permissions are not taken
/// over.
struct ArchiveUnpacker {
    let path: String
    /// The bytes that may come out of an archive, however small it is.
    var minimumAllowance = Self.defaultMinimumAllowance
    /// How many times its length may come out of a large archive.
    ///
    /// Images hardly shrink; uncompressed label maps may to a fiftieth. A bomb does to a thousandth.
    var expansion = 100

    /// 1 GiB.
    static let defaultMinimumAllowance = 1 << 30
    /// What each entry counts at least, so that millions of empty files are noticed as well.
    private static let entryCost = 1024

    /// Unpacks everything; the folder appears only when it is whole.
    ///
    /// An archive that holds one folder, as most do, becomes that folder.
    ///
    /// - Parameters:
    ///   - folder: The folder to make.
    ///   - progress: Called with the bytes of the archive read, and its length.
    /// - Throws: ``DatasetError``: `corrupt` for an archive that is damaged or asks for something
    ///   that is not done, `io`. Nothing of it is left then.
    func unpack(to folder: String, progress: (Int, Int) -> Void) throws(DatasetError) {
        let target = try NewFolder(temporaryPath: "\(folder).unpacking")
        do throws(DatasetError) {
            try unpackEntries(into: target, progress: progress)
            // What macOS adds to archives is no second folder.
            let names = try FileSystem.names(in: target.temporaryPath)
                .filter { !$0.hasPrefix(".") && $0 != "__MACOSX" }
            guard let first = names.first else { throw corrupt("there is nothing in it") }
            let isFolder = FileSystem.kind(of: "\(target.temporaryPath)/\(first)") == .folder
            try target.commit(
                to: folder,
                keepingOnly: names.count == 1 && isFolder ? first : nil
            )
        } catch {
            target.discard()
            throw error
        }
    }

    private func unpackEntries(
        into target: NewFolder,
        progress: (Int, Int) -> Void
    ) throws(DatasetError) {
        // Names are UTF-8 whatever the user's locale is; libarchive asks the thread's.
        let locale = unsafe newlocale(LC_CTYPE_MASK, "C.UTF-8", nil)
        let previous = unsafe uselocale(locale)
        defer {
            unsafe uselocale(previous)
            if let locale = unsafe locale { unsafe freelocale(locale) }
        }
        let total = try FileSystem.size(of: path)
        var allowance = max(minimumAllowance, total * expansion)
        guard let reader = unsafe archive_read_new() else {
            throw DatasetError(.io, "no memory to unpack it", path: path)
        }
        defer { unsafe archive_read_free(reader) }
        unsafe allowFormats(reader)
        guard unsafe archive_read_open_filename(reader, path, 1 << 16) == ARCHIVE_OK else {
            throw unsafe damaged(reader)
        }
        while true {
            var entry: OpaquePointer?
            let status = unsafe archive_read_next_header(reader, &entry)
            if status == ARCHIVE_EOF { return }
            guard status >= ARCHIVE_WARN, let entry = unsafe entry else {
                throw unsafe damaged(reader)
            }
            try charge(Self.entryCost, to: &allowance)
            let (place, isFolder) = try unsafe place(of: entry)
            if let place {
                do throws(DatasetError) {
                    if isFolder {
                        try target.makeFolder(place)
                    } else {
                        try target.makeFile(place) { (file) throws(DatasetError) in
                            try unsafe copy(reader, entry, to: file, place, &allowance)
                        }
                    }
                } catch  where error.code == .exists {
                    throw corrupt("the entry \(place.text): \(error.message)")
                }
            }
            progress(Int(unsafe archive_filter_bytes(reader, -1)), total)
        }
    }

    /// Only what datasets come in: libarchive knows formats that read other files or run programs.
    private func allowFormats(_ reader: OpaquePointer) {
        unsafe archive_read_support_format_tar(reader)
        // By its directory at the end: a zip that was cut short has none.
        unsafe archive_read_support_format_zip_seekable(reader)
        unsafe archive_read_support_filter_gzip(reader)
        unsafe archive_read_support_filter_bzip2(reader)
        unsafe archive_read_support_filter_xz(reader)
        unsafe archive_read_support_filter_lzma(reader)
        unsafe archive_read_support_filter_zstd(reader)
        unsafe archive_read_support_filter_lz4(reader)
    }

    /// Where an entry goes, and whether it is a folder; no place for the new folder itself.
    private func place(
        of entry: OpaquePointer
    ) throws(DatasetError) -> (place: ContainedPath?, isFolder: Bool) {
        // A name of another character set is taken as it is.
        guard
            let pathname = unsafe archive_entry_pathname_utf8(entry)
                ?? archive_entry_pathname(entry)
        else { throw corrupt("an entry has no name") }
        let name = unsafe String(cString: pathname)
        let type = unsafe archive_entry_filetype(entry)
        let isLink =
            unsafe archive_entry_hardlink(entry) != nil || archive_entry_symlink(entry) != nil
        guard type == S_IFREG || type == S_IFDIR, !isLink else {
            throw corrupt("the entry \(name) is a link or a device, no file or folder")
        }
        let isFolder = type == S_IFDIR
        if isFolder, name.utf8.allSatisfy({ $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "/") }),
            name.hasPrefix("."), !name.hasPrefix("..")
        {
            return (nil, true)
        }
        guard let place = ContainedPath(name) else {
            throw corrupt("the entry \(name) leads out of the folder, or may on some systems")
        }
        return (place, isFolder)
    }

    /// Writes the bytes of an entry; holes in it stay holes.
    private func copy(
        _ reader: OpaquePointer,
        _ entry: OpaquePointer,
        to file: Int32,
        _ place: ContainedPath,
        _ allowance: inout Int
    ) throws(DatasetError) {
        var end = 0
        while true {
            var block: UnsafeRawPointer?
            var length = 0
            var offset: Int64 = 0
            let status = unsafe archive_read_data_block(reader, &block, &length, &offset)
            if status == ARCHIVE_EOF { break }
            guard status >= ARCHIVE_WARN, offset >= end else { throw unsafe damaged(reader) }
            try charge(Int(offset) - end + length, to: &allowance)
            end = Int(offset) + length
            guard length > 0, let block = unsafe block else { continue }
            let bytes = unsafe UnsafeRawBufferPointer(start: block, count: length)
            try unsafe FileSystem.write(bytes.bytes, to: file, at: Int(offset), path: place.text)
        }
        let size =
            unsafe archive_entry_size_is_set(entry) != 0 ? Int(archive_entry_size(entry)) : end
        guard size > end else { return }
        try charge(size - end, to: &allowance)
        guard ftruncate(file, off_t(size)) == 0 else {
            throw .system("cannot write", path: place.text)
        }
    }

    /// Takes bytes from what may still come out of the archive.
    private func charge(_ bytes: Int, to allowance: inout Int) throws(DatasetError) {
        allowance -= min(bytes, Int.max / 2)
        guard allowance >= 0 else {
            throw corrupt(
                "it holds more than \(expansion) times its length, no archive of images does"
            )
        }
    }

    private func corrupt(_ reason: String) -> DatasetError {
        DatasetError(
            .corrupt,
            "\(reason); nothing was unpacked, unpack it by hand if you trust it",
            path: path
        )
    }

    private func damaged(_ reader: OpaquePointer) -> DatasetError {
        let reason = unsafe archive_error_string(reader).map { unsafe String(cString: $0) }
        return DatasetError(
            .corrupt,
            "cannot unpack it: \(reason ?? "it is damaged"); remove it to fetch it again",
            path: path
        )
    }
}
