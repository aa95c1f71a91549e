import DatasetKit
import TestSupport
import Testing

/// Contact sheets and sample grids: where their pictures lie.
@Suite struct ImageGridTests {
    private func noise(_ width: Int, _ height: Int, channels: Int = 3, seed: Int) -> Image {
        Noise.image(width: width, height: height, channels: channels, seed: UInt32(seed))
    }

    @Test func theCellsOfADrawnGridHoldItsPictures() {
        let rows = [
            ImageGrid.Row(
                title: "first",
                images: [noise(30, 20, seed: 1), noise(9, 41, channels: 1, seed: 2)],
                captions: ["a caption of several lines", "b"]
            ),
            ImageGrid.Row(images: [noise(12, 7, seed: 3)]),
            ImageGrid.Row(title: "last", images: [noise(1, 1, seed: 4), noise(50, 3, seed: 5)]),
        ]
        for titles in [[], ["input", "a title longer than its column"]] {
            let grid = ImageGrid(columnTitles: titles, rows: rows)
            let drawn = grid.drawn()
            #expect(grid.cells.map(\.count) == [2, 1, 2])
            for (row, cells) in zip(rows, grid.cells) {
                #expect(cells.map { $0.cut(from: drawn) } == row.images.map { $0.rgb() })
            }
        }
    }

    @Test(arguments: [(1, 1, false), (3, 4, false), (3, 4, true), (10, 1, true)])
    func aGridOfEqualPicturesIsFoundByItsSize(columns: Int, rows: Int, titles: Bool) throws {
        let picture = ImageSize(width: 33, height: 20)
        let grid = ImageGrid(
            columnTitles: (0..<columns).map { "\($0)" },
            rows: (0..<rows).map { row in
                ImageGrid.Row(
                    title: titles ? "row" : "",
                    images: (0..<columns).map { noise(33, 20, seed: row * 100 + $0) }
                )
            }
        )
        let drawn = grid.drawn()
        func cells(_ size: ImageSize, _ picture: ImageSize) -> [[ImageGrid.Cell]]? {
            ImageGrid.cells(inGridOf: size, picture: picture, hasRowTitles: titles)
        }
        #expect(cells(drawn.size, picture) == grid.cells)
        for other in [
            ImageSize(width: drawn.width + 1, height: drawn.height),
            ImageSize(width: drawn.width, height: drawn.height - 1),
            ImageSize(width: 1, height: 1),
        ] {
            #expect(cells(other, picture) == nil)
        }
        #expect(cells(drawn.size, ImageSize(width: 0, height: 0)) == nil)
    }

    @Test func aTitleFitsInAColumnOfItsWidth() {
        let title = "epoch 200"
        func drawn(_ width: Int) -> Image {
            let row = ImageGrid.Row(images: [noise(width, 4, seed: 1)])
            return ImageGrid(columnTitles: [title], rows: [row]).drawn()
        }
        let width = ImageGrid.width(ofTitle: title)
        // What is drawn above a wider picture is the same, and above a narrower one it is not.
        let top = ImageSize(width: width + 12, height: 30)
        let titles = [width - 1, width, width + 40].map { drawn($0).cropped(x: 0, y: 0, to: top) }
        #expect(titles[1] == titles[2])
        #expect(titles[1] != titles[0])
    }
}
