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
    private let gap = 6
    /// Pixels around everything.
    private let margin = 12
    /// Pixels above a row with a title, which begins something new.
    private let titleGap = 14
    /// Dots of the font are so many pixels.
    private let textScale = 2
    private let background: [UInt8] = [24, 25, 28]
    private let titleColor: [UInt8] = [236, 237, 240]
    private let captionColor: [UInt8] = [158, 162, 170]

    /// Creates a grid.
    public init(columnTitles: [String], rows: [Row]) {
        self.columnTitles = columnTitles
        self.rows = rows
    }

    /// Draws the grid: RGB, each column as wide as its widest picture.
    ///
    /// - Precondition: There is at least one picture, and all are 8-bit with 1 or 3 channels.
    public func drawn() -> Image {
        let columns = rows.map(\.images.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { $0.images.indices.contains(column) ? $0.images[column].width : 0 }.max() ?? 0
        }
        let lineHeight = BitmapFont.height * textScale + 4
        let heights = rows.map { row in
            (row.title.isEmpty ? 0 : titleGap + lineHeight) + (row.images.map(\.height).max() ?? 0)
                + lineHeight * (zip(row.captions, widths).map(lines).map(\.count).max() ?? 0)
        }
        let header = columnTitles.isEmpty ? 0 : lineHeight
        var canvas = Image(
            size: ImageSize(
                width: 2 * margin + widths.reduce(0, +) + gap * (columns - 1),
                height: 2 * margin + header + heights.reduce(0, +) + gap * (rows.count - 1)
            ),
            color: background
        )
        let lefts = widths.indices.map { margin + widths[..<$0].reduce(0, +) + gap * $0 }
        for (title, left) in zip(zip(columnTitles, widths).map(fitted), lefts) {
            canvas.draw(title, x: left, y: margin, color: titleColor, scale: textScale)
        }
        var top = margin + header
        for (row, height) in zip(rows, heights) {
            var y = top
            if !row.title.isEmpty {
                y += titleGap
                canvas.draw(row.title, x: margin, y: y, color: titleColor, scale: textScale)
                y += lineHeight
            }
            for (image, left) in zip(row.images, lefts) { canvas.paste(image.rgb(), x: left, y: y) }
            let captionY = y + (row.images.map(\.height).max() ?? 0) + 4
            for (caption, left) in zip(zip(row.captions, widths).map(lines), lefts) {
                for (number, line) in caption.enumerated() {
                    let y = captionY + number * lineHeight
                    canvas.draw(line, x: left, y: y, color: captionColor, scale: textScale)
                }
            }
            top += height + gap
        }
        return canvas
    }

    /// A text cut to the width of its column.
    private func fitted(_ text: String, to width: Int) -> String {
        String(text.prefix(max(0, width / (BitmapFont.advance * textScale))))
    }

    /// A text in lines of the width of its column, broken between words where that is possible.
    private func lines(_ text: String, width: Int) -> [String] {
        let room = max(1, width / (BitmapFont.advance * textScale))
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
