import Foundation

/// Where things lie, seen from the tests.
public enum Places {
    /// The package's folder.
    public static let package = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    /// The checked-in fixtures.
    public static let fixtures = "\(package)/Tests/Fixtures"

    /// Real and hostile images that are not part of the project, where there are any.
    ///
    /// `$P2P_SHARED`, or the folder `shared` beside the package.
    public static let shared: String? = {
        let path =
            ProcessInfo.processInfo.environment["P2P_SHARED"]
            ?? URL(fileURLWithPath: package).deletingLastPathComponent().path + "/shared"
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }()
}
