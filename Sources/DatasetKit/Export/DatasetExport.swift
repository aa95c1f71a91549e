import Synchronization

/// Turns a dataset back into what other tools read: image files, or the tar files of WebDataset.
///
/// Everything is written to `<out>.partial` beside the output folder, which takes its name in one
/// step at the end. The same dataset gives the same bytes, with any number of threads.
public struct DatasetExport: Sendable {
    /// What is written.
    public enum Format: String, Sendable, CaseIterable {
        /// Image files without loss: 8 or 16 bits, 1 to 4 channels.
        case png
        /// Image files without loss, of any type and number of channels.
        case tiff
        /// Image files with a loss that training can see; for looking at.
        case jpeg
        /// Tar files with PNG images: see ``WebDatasetNames`` for the names in them.
        case webdataset
    }

    /// Where the two images of a pair go, for image files.
    public enum Layout: String, Sendable, CaseIterable {
        /// `SPLIT/input/KEY.png` and `SPLIT/target/KEY.png`.
        case folders
        /// `SPLIT/KEY.png`, one file with both images, cut as the recipe's `input` says.
        case sideBySide = "side-by-side"
    }

    /// What an export wrote.
    public struct Report: Equatable, Sendable {
        /// Pairs.
        public var pairs = 0
        /// Image files, or tar files.
        public var files = 0
        /// Bytes in them.
        public var bytes = 0
    }

    /// 256 MiB: a few seconds of reading, and enough files to shuffle.
    public static let defaultMaxBytes = 256 << 20

    /// zlib's level for PNG: half the time of its default, 6, for files that are 1.7 % larger.
    ///
    /// Facades at 286x286, input and target: 63 ms and 179.6 kB at level 6, 34 ms and 182.6 kB at 4,
    /// 20 ms and 196.7 kB at 2.
    static let pngLevel = 4

    /// The dataset.
    public var dataset: Dataset
    /// The folder to write: it must not exist, or be empty.
    public var output: String
    /// What is written.
    public var format: Format
    /// Where the two images of a pair go.
    public var layout: Layout
    /// The only split to write; `nil` writes all.
    public var split: DatasetSplit?
    /// The only pairs to write, by name; none named writes all.
    public var keys: [String]
    /// The most bytes of a tar file, which holds at least one pair.
    public var maxBytes: Int
    /// Threads to use.
    public var jobs: Int

    /// Creates an export.
    public init(
        of dataset: Dataset,
        to output: String,
        format: Format = .png,
        layout: Layout = .folders,
        split: DatasetSplit? = nil,
        keys: [String] = [],
        maxBytes: Int = defaultMaxBytes,
        jobs: Int
    ) {
        self.dataset = dataset
        self.output = output
        self.format = format
        self.layout = layout
        self.split = split
        self.keys = keys
        self.maxBytes = maxBytes
        self.jobs = jobs
    }

    /// Writes everything; the output folder appears when it is whole.
    ///
    /// - Parameter progress: Called from any thread after each pair: done, of how many.
    /// - Returns: What was written.
    /// - Throws: ``DatasetError``: `exists` for an output folder that is not empty, `notFound` for
    ///   splits and keys that the dataset lacks, `mismatch` for sides that do not fit into one
    ///   image, `unsupported` for images that the format cannot hold and for names that would lead
    ///   out of the folder, `corrupt`, `io`.
    public func run(progress: @Sendable (Int, Int) -> Void) throws(DatasetError) -> Report {
        let output =
            output.count > 1 && output.hasSuffix("/") ? String(output.dropLast()) : output
        try Self.checkOutput(output)
        let selection = try PairSelection(of: dataset, split: split, keys: keys)
        let writer: any PairWriter =
            switch format {
            case .png, .tiff, .jpeg: try ImageFileWriter(self)
            case .webdataset: try WebDatasetWriter(self, selection)
            }
        for pair in selection.pairs {
            try writer.check(key: selection.key(of: pair), split: pair.split)
        }
        try FileSystem.makeFolder(FileSystem.folder(of: output))
        let folder = try NewFolder(temporaryPath: "\(output).partial")
        do throws(DatasetError) {
            let report = try writer.write(selection, to: folder, jobs: jobs, progress: progress)
            try folder.commit(to: output)
            return report
        } catch {
            folder.discard()
            throw error
        }
    }

    private static func checkOutput(_ output: String) throws(DatasetError) {
        switch FileSystem.kind(of: output) {
        case nil: return
        case .folder?:
            let count = try FileSystem.names(in: output).count
            guard count > 0 else { return }
            throw DatasetError(
                .exists,
                "expected a new folder or an empty one, found \(count) files in it; give another "
                    + "--out",
                path: output
            )
        case .file?, .other?:
            throw DatasetError(
                .exists,
                "expected a folder, found a file; give another --out",
                path: output
            )
        }
    }
}

/// Writes pairs in one of the formats.
protocol PairWriter: Sendable {
    /// Looks whether a pair's name can be written, before anything is.
    ///
    /// - Throws: ``DatasetError`` with code `unsupported`.
    func check(key: String, split: DatasetSplit) throws(DatasetError)

    /// Writes the pairs.
    ///
    /// - Throws: ``DatasetError``.
    func write(
        _ selection: PairSelection,
        to folder: NewFolder,
        jobs: Int,
        progress: @Sendable (Int, Int) -> Void
    ) throws(DatasetError) -> DatasetExport.Report
}
