public import DatasetKit
import Foundation

/// How images larger than a tile are translated: in overlapping tiles that fade into each other.
public struct Tiling: Codable, Equatable, Sendable {
    /// The side of a tile in pixels.
    public let tile: Int
    /// The least that neighbouring tiles have in common, in pixels.
    public let overlap: Int

    /// Tiles begin at multiples of it, so that the generator's finest layers see the pixels in the
    /// same phase as in the whole image.
    static let alignment = 8

    /// Takes tiles.
    ///
    /// - Parameters:
    ///   - tile: The side of a tile in pixels: what the generator takes.
    ///   - overlap: At most half of it; `nil` for an eighth.
    ///   - generator: What makes the images.
    /// - Throws: ``TrainingError`` with code `impossibleSettings`.
    public init(
        tile: Int,
        overlap: Int?,
        for generator: TrainOptions.Generator
    ) throws(TrainingError) {
        let multiple = generator.sizeMultiple
        let least = max(multiple, generator.minimumSide)
        guard tile >= least, tile.isMultiple(of: multiple) else {
            throw TrainingError(
                .impossibleSettings,
                "--tile: expected a multiple of \(multiple) from \(least) on, which \(generator.rawValue) "
                    + "takes, found \(tile)"
            )
        }
        self.tile = tile
        self.overlap = overlap ?? tile / 8
        guard (0...tile / 2).contains(self.overlap) else {
            throw TrainingError(
                .impossibleSettings,
                "--overlap: expected 0 to \(tile / 2), half a tile, found \(self.overlap)"
            )
        }
    }
}

/// The tiles along one side of an image.
package struct TileAxis {
    /// The length of each tile.
    package let tile: Int
    /// Where the tiles begin; the last one ends with the image.
    package let starts: [Int]
    /// How much each tile's pixels count; at each pixel of the image the sum is 1.
    package let weights: [[Float]]

    /// Lays tiles along a side.
    ///
    /// - Parameters:
    ///   - length: The padded image's length, which the generator takes.
    ///   - tiling: The tiles; `nil` for one as long as the image.
    package init(_ length: Int, _ tiling: Tiling?) {
        let tile = min(length, tiling?.tile ?? length)
        let reach = tile - (tiling?.overlap ?? 0)
        let stride = max(reach / Tiling.alignment, 1) * Tiling.alignment
        starts = Array(Swift.stride(from: 0, to: length - tile, by: stride)) + [length - tile]
        weights = Self.weights(starts, tile, length)
        self.tile = tile
    }

    /// Raised cosines over what neighbours have in common, divided by their sum.
    private static func weights(_ starts: [Int], _ tile: Int, _ length: Int) -> [[Float]] {
        func rise(_ place: Int, over overlap: Int) -> Double {
            guard place < overlap else { return 1 }
            let sine = sin(.pi / 2 * (Double(place) + 0.5) / Double(overlap))
            return sine * sine
        }
        var windows = starts.indices.map { number in
            let before = number > 0 ? starts[number - 1] + tile - starts[number] : 0
            let behind =
                number + 1 < starts.count ? starts[number] + tile - starts[number + 1] : 0
            return (0..<tile).map { rise($0, over: before) * rise(tile - 1 - $0, over: behind) }
        }
        var sums = [Double](repeating: 0, count: length)
        for (start, window) in zip(starts, windows) {
            for place in 0..<tile { sums[start + place] += window[place] }
        }
        for (number, start) in starts.enumerated() {
            for place in 0..<tile { windows[number][place] /= sums[start + place] }
        }
        return windows.map { $0.map(Float.init) }
    }
}
