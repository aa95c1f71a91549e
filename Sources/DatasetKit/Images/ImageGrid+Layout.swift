extension ImageGrid {
    /// Where one picture lies in a drawn grid, in pixels from the top left corner.
    public struct Cell: Equatable, Sendable {
        /// Its left edge.
        public var x: Int
        /// Its top edge.
        public var y: Int
        /// Its width and height.
        public var size: ImageSize

        /// The picture itself.
        ///
        /// - Precondition: The cell lies inside the grid.
        public func cut(from grid: Image) -> Image { grid.cropped(x: x, y: y, to: size) }
    }

    /// Where everything lies in a drawn grid, in pixels.
    struct Layout {
        struct Column {
            var x: Int
            var width: Int
        }

        struct Row {
            /// The top of the row's title, where it has one.
            var titleY: Int?
            /// The pictures, from the left.
            var cells: [Cell]
            /// The top of the first line of the captions.
            var captionY: Int
        }

        var size: ImageSize
        var columns: [Column]
        var rows: [Row]
    }

    /// Where the pictures lie once the grid is drawn: the rows from the top, each from the left.
    ///
    /// - Precondition: There is at least one picture.
    public var cells: [[Cell]] { layout.rows.map(\.cells) }

    /// Where the pictures lie in a drawn grid with column titles, of equal pictures without captions: what
    /// a training's sample grid is.
    ///
    /// - Parameters:
    ///   - size: The size of the drawn grid.
    ///   - picture: The size of each picture.
    ///   - hasRowTitles: Whether a title stands above each row.
    /// - Returns: The rows from the top, each from the left; `nil` if no such grid has this size.
    public static func cells(
        inGridOf size: ImageSize,
        picture: ImageSize,
        hasRowTitles: Bool
    ) -> [[Cell]]? {
        let rowTitleHeight = hasRowTitles ? titleGap + lineHeight : 0
        guard picture.width > 0, picture.height > 0,
            let columns = count(filling: size.width - 2 * margin, of: picture.width),
            let rows = count(
                filling: size.height - 2 * margin - lineHeight,
                of: rowTitleHeight + picture.height
            )
        else { return nil }
        return (0..<rows).map { row in
            (0..<columns).map { column in
                Cell(
                    x: margin + column * (picture.width + gap),
                    y: margin + lineHeight + rowTitleHeight
                        + row * (rowTitleHeight + picture.height + gap),
                    size: picture
                )
            }
        }
    }

    /// How many pictures with gaps between them fill a length exactly.
    private static func count(filling length: Int, of side: Int) -> Int? {
        let room = length + gap
        return room > 0 && room.isMultiple(of: side + gap) ? room / (side + gap) : nil
    }

    /// The pixels that a column's title takes: in a narrower column its end is cut off.
    public static func width(ofTitle title: String) -> Int {
        BitmapFont.width(of: title, scale: textScale)
    }
}
