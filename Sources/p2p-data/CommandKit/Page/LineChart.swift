import DatasetKit

/// Curves over one axis as a figure of HTML: lines in SVG, which stretch with the page, and numbers in
/// text, which does not.
///
/// The last values stand in the legend; with ``LineChart/script`` those under the pointer do.
public struct LineChart {
    /// One curve.
    public struct Series {
        /// How a curve looks.
        public enum Style: String {
            /// What the diagram is about.
            case strong
            /// A value to compare with.
            case dashed
            /// Stands behind a strong curve of the same colour, without a place in the legend.
            case faint
        }

        /// A point of a curve.
        public struct Point {
            /// The place on the axis.
            public var x: Double
            /// The value.
            public var y: Double

            /// Creates a point.
            public init(x: Double, y: Double) {
                self.x = x
                self.y = y
            }
        }

        /// What the legend says.
        public var name: String
        /// The points, from the left; those that are not finite are left out.
        public var points: [Point]
        /// Which of the six colours it has.
        public var color: Int
        /// How it looks.
        public var style: Style

        /// Creates a curve.
        public init(name: String, points: [Point], color: Int, style: Style = .strong) {
            self.name = name
            self.points = points.filter { $0.x.isFinite && $0.y.isFinite }
            self.color = color
            self.style = style
        }
    }

    /// Stands above it.
    public var title: String
    /// What it shows, in a few words.
    public var note: String
    /// What is counted along the axis, such as `epoch`.
    public var unit: String
    /// The ends of the axis.
    public var range: ClosedRange<Double>
    /// What is added to the places of points to name them: 0.5 for means over the unit before.
    public var labelOffset: Double
    /// The curves, from the back.
    public var series: [Series]

    /// Creates a diagram.
    public init(
        title: String,
        note: String = "",
        unit: String,
        range: ClosedRange<Double>,
        labelOffset: Double = 0,
        series: [Series]
    ) {
        self.title = title
        self.note = note
        self.unit = unit
        self.range = range
        self.labelOffset = labelOffset
        self.series = series
    }

    /// The figure; empty where there is no point.
    public var html: String {
        let shown = series.filter { !$0.points.isEmpty }
        guard !shown.isEmpty else { return "" }
        let x = AxisScale(exactly: range, ticks: 6, wholeNumbers: true)
        let y = AxisScale(around: values(shown), ticks: 4)
        let notes = [note, y.isLogarithmic ? "logarithmic" : ""].filter { !$0.isEmpty }
        return """
            <figure class="chart" data-low="\(number(range.lowerBound))" \
            data-high="\(number(range.upperBound))" data-offset="\(number(labelOffset))" \
            data-unit="\(Markup.escaped(unit))">
            <figcaption><b>\(Markup.escaped(title))</b> \
            <small>\(Markup.escaped(notes.joined(separator: "; ")))</small>\
            <output>\(place(shown))</output></figcaption>
            <ul class="legend">\(shown.map(legend).joined())</ul>
            <div class="plot" role="img" aria-label="\(Markup.escaped(spoken(shown)))">
            <svg viewBox="0 0 1000 1000" preserveAspectRatio="none" aria-hidden="true">\
            \(y.ticks.map { grid(y.place(of: $0.value)) }.joined())\
            \(shown.map { curve($0, x, y) }.joined())</svg>
            \(y.labels("y", from: "bottom"))\
            \(x.labels("x", from: "left"))\
            <i class="mark" hidden></i><i class="cursor" hidden></i>
            </div></figure>
            """
    }

    /// What the axis has to have room for: of faint curves without the wildest of their points.
    private func values(_ shown: [Series]) -> [Double] {
        let areAllFaint = shown.allSatisfy { $0.style == .faint }
        return shown.flatMap { series in
            let values = series.points.map(\.y)
            guard series.style == .faint, !areAllFaint, values.count > 50 else { return values }
            return Array(values.sorted().dropFirst(values.count / 50).dropLast(values.count / 50))
        }
    }

    private func curve(_ series: Series, _ x: AxisScale, _ y: AxisScale) -> String {
        let places = series.points.map { point in
            let (left, bottom) = (x.place(of: point.x), y.place(of: point.y))
            return number(1000 * left, 1) + " " + number(1000 - 1000 * max(0, min(1, bottom)), 1)
        }
        let color = "c\(series.color % 6)"
        let line = "M\(places.joined(separator: "L"))"
        let path = "<path class=\"\(series.style.rawValue) \(color)\" d=\"\(line)\"/>"
        guard series.points.count == 1 || series.style == .strong && series.points.count <= 40
        else { return path }
        // A line without length is a dot: its ends are round, however the picture is stretched.
        let dots = places.map { "M\($0)h0" }.joined()
        let size = places.count == 1 ? "dot" : "dots"
        return "\(places.count == 1 ? "" : path)<path class=\"\(size) \(color)\" d=\"\(dots)\"/>"
    }

    private func legend(_ series: Series) -> String {
        guard series.style != .faint else { return "" }
        func list(_ values: [Double]) -> String {
            values.map(NumberText.short).joined(separator: " ")
        }
        let last = series.points.last.map { NumberText.short($0.y) } ?? ""
        return """
            <li class="\(series.style.rawValue) c\(series.color % 6)" \
            data-x="\(series.points.map { number($0.x, 4) }.joined(separator: " "))" \
            data-y="\(list(series.points.map(\.y)))">\
            <i></i>\(Markup.escaped(series.name)) <b>\(last)</b></li>
            """
    }

    /// The place of the last point.
    private func place(_ shown: [Series]) -> String {
        let last = shown.first { $0.style != .faint }?.points.last
        guard let last else { return "" }
        return "\(Markup.escaped(unit)) \(NumberText.short(last.x + labelOffset))"
    }

    private func spoken(_ shown: [Series]) -> String {
        let ends = shown.filter { $0.style != .faint }.compactMap { series -> String? in
            guard let first = series.points.first, let last = series.points.last else { return nil }
            return "\(series.name) from \(NumberText.short(first.y)) to \(NumberText.short(last.y))"
        }
        return "\(title): \(ends.joined(separator: ", "))"
    }

    private func grid(_ place: Double) -> String {
        let y = number(1000 - 1000 * place, 1)
        return "<path class=\"grid\" d=\"M0 \(y)H1000\"/>"
    }

    private func number(_ value: Double, _ decimals: Int = 3) -> String {
        Readable.fixed(value, decimals: decimals)
    }
}
