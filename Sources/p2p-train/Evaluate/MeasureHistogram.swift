import CommandKit

/// How the values of a measure are distributed over the pairs, of one model or two: bars in the looks
/// of ``LineChart``.
struct MeasureHistogram {
    /// The values of one model.
    struct Series {
        /// What the legend says.
        var name: String
        /// One value a pair.
        var values: [Double]
        /// Which of the diagrams' colours it has.
        var color: Int
    }

    /// Stands above it.
    var title: String
    /// What is better, in a few words.
    var note: String
    /// One or two.
    var series: [Series]

    private static let bins = 24

    /// The figure; empty without values.
    var html: String {
        let all = series.flatMap(\.values)
        guard let lowest = all.min(), let highest = all.max() else { return "" }
        let room = lowest == highest ? max(abs(lowest) / 2, 0.5) : 0
        let x = AxisScale(exactly: lowest - room...highest + room, ticks: 5)
        let counts = series.map { self.counts($0.values, x) }
        let most = max(1, counts.flatMap(\.self).max() ?? 1)
        let y = AxisScale(exactly: 0...Double(most), ticks: 3, wholeNumbers: true)
        let bars = zip(series, counts).map { self.bars($1, $0.color, y) }
        let means = series.map { series in
            let place = number(1000 * x.place(of: MeasureText.mean(series.values)))
            return "<path class=\"dashed c\(series.color)\" d=\"M\(place) 0V1000\"/>"
        }
        return """
            <figure class="chart histogram"><figcaption><b>\(Markup.escaped(title))</b> \
            <small>\(Markup.escaped(note))</small></figcaption>
            <ul class="legend">\(series.map(legend).joined())</ul>
            <div class="plot" role="img" aria-label="\(Markup.escaped(spoken))">
            <svg viewBox="0 0 1000 1000" preserveAspectRatio="none">\
            \(y.ticks.map { "<path class=\"grid\" d=\"M0 \(height($0.value, y))H1000\"/>" }.joined())\
            \(bars.joined())\(means.joined())</svg>
            \(y.labels("y", from: "bottom"))\
            \(x.labels("x", from: "left"))
            </div></figure>
            """
    }

    /// How many values lie in each of the bins.
    private func counts(_ values: [Double], _ x: AxisScale) -> [Int] {
        var counts = [Int](repeating: 0, count: Self.bins)
        for value in values {
            counts[min(Self.bins - 1, max(0, Int(x.place(of: value) * Double(Self.bins))))] += 1
        }
        return counts
    }

    private func bars(_ counts: [Int], _ color: Int, _ y: AxisScale) -> String {
        let width = 1000 / Double(Self.bins)
        let bars = counts.enumerated().filter { $0.element > 0 }.map { place, count in
            let top = 1000 - 1000 * y.place(of: Double(count))
            return """
                <rect class="c\(color)" x="\(number(Double(place) * width + 1))" y="\(number(top))" \
                width="\(number(width - 2))" height="\(number(1000 - top))">\
                <title>\(count)</title></rect>
                """
        }
        return bars.joined()
    }

    private func legend(_ series: Series) -> String {
        let mean = MeasureText.mean(series.values)
        return """
            <li class="c\(series.color)"><i></i>\(Markup.escaped(series.name)) mean \
            <b>\(NumberText.short(mean))</b></li>
            """
    }

    private var spoken: String {
        let means = series.map {
            "\($0.name) mean \(NumberText.short(MeasureText.mean($0.values)))"
        }
        return "distribution of \(title): \(means.joined(separator: ", "))"
    }

    private func height(_ value: Double, _ y: AxisScale) -> String {
        number(1000 - 1000 * y.place(of: value))
    }

    private func number(_ value: Double) -> String { Readable.fixed(value, decimals: 1) }

    /// What a page with such diagrams has in its style sheet, after that of ``LineChart``.
    static let css = """
        .histogram .plot{cursor:default;height:150px}
        .histogram rect{fill:var(--c);opacity:.5}
        .histogram rect:hover{opacity:.85}
        """
}
