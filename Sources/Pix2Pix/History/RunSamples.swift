public import DatasetKit

/// The pictures of a run: the sample grids of its epochs, cut into what is in them.
public struct RunSamples: Sendable {
    /// One row of an epoch's grid.
    public struct Row: Equatable, Sendable {
        /// What the generator was given.
        public var input: Image
        /// What it made of it.
        public var generated: Image
        /// What it should have made.
        public var target: Image
    }

    /// The folder whose pictures they are.
    public let run: RunFolder
    /// The epochs that have a grid, in order.
    public let epochs: [Int]
    /// The size of each picture.
    public let pictureSize: ImageSize

    /// Looks for the grids of a run.
    ///
    /// - Parameters:
    ///   - run: The run's folder.
    ///   - pictureSize: The size of the images trained on.
    /// - Throws: ``DatasetError`` with code `io`.
    public init(of run: RunFolder, pictureSize: ImageSize) throws(DatasetError) {
        self.run = run
        self.pictureSize = pictureSize
        let folder = run.samplesPath
        let names = FileSystem.kind(of: folder) == .folder ? try FileSystem.names(in: folder) : []
        epochs = names.compactMap(Self.epoch).filter {
            FileSystem.kind(of: run.samplePath(epoch: $0)) == .file
        }.sorted()
    }

    /// The rows of an epoch's grid.
    ///
    /// - Throws: ``DatasetError`` where the file cannot be read, or is no grid of input, generated
    ///   and target of this size.
    public func rows(epoch: Int) throws(DatasetError) -> [Row] {
        let path = run.samplePath(epoch: epoch)
        let grid = try ImageCodec.decode(path: path).image
        guard grid.sampleType == .u8, grid.channels == 3,
            let cells = ImageGrid.cells(
                inGridOf: grid.size,
                picture: pictureSize,
                hasRowTitles: true
            ),
            cells.allSatisfy({ $0.count == 3 })
        else {
            throw DatasetError(
                .corrupt,
                "expected a sample grid with pictures of \(pictureSize), found an image of "
                    + "\(grid.size)",
                path: path
            )
        }
        return cells.map { row in
            let pictures = row.map { $0.cut(from: grid) }
            return Row(input: pictures[0], generated: pictures[1], target: pictures[2])
        }
    }

    /// Of so many epochs those to be shown, evenly spread: the first, the last, and some between.
    ///
    /// - Parameters:
    ///   - count: The most epochs to choose, at least two.
    ///   - epochs: The epochs there are, in order.
    /// - Returns: The chosen ones, in order.
    public static func spread(_ count: Int, of epochs: [Int]) -> [Int] {
        guard epochs.count > count, count > 1 else { return Array(epochs.prefix(max(count, 1))) }
        return (0..<count).map { number in
            epochs[(number * (epochs.count - 1) + (count - 1) / 2) / (count - 1)]
        }
    }

    /// A picture with its longer side not above a limit; smaller ones stay as they are.
    public static func shrunk(_ image: Image, toSide side: Int) -> Image {
        max(image.width, image.height) > side ? image.thumbnail(side: side) : image
    }

    /// The epoch of a file name such as `epoch-012.png`.
    private static func epoch(_ name: String) -> Int? {
        guard name.hasPrefix("epoch-"), name.hasSuffix(".png") else { return nil }
        let digits = name.dropFirst("epoch-".count).dropLast(".png".count)
        return digits.allSatisfy(\.isWholeNumber) ? Int(digits) : nil
    }
}
