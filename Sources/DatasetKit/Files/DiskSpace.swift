import Glibc

/// How much may still be written.
enum DiskSpace {
    /// The bytes that are free for this user where a folder lies; `nil` if nobody can tell.
    static func free(at folder: String) -> Int? {
        var information = statvfs()
        guard unsafe statvfs(folder, &information) == 0 else { return nil }
        let (bytes, overflow) = Int(clamping: information.f_bavail)
            .multipliedReportingOverflow(by: Int(clamping: information.f_frsize))
        return overflow ? nil : bytes
    }
}
