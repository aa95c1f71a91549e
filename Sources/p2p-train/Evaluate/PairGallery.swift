import CommandKit
import DatasetKit
import Pix2Pix

/// Some pairs with their pictures: input, what each model made, target.
struct PairGallery {
    private let result: EvaluationResult
    private let measure: Measure
    private let pictures: (Int) throws -> Evaluator.Pictures

    /// So many pairs stand in each section.
    static let count = 6
    /// The longer side of a picture in pixels.
    private static let side = 256

    init(
        _ result: EvaluationResult,
        by measure: Measure,
        pictures: @escaping (Int) throws -> Evaluator.Pictures
    ) {
        self.result = result
        self.measure = measure
        self.pictures = pictures
    }

    /// The sections: the best and the worst pairs; of two models those where they differ most.
    ///
    /// - Throws: What making a picture does.
    func html() throws -> String {
        let title = MeasureText.title(measure)
        guard result.models.count == 2 else {
            let ranked = result.ranked(by: measure)
            return try section("best", "Best pairs", "By \(title).", ranked.prefix(Self.count))
                + section("worst", "Worst pairs", "By \(title).", worst(ranked))
        }
        func better(_ model: Int) -> ArraySlice<EvaluationResult.Pair> {
            result.pairs(whereBetter: model, by: measure).prefix(Self.count)
        }
        let worst = self.worst(result.ranked(by: measure))
        return try section("b", "Where B is better by most", "By \(title).", better(1))
            + section("a", "Where A is better by most", "By \(title).", better(0))
            + section("worst", "Worst pairs of A", "By \(title).", worst)
    }

    /// The worst pairs, the worst first.
    private func worst(_ ranked: [EvaluationResult.Pair]) -> ArraySlice<EvaluationResult.Pair> {
        let rest = max(0, ranked.count - Self.count)
        return Array(ranked.reversed()).prefix(min(Self.count, rest == 0 ? ranked.count : rest))
    }

    private func section(
        _ anchor: String,
        _ title: String,
        _ meaning: String,
        _ pairs: some Sequence<EvaluationResult.Pair>
    ) throws -> String {
        let figures = try pairs.map(figure)
        guard !figures.isEmpty else { return "" }
        return """
            <section id="\(anchor)"><h2>\(title)</h2><p class="meaning">\(meaning)</p>
            <div class="gallery">\(figures.joined())</div></section>
            """
    }

    private func figure(_ pair: EvaluationResult.Pair) throws -> String {
        let found = try pictures(pair.number)
        let made = zip(found.made, names).map { ($0, $1) }
        let all = [(found.input, "input")] + made + [(found.target, "target")]
        let cells = try all.map { image, name in
            let small = RunSamples.shrunk(image, toSide: Self.side)
            return "<div>\(try Markup.picture(small, name))<small>\(name)</small></div>"
        }
        return """
            <figure class="shown"><div class="row" style="--n:\(cells.count)">\(cells.joined())</div>
            <figcaption><code>\(Markup.escaped(pair.key))</code> \(values(of: pair))</figcaption>
            </figure>
            """
    }

    private var names: [String] { result.models.count == 1 ? ["made"] : result.letters }

    private func values(of pair: EvaluationResult.Pair) -> String {
        let values = pair.values.map { $0[measure].map(NumberText.short) ?? "" }
        let title = MeasureText.title(measure)
        guard values.count == 2 else { return "<b>\(title) \(values.joined())</b>" }
        return "<b>\(title) <span class=\"c0\">A \(values[0])</span> "
            + "<span class=\"c1\">B \(values[1])</span></b>"
    }

    /// The looks of the sections.
    static let css = """
        .gallery{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,440px),1fr));\
        gap:14px}
        .row{display:grid;grid-template-columns:repeat(var(--n),1fr);gap:6px}
        .row img{display:block;width:100%;height:auto;border-radius:4px;background:var(--line)}
        .row small{color:var(--dim);font-size:12px}
        .shown figcaption{display:flex;flex-wrap:wrap;gap:2px 12px;justify-content:space-between}
        .shown b{font-variant-numeric:tabular-nums}
        .shown span{color:var(--c)}
        """
}
