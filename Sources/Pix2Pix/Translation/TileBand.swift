package import DatasetKit

/// The rows of a tiled image that are being made: as many as a tile is high.
///
/// What no further tile reaches is handed over as finished samples, so that memory holds one row of tiles
/// as floats, however large the image is.
package struct TileBand {
    private let scale: SampleScale
    private let rows: TileAxis
    private let columns: TileAxis
    private let width: Int
    private let padding: ReflectPadding
    private let imageSize: ImageSize
    /// `[C, tile rows, width]`.
    private var values: [Float]
    /// The finished samples.
    private var bytes: [UInt8]

    /// An empty band for an image.
    package init(
        _ scale: SampleScale,
        rows: TileAxis,
        columns: TileAxis,
        padding: ReflectPadding,
        imageSize: ImageSize
    ) {
        (self.scale, self.rows, self.columns) = (scale, rows, columns)
        (self.padding, self.imageSize) = (padding, imageSize)
        width = padding.size(of: imageSize).width
        let side = scale.side
        values = [Float](repeating: 0, count: side.channels * rows.tile * width)
        bytes = [UInt8](
            repeating: 0,
            count: imageSize.width * imageSize.height * side.channels * side.dtype.byteCount
        )
    }

    /// Adds a tile with its weights.
    ///
    /// - Parameters:
    ///   - tile: `[C, tile rows, tile columns]`.
    ///   - row: The number of its row of tiles.
    ///   - column: Its number in it.
    package mutating func add(_ tile: UnsafeBufferPointer<Float>, row: Int, column: Int) {
        let (height, length) = (rows.tile, columns.tile)
        let (rowWeights, columnWeights) = (rows.weights[row], columns.weights[column])
        let start = columns.starts[column]
        unsafe values.withUnsafeMutableBufferPointer { values in
            for channel in 0..<scale.side.channels {
                for y in 0..<height {
                    let from = (channel * height + y) * length
                    let to = (channel * height + y) * width + start
                    for x in 0..<length {
                        unsafe values[to + x] +=
                            unsafe tile[from + x] * (rowWeights[y] * columnWeights[x])
                    }
                }
            }
        }
    }

    /// Finishes the rows that the tiles after a row of them do not reach.
    ///
    /// - Throws: ``DatasetError`` for values that are not numbers.
    package mutating func finish(row: Int) throws(DatasetError) {
        let start = rows.starts[row]
        let isLast = row + 1 == rows.starts.count
        let end = isLast ? start + rows.tile : rows.starts[row + 1]
        // Of the padded image, the image's own rows.
        let first = max(start, padding.top)
        let last = min(end, padding.top + imageSize.height)
        if first < last {
            let box = SampleScale.Box(
                planeLength: rows.tile * width,
                rowLength: width,
                x: padding.left,
                y: first - start,
                size: ImageSize(width: imageSize.width, height: last - first),
                row: first - padding.top
            )
            try unsafe values.withUnsafeBufferPointer { (values) throws(DatasetError) in
                try unsafe scale.store(values, box, into: &bytes)
            }
        }
        if !isLast { moveUp(by: end - start) }
    }

    /// The image, when all rows are finished.
    package var image: Image {
        Image(
            size: imageSize,
            channels: scale.side.channels,
            sampleType: scale.side.dtype,
            bytes: bytes
        )
    }

    private mutating func moveUp(by count: Int) {
        let plane = rows.tile * width
        let kept = plane - count * width
        for channel in 0..<scale.side.channels {
            let start = channel * plane
            for place in start..<start + kept { values[place] = values[place + count * width] }
            for place in start + kept..<start + plane { values[place] = 0 }
        }
    }
}
