import Synchronization

/// Writes each pair as two image files, or as one that holds both images.
struct ImageFileWriter: PairWriter {
    private let format: ImageFormat
    /// How both images lie in one file; `nil` writes two files.
    private let halves: SideBySide?
    private let folder: String

    /// Looks whether the dataset can be written in this way.
    ///
    /// - Throws: ``DatasetError`` with code `mismatch` if its images do not fit into one.
    init(_ export: DatasetExport) throws(DatasetError) {
        format = export.format.imageFormat
        folder = export.dataset.folder
        guard export.layout == .sideBySide else {
            halves = nil
            return
        }
        let index = export.dataset.index
        guard index.input == index.target else {
            throw DatasetError(
                .mismatch,
                "one image can hold two of the same size, channels and type; the inputs are "
                    + "\(Self.text(index.input)), the targets \(Self.text(index.target)); use --layout "
                    + "folders",
                path: folder
            )
        }
        let source = try export.dataset.recipe().source
        halves = SideBySide(input: source.layout == .sideBySide ? source.input : .left)
    }

    func check(key: String, split: DatasetSplit) throws(DatasetError) {
        _ = try place(split, nil, key)
    }

    func write(
        _ selection: PairSelection,
        to folder: NewFolder,
        jobs: Int,
        progress: @Sendable (Int, Int) -> Void
    ) throws(DatasetError) -> DatasetExport.Report {
        let count = selection.pairs.count
        let report = Mutex(DatasetExport.Report())
        try selection.forEach(in: 0..<count, jobs: jobs) { (_, pair) throws(DatasetError) in
            let key = try selection.key(of: pair)
            let images = try selection.images(of: pair)
            var files: [(place: ContainedPath, image: Image)] = []
            if let halves {
                files.append((try place(pair.split, nil, key), halves.image(from: images)))
            } else {
                files.append((try place(pair.split, "input", key), images.input))
                files.append((try place(pair.split, "target", key), images.target))
            }
            var written = 0
            for file in files {
                let bytes = try format.encoded(file.image)
                try folder.makeFile(file.place, bytes: bytes)
                written += bytes.count
            }
            let done = report.withLock { report in
                report.pairs += 1
                report.files += files.count
                report.bytes += written
                return report.pairs
            }
            progress(done, count)
        }
        return report.withLock { $0 }
    }

    /// Where a file goes, such as `train/input/1.png`.
    private func place(
        _ split: DatasetSplit,
        _ side: String?,
        _ key: String
    ) throws(DatasetError) -> ContainedPath {
        let name = try ExportedKey(key, folder: folder).text
        let parts = [split.rawValue, side, "\(name).\(format.ending)"].compactMap { $0 }
        guard let place = ContainedPath(parts.joined(separator: "/")) else {
            throw ExportedKey.refused(key, folder: folder)
        }
        return place
    }

    private static func text(_ side: DatasetIndex.Side) -> String {
        "\(side.size)x\(side.channels) \(side.dtype.rawValue)"
    }
}

/// A pair's name as part of a path: data from a file, which must not lead anywhere else.
struct ExportedKey {
    /// The name, unchanged.
    let text: String

    /// Checks a name.
    ///
    /// - Throws: ``DatasetError`` with code `unsupported` for an absolute name, one with `.`, `..`,
    ///   nothing between two `/`, a backslash or a NUL.
    init(_ key: String, folder: String) throws(DatasetError) {
        guard let path = ContainedPath(key), path.text == key else {
            throw Self.refused(key, folder: folder)
        }
        text = key
    }

    static func refused(_ key: String, folder: String) -> DatasetError {
        DatasetError(
            .unsupported,
            "the pair named \"\(key)\" would be a file outside of the folder, or may be one on some "
                + "systems; name the others with --keys, or rename its source and build again",
            path: folder
        )
    }
}

extension DatasetExport.Format {
    /// The format of the images.
    var imageFormat: ImageFormat {
        switch self {
        case .jpeg: .jpeg
        case .tiff: .tiff
        case .png, .webdataset: .png
        }
    }
}

extension SideBySide {
    /// Puts input and target into one image: what ``parts(of:)`` takes apart.
    ///
    /// - Precondition: Both have the same size, channels and type.
    func image(from pair: ImagePair) -> Image {
        let (first, second) =
            input == .left || input == .top
            ? (pair.input, pair.target) : (pair.target, pair.input)
        precondition(first.size == second.size && first.channels == second.channels)
        let (width, height) = (first.width, first.height)
        let isHorizontal = input == .left || input == .right
        guard isHorizontal else {
            return Image(
                size: ImageSize(width: width, height: 2 * height),
                channels: first.channels,
                sampleType: first.sampleType,
                bytes: first.bytes + second.bytes
            )
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(first.bytes.count + second.bytes.count)
        for row in 0..<height {
            let part = row * first.bytesPerRow..<(row + 1) * first.bytesPerRow
            bytes += first.bytes[part]
            bytes += second.bytes[part]
        }
        return Image(
            size: ImageSize(width: 2 * width, height: height),
            channels: first.channels,
            sampleType: first.sampleType,
            bytes: bytes
        )
    }
}
