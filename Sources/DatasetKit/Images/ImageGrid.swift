/// Pictures in rows and columns with a few words: contact sheets and sample grids.
public struct ImageGrid: Sendable {
    /// One row of pictures.
    public struct Row: Sendable {
        /// Stands above the row; empty for none.
        public var title: String
        /// The pictures, from the left; grey ones are shown as grey RGB.
        public var images: [Image]
        /// Stands below each picture, in as many lines as it needs; empty for none.
        public var captions: [String]

        /// Creates a row.
        public init(title: String = "", images: [Image], captions: [String] = []) {
            self.title = title
            self.images = images
            self.captions = captions
        }
    }

    /// Stand above the columns.
    public var columnTitles: [String]
    /// The rows, from the top.
    public var rows: [Row]

    /// Pixels between pictures.
    static let gap = 6
    /// Pixels around everything.
    static let margin = 12
    /// Pixels above a row with a title, which begins something new.
    static let titleGap = 14
    /// Dots of the font are so many pixels.
    static let textScale = 2
    /// From one line of text to the next.
    static let lineHeight = BitmapFont.height * textScale + 4
    private static let background: [UInt8] = [24, 25, 28]
    private static let titleColor: [UInt8] = [236, 237, 240]
    private static let captionColor: [UInt8] = [158, 162, 170]

    /// Creates a grid.
    public init(columnTitles: [String], rows: [Row]) {
        self.columnTitles = columnTitles
        self.rows = rows
    }

    /// Draws the grid: RGB, each column as wide as its widest picture.
    ///
    /// - Precondition: There is at least one picture, and all are 8-bit with 1 or 3 channels.
    public func drawn() -> Image {
        let layout = layout
        var canvas = Image(size: layout.size, color: Self.background)
        for (title, column) in zip(columnTitles, layout.columns) {
            let title = fitted(title, to: column.width)
            canvas.draw(
                title,
                x: column.x,
                y: Self.margin,
                color: Self.titleColor,
                scale: Self.textScale
            )
        }
        for (row, place) in zip(rows, layout.rows) {
            if let y = place.titleY {
                canvas.draw(
                    row.title,
                    x: Self.margin,
                    y: y,
                    color: Self.titleColor,
                    scale: Self.textScale
                )
            }
            for (image, cell) in zip(row.images, place.cells) {
                canvas.paste(image.rgb(), x: cell.x, y: cell.y)
            }
            for (caption, column) in zip(row.captions, layout.columns) {
                for (number, line) in lines(caption, width: column.width).enumerated() {
                    canvas.draw(
                        line,
                        x: column.x,
                        y: place.captionY + number * Self.lineHeight,
                        color: Self.captionColor,
                        scale: Self.textScale
                    )
                }
            }
        }
        return canvas
    }

    /// Where everything lies in the drawn grid.
    ///
    /// - Precondition: There is at least one picture.
    var layout: Layout {
        let count = rows.map(\.images.count).max() ?? 0
        let widths = (0..<count).map { column in
            rows.map { $0.images.indices.contains(column) ? $0.images[column].width : 0 }.max() ?? 0
        }
        let columns = widths.indices.map { number in
            let left = Self.margin + widths[..<number].reduce(0, +) + Self.gap * number
            return Layout.Column(x: left, width: widths[number])
        }
        var places: [Layout.Row] = []
        var top = Self.margin + (columnTitles.isEmpty ? 0 : Self.lineHeight)
        for row in rows {
            let titleY = row.title.isEmpty ? nil : top + Self.titleGap
            let y = titleY.map { $0 + Self.lineHeight } ?? top
            let bottom = y + (row.images.map(\.height).max() ?? 0)
            places.append(
                Layout.Row(
                    titleY: titleY,
                    cells: zip(row.images, columns).map { image, column in
                        Cell(x: column.x, y: y, size: image.size)
                    },
                    captionY: bottom + 4
                )
            )
            let texts = zip(row.captions, widths).map(lines)
            top = bottom + Self.lineHeight * (texts.map(\.count).max() ?? 0) + Self.gap
        }
        return Layout(
            size: ImageSize(
                width: 2 * Self.margin + widths.reduce(0, +) + Self.gap * (count - 1),
                height: top - Self.gap + Self.margin
            ),
            columns: columns,
            rows: places
        )
    }

    /// A text cut to the width of its column.
    private func fitted(_ text: String, to width: Int) -> String {
        String(text.prefix(max(0, width / (BitmapFont.advance * Self.textScale))))
    }

    /// A text in lines of the width of its column, broken between words where that is possible.
    private func lines(_ text: String, width: Int) -> [String] {
        let room = max(1, width / (BitmapFont.advance * Self.textScale))
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, last.count + 1 + word.count <= room {
                lines[lines.count - 1] = "\(last) \(word)"
                continue
            }
            var rest = word[...]
            while rest.count > room {
                lines.append(String(rest.prefix(room)))
                rest = rest.dropFirst(room)
            }
            lines.append(String(rest))
        }
        return lines
    }
}
