import CommandKit
import DatasetKit
import Pix2Pix

/// What an evaluation found, as lines of text.
struct EvaluationText {
    private let result: EvaluationResult

    init(_ result: EvaluationResult) {
        self.result = result
    }

    /// The lines.
    var lines: [String] {
        let data = result.data
        let part = data.count == data.splitCount ? "" : " of \(data.splitCount)"
        let head =
            "\(data.dataset), split \(data.split.rawValue): \(data.count)\(part) pairs at "
            + "\(data.size)"
        let names = zip(result.letters, result.models).map { letter, model in
            (result.models.count == 1 ? "" : "\(letter)  ") + "\(model.origin); \(model.manner)"
        }
        let tables = result.comparison.map(compared) ?? summaries
        return [head] + names + [""] + tables + result.models.indices.flatMap(classes)
    }

    /// The measures of one model.
    private var summaries: [String] {
        let head = ["", "mean", "deviation", "median", "lowest", "highest"]
        let model = result.models[0]
        let rows = result.measures.compactMap { measure in
            model.measures[measure].map { found in
                [measure.rawValue]
                    + [found.mean, found.deviation, found.median, found.lowest, found.highest]
                    .map(number)
            }
        }
        let totals = model.totals.map { ["\($0.name), all images", number($0.value)] }
        let gap = totals.isEmpty ? [] : [""]
        return TextTable(rows: [head] + rows).lines + gap + TextTable(rows: totals).lines
    }

    /// The measures of two models side by side.
    private func compared(_ comparison: [Measure: PairedComparison]) -> [String] {
        let head = [
            "", "A", "B", "B - A", "95 % interval", "A better", "B better", "sign test",
        ]
        let (first, second) = (result.models[0], result.models[1])
        let rows = result.measures.compactMap { measure -> [String]? in
            guard let a = first.measures[measure], let b = second.measures[measure],
                let found = comparison[measure]
            else { return nil }
            let interval = found.interval.map { "\(signed($0.low)) to \(signed($0.high))" } ?? ""
            return [
                measure.rawValue, number(a.mean), number(b.mean), signed(found.difference),
                interval,
                "\(found.firstIsBetter)", "\(found.secondIsBetter)",
                "p = \(NumberText.short(found.signTest))",
            ]
        }
        let totals = zip(first.totals, second.totals).map { a, b in
            [
                "\(a.name), all images", number(a.value), number(b.value),
                signed(b.value - a.value), "", "", "", "",
            ]
        }
        return TextTable(rows: [head] + rows + totals).lines
    }

    /// The classes of label maps, by one model.
    private func classes(_ place: Int) -> [String] {
        guard let score = result.models[place].labels else { return [] }
        let all = score.palette.names.indices.map(score.pixels).reduce(0, +)
        let title = result.models.count == 1 ? "class" : "class, \(result.letters[place])"
        let rows = score.palette.names.indices.map { number -> [String] in
            let share = Double(score.pixels(of: number)) / Double(max(1, all))
            let isIgnored = score.palette.ignored.contains(number)
            return [
                score.palette.names[number], isIgnored ? "ignored" : Markup.percent(share),
                score.accuracy(of: number).map(self.number) ?? "-",
                score.intersectionOverUnion(of: number).map(self.number) ?? "-",
            ]
        }
        return [""] + TextTable(rows: [[title, "pixels", "accuracy", "IoU"]] + rows).lines
    }

    private func number(_ value: Double) -> String { Readable.fixed(value, decimals: 4) }

    private func signed(_ value: Double) -> String {
        let text = number(value)
        return text.hasPrefix("-") ? text : "+\(text)"
    }
}
