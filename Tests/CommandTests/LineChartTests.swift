import CommandKit
import Foundation
import TestSupport
import Testing

/// Diagrams of a page: axes with round numbers, and curves whatever the values are.
@Suite struct LineChartTests {
    private func labels(_ values: [Double], ticks: Int = 4) -> [String] {
        AxisScale(around: values, ticks: ticks).ticks.map(\.label)
    }

    @Test func axesHaveRoundNumbersFromEndToEnd() {
        #expect(labels([8, 40]) == ["0", "10", "20", "30", "40"])
        #expect(labels([0.3014, 0.396]) == ["0.30", "0.35", "0.40"])
        #expect(labels([24, 43]) == ["20", "25", "30", "35", "40", "45"])
        #expect(labels([-3, 5]) == ["-4", "-2", "0", "2", "4", "6"])
        #expect(labels([1200, 1400]) == ["1200", "1250", "1300", "1350", "1400"])
        #expect(AxisScale(exactly: 0...200, ticks: 6).ticks.map(\.label).first == "0")
        let epochs = AxisScale(exactly: 0...2, ticks: 6, wholeNumbers: true)
        #expect(epochs.ticks.map(\.label) == ["0", "1", "2"])
    }

    @Test func allValuesLieOnTheirAxis() {
        var random = SmallRandom(state: 11)
        for number in 0..<500 {
            let scale = pow(10, Double(random.below(40) - 20))
            let values = (0...number % 7).map { _ in Double(random.below(2000) - 700) * scale }
            let axis = AxisScale(around: values, ticks: 4)
            for value in values {
                #expect((-1e-6...1 + 1e-6).contains(axis.place(of: value)), "\(values)")
            }
            #expect((2...12).contains(axis.ticks.count), "\(values): \(axis.ticks)")
        }
    }

    @Test func oneValueAndNoneHaveAnAxis() {
        for values in [[], [0], [5], [-5], [3, 3, 3], [1e-300], [1e300]] as [[Double]] {
            let axis = AxisScale(around: values, ticks: 4)
            #expect(axis.range.lowerBound < axis.range.upperBound, "\(values)")
            #expect(!axis.ticks.isEmpty, "\(values)")
        }
    }

    @Test func aFewHugeValuesMakeItLogarithmic() {
        let axis = AxisScale(around: [0.5, 0.6, 0.7, 0.8, 900], ticks: 4)
        #expect(axis.isLogarithmic)
        #expect(axis.ticks.map(\.label) == ["0.1", "1", "10", "100", "1000"])
        #expect(abs(axis.place(of: 10) - 0.5) < 1e-9)
        #expect(!AxisScale(around: [-1, 0.6, 0.7, 0.8, 900], ticks: 4).isLogarithmic)
    }

    @Test func numbersAreShort() {
        for (value, text) in [
            (0, "0"), (0.69314, "0.6931"), (31.0789, "31.08"), (200, "200"), (12345, "12.3k"),
            (50000, "50k"), (54_413_955, "54.4M"), (-0.5, "-0.5"), (0.00012345, "0.000123"),
            (3.14e-7, "3.1e-7"), (2e15, "2e15"), (.infinity, "inf"),
        ] as [(Double, String)] {
            #expect(NumberText.short(value) == text)
        }
    }

    private func chart(_ series: [LineChart.Series]) -> String {
        LineChart(title: "a<b>", unit: "epoch", range: 0...10, series: series).html
    }

    private func points(_ values: [Double]) -> [LineChart.Series.Point] {
        values.enumerated().map { LineChart.Series.Point(x: Double($0.offset), y: $0.element) }
    }

    @Test func curvesAreDrawnAndNamed() {
        let html = chart([
            LineChart.Series(name: "f", points: points([1, 2, 3]), color: 0, style: .faint),
            LineChart.Series(name: "<x>", points: points([0.5, .nan, 2.25]), color: 0),
            LineChart.Series(name: "t", points: points([1]), color: 1, style: .dashed),
        ])
        #expect(html.contains("<b>a&lt;b&gt;</b>") && html.contains("&lt;x&gt; <b>2.25</b>"))
        #expect(!html.contains("<x>"))
        // What is no number is left out; the faint curve has no place in the legend.
        #expect(html.contains("data-x=\"0.0000 2.0000\" data-y=\"0.5 2.25\""))
        #expect(html.components(separatedBy: "<li ").count == 3)
        #expect(html.contains("<output>epoch 2</output>"))
        #expect(!html.lowercased().contains("nan"))
        #expect(chart([]).isEmpty)
        #expect(chart([LineChart.Series(name: "n", points: points([.nan]), color: 0)]).isEmpty)
    }
}
