public import DatasetKit

/// How a run came along, as one picture: a row for each sample pair, with the input, what was made of
/// it in some of the epochs, and the target.
public struct SampleMontage: Sendable {
    /// The epochs that are shown.
    public let epochs: [Int]
    private let samples: RunSamples

    /// The most epochs that are shown.
    static let limit = 8
    /// Wider and higher pictures are shown smaller.
    static let side = 256

    /// Chooses the epochs: the first, the last, and six evenly spread between them.
    public init(_ samples: RunSamples) {
        self.samples = samples
        epochs = RunSamples.spread(Self.limit, of: samples.epochs)
    }

    /// Draws the montage.
    ///
    /// Pictures keep their pixels, but for those longer than 256, which are shrunk, and those that are
    /// narrower than the titles, which are enlarged by a whole number.
    ///
    /// - Returns: 8-bit RGB; `nil` where no epoch can be shown.
    public func drawn() -> Image? {
        // A grid that is damaged, or of other pairs, is left out.
        let grids = epochs.compactMap { epoch in
            (try? samples.rows(epoch: epoch)).map { (epoch: epoch, rows: $0) }
        }
        guard let last = grids.last?.rows else { return nil }
        let shown = grids.filter { $0.rows.count == last.count }
        let titles = ["input"] + shown.map { "epoch \($0.epoch)" } + ["target"]
        let width = titles.map(ImageGrid.width(ofTitle:)).max() ?? 0
        let rows = last.indices.map { row in
            let images =
                [last[row].input] + shown.map { $0.rows[row].generated } + [last[row].target]
            return ImageGrid.Row(images: images.map { Self.fitted($0, to: width) })
        }
        return ImageGrid(columnTitles: titles, rows: rows).drawn()
    }

    /// Writes the montage as PNG, where there is one.
    ///
    /// - Returns: Whether there is one.
    /// - Throws: ``DatasetError`` with code `io`.
    @discardableResult
    public func write() throws(DatasetError) -> Bool {
        guard let image = drawn() else { return false }
        try FileSystem.writeAtomically(
            // It is written after each epoch: quick, for a tenth more bytes than the usual level.
            try ImageCodec.encodePNG(image, level: 2),
            to: samples.run.montagePath
        )
        return true
    }

    private static func fitted(_ image: Image, to width: Int) -> Image {
        let factor = (width + image.width - 1) / image.width
        if factor == 1 { return RunSamples.shrunk(image, toSide: side) }
        return image.resized(
            to: ImageSize(width: image.width * factor, height: image.height * factor),
            filter: .nearest
        )
    }
}
