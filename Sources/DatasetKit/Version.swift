/// The version of this package.
public enum Version {
    /// As in `p2p-data --version`, dataset indexes and checkpoints.
    public static let current = "0.1.0"
}
