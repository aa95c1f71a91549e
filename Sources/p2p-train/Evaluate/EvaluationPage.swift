import CommandKit
import DatasetKit
import Pix2Pix

/// An evaluation as one HTML file: figures, diagrams and pictures are in it, nothing is fetched.
struct EvaluationPage {
    /// The whole page.
    let html: String

    /// Makes the page.
    ///
    /// - Parameters:
    ///   - result: What was found.
    ///   - measure: What pairs are ranked by.
    ///   - pictures: Gives the pictures of a pair by its number in the split.
    /// - Throws: What making a picture does.
    init(
        _ result: EvaluationResult,
        sortedBy measure: Measure,
        pictures: @escaping (Int) throws -> Evaluator.Pictures
    ) throws {
        let name = "\(result.data.dataset), \(result.data.split.rawValue)"
        let summary = EvaluationSummary(result)
        html = Markup.page(
            title: "\(name): evaluation",
            style: PageStyle.css + LineChart.css + MeasureHistogram.css + PairGallery.css
                + LabelPanels.css + EvaluationSummary.css,
            body: """
                \(summary.header)
                \(summary.cards)
                \(summary.notes)
                \(summary.table)
                \(Self.charts(result))
                \(try PairGallery(result, by: measure, pictures: pictures).html())
                \(LabelPanels(result).html)
                \(summary.settings)
                \(summary.everyPair)
                <footer>p2p \(Version.current)</footer>
                """
        )
    }

    private static func charts(_ result: EvaluationResult) -> String {
        func values(_ measure: Measure, _ place: Int) -> [Double] {
            result.pairs.compactMap { $0.values[place][measure] }
        }
        let names = result.models.count == 1 ? [""] : result.letters
        let charts = result.measures.map { measure in
            MeasureHistogram(
                title: MeasureText.title(measure),
                note: MeasureText.note(measure),
                series: names.enumerated().map { place, name in
                    MeasureHistogram.Series(
                        name: name,
                        values: values(measure, place),
                        color: place
                    )
                }
            ).html
        }
        return """
            <section id="distributions"><h2>Distributions</h2>
            <p class="meaning">How many pairs have which value; dashed, the mean.</p>
            <div class="charts">\(charts.joined())</div></section>
            """
    }
}
