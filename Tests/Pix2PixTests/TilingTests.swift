import DatasetKit
import Foundation
import Pix2Pix
import TestSupport
import Testing

@Suite struct TilingTests {
    private static func tiling(_ tile: Int, _ overlap: Int) throws -> Tiling {
        try Tiling(tile: tile, overlap: overlap, for: .unet32)
    }

    @Test(
        "Tiles cover a side, and at each pixel their weights add up to 1",
        arguments: [
            (64, 64, 16), (96, 64, 16), (256, 64, 32), (992, 96, 40), (128, 64, 0), (160, 64, 1),
            (224, 64, 31),
        ]
    )
    func weights(length: Int, tile: Int, overlap: Int) throws {
        let axis = TileAxis(length, try Self.tiling(tile, overlap))
        var sums = [Double](repeating: 0, count: length)
        for (start, weights) in zip(axis.starts, axis.weights) {
            #expect(weights.count == tile && weights.allSatisfy { $0 >= 0 && $0 <= 1 })
            for (place, weight) in weights.enumerated() { sums[start + place] += Double(weight) }
        }
        #expect(sums.allSatisfy { abs($0 - 1) < 1e-6 })
        #expect(axis.starts.first == 0 && axis.starts.last == length - tile)
        #expect(axis.starts.allSatisfy { $0.isMultiple(of: 8) })
        for (start, next) in zip(axis.starts, axis.starts.dropFirst()) {
            #expect(start + tile - next >= overlap)
        }
    }

    @Test("A tile fades out smoothly where it meets another")
    func fading() throws {
        let axis = TileAxis(112, try Self.tiling(64, 16))
        #expect(axis.starts == [0, 48])
        for place in 0..<16 {
            let sine = sin(.pi / 2 * (Double(place) + 0.5) / 16)
            #expect(abs(Double(axis.weights[1][place]) - sine * sine) < 1e-6)
        }
        #expect(axis.weights[0][..<48].allSatisfy { $0 == 1 })
    }

    @Test("Tiles that the generator does not take, and overlaps beyond half a tile, are refused")
    func refusals() throws {
        for (tile, overlap) in [(48, 8), (0, 0), (-32, 0), (64, 33), (64, -1)] {
            let error = try #require(throws: TrainingError.self) {
                _ = try Self.tiling(tile, overlap)
            }
            #expect(error.code == .impossibleSettings)
        }
        #expect(try Tiling(tile: 512, overlap: nil, for: .unet256).overlap == 64)
        #expect(throws: TrainingError.self) { try Tiling(tile: 300, overlap: nil, for: .unet256) }
    }

    @Test(
        "An image cut into tiles and put together again is the image",
        arguments: [
            ImageSize(width: 100, height: 77), ImageSize(width: 64, height: 200),
            ImageSize(width: 33, height: 65), ImageSize(width: 500, height: 3),
        ]
    )
    func roundTrip(_ size: ImageSize) throws {
        let image = Noise.image(width: size.width, height: size.height)
        let form = DatasetIndex.Side(size: size, channels: 3, dtype: .u8)
        let scale = SampleScale(form, range: nil)
        let padding = ReflectPadding(size, toMultiplesOf: 32, atLeast: 32)
        let padded = padding.size(of: size)
        let tiling = try Self.tiling(64, 24)
        let (rows, columns) = (TileAxis(padded.height, tiling), TileAxis(padded.width, tiling))
        var band = TileBand(
            scale,
            rows: rows,
            columns: columns,
            padding: padding,
            imageSize: size
        )
        for (row, top) in rows.starts.enumerated() {
            for (column, left) in columns.starts.enumerated() {
                let planes = try scale.planes(
                    of: image,
                    rows: Array(padding.rows(of: size)[top..<top + rows.tile]),
                    columns: Array(padding.columns(of: size)[left..<left + columns.tile])
                )
                unsafe planes.withUnsafeBufferPointer {
                    unsafe band.add($0, row: row, column: column)
                }
            }
            try band.finish(row: row)
        }
        #expect(band.image == image)
    }
}
