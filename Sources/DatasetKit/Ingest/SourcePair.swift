/// One file of the source, looked at but not decoded.
package struct SourceFile: Sendable {
    /// Its path, relative to the source's folder (a list may give absolute ones).
    package let path: String
    /// SHA-256 of its bytes.
    package let sha256: SHA256Value
    /// What the file system said when its header was read.
    package let stamp: FileStamp
    private let shared: SharedInfo

    init(path: String, sha256: SHA256Value, stamp: FileStamp, shared: SharedInfo) {
        self.path = path
        self.sha256 = sha256
        self.stamp = stamp
        self.shared = shared
    }

    /// What its header says.
    package var info: ImageInfo { shared.info }
}

/// A header's contents, one object for all files that say the same.
final class SharedInfo: Sendable {
    let info: ImageInfo

    init(_ info: ImageInfo) {
        self.info = info
    }
}

/// The files of a pair, looked at.
package enum SourceFiles: Sendable {
    /// One file holds both images.
    case sideBySide(SourceFile)
    /// Two files.
    case separate(input: SourceFile, target: SourceFile)

    /// All files, the input's first.
    package var all: [SourceFile] {
        switch self {
        case .sideBySide(let file): [file]
        case .separate(let input, let target): [input, target]
        }
    }

    /// The file that holds one side.
    package subscript(side: PairSide) -> SourceFile {
        switch (self, side) {
        case (.sideBySide(let file), _): file
        case (.separate(let input, _), .input): input
        case (.separate(_, let target), .target): target
        }
    }
}

/// One pair of the source, found and looked at but not decoded.
package struct SourcePair: Sendable {
    /// The pair's name.
    package var key: String
    /// The split it belongs to.
    package var split: DatasetSplit
    /// What must not be torn apart by a split.
    package var group: String?
    /// Its files.
    package var files: SourceFiles
}
