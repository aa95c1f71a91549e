import DatasetKit
import FoundationEssentials
import Pix2Pix
import TestSupport
import Testing

/// What `make_evaluation_fixtures.py` wrote.
private struct EvaluationFixture: Decodable {
    struct Labels: Decodable {
        var classes: Int
        var ignored: [Int]
        var present: [Int]
        var confusion: [[Int]]
        var pixelAccuracy: Double
        var accuracy: [Double]
        var IoU: [Double]
        var classAccuracy: Double
        var meanIoU: Double
    }
    struct Comparison: Decodable {
        var images: Int
        var shift: Int
        var difference: Double
        var low: Double
        var high: Double
        var firstIsBetter: Int
        var secondIsBetter: Int
        var signTest: Double
    }

    var labels: [Labels]
    var comparisons: [Comparison]

    static func read() throws -> Self {
        let bytes = try FileSystem.contents(of: "\(Places.fixtures)/evaluation.json")
        return try JSONDecoder().decode(Self.self, from: Data(bytes))
    }
}

@Suite("Scores of label maps and paired comparisons")
struct EvaluationScoreTests {
    private func palette(_ classes: Int, ignoring: [Int] = []) throws -> LabelPalette {
        try LabelPalette(
            colors: (0..<classes).map { UInt32($0) * 0x01_0101 },
            kind: .indices,
            ignoring: ignoring.map(String.init)
        )
    }

    @Test("Confusion, accuracy and IoU are scikit-learn's")
    func labels() throws {
        let fixtures = try EvaluationFixture.read().labels
        #expect(fixtures.count == 4)
        for expected in fixtures {
            let (count, classes) = (2000, expected.classes)
            let target = Noise.bytes(count, seed: 7).map { byte in
                let label = Int(byte) * classes / 256
                return UInt8(classes > 2 && label == classes - 2 ? 1 : label)
            }
            let chance = Noise.bytes(count, seed: 11)
            let other = Noise.bytes(count, seed: 13)
            let made = target.indices.map { place in
                chance[place] < 150 ? target[place] : UInt8(Int(other[place]) * classes / 256)
            }
            var score = LabelMapScore(try palette(classes, ignoring: expected.ignored))
            // In two parts, as of two images.
            score.add(Array(made[..<700]), against: Array(target[..<700]))
            score.add(Array(made[700...]), against: Array(target[700...]))
            #expect(score.confusion == expected.confusion)
            func isNear(_ found: Double?, _ wanted: Double) -> Bool {
                abs((found ?? .infinity) - wanted) < 1e-12
            }
            #expect(isNear(score.pixelAccuracy, expected.pixelAccuracy))
            #expect(isNear(score.classAccuracy, expected.classAccuracy))
            #expect(isNear(score.meanIoU, expected.meanIoU))
            for number in 0..<classes {
                guard let place = expected.present.firstIndex(of: number) else {
                    #expect(score.accuracy(of: number) == nil)
                    #expect(score.intersectionOverUnion(of: number) == nil)
                    continue
                }
                #expect(isNear(score.accuracy(of: number), expected.accuracy[place]))
                #expect(isNear(score.intersectionOverUnion(of: number), expected.IoU[place]))
            }
        }
        #expect(LabelMapScore(try palette(2)).meanIoU == nil, "of no pixels")
    }

    @Test("Intervals and sign tests are SciPy's")
    func comparisons() throws {
        for expected in try EvaluationFixture.read().comparisons {
            let first = Noise.bytes(expected.images, seed: 3).map { Double($0) / 256 }
            let second = Noise.bytes(expected.images, seed: 5).map {
                Double(Int($0) + expected.shift) / 256
            }
            let found = try #require(PairedComparison(first, second, by: .ssim))
            #expect(abs(found.difference - expected.difference) < 1e-12)
            let interval = try #require(found.interval)
            // Student's quantile is approximate for very few images.
            let room = (expected.high - expected.low) * (expected.images < 5 ? 0.01 : 0.001)
            #expect(abs(interval.low - expected.low) < room)
            #expect(abs(interval.high - expected.high) < room)
            #expect(found.firstIsBetter == expected.firstIsBetter)
            #expect(found.secondIsBetter == expected.secondIsBetter)
            #expect(abs(found.signTest - expected.signTest) < 1e-9)
            // Of a distance, less is better.
            let distance = try #require(PairedComparison(first, second, by: .l1))
            #expect(distance.firstIsBetter == expected.secondIsBetter)
        }
        let equal = try #require(PairedComparison([1, 2], [1, 2], by: .l1))
        #expect(equal.interval == nil && equal.signTest == 1)
        #expect(PairedComparison([], [], by: .l1) == nil)
    }

    @Test("A pixel has the class of the nearest colour")
    func nearest() throws {
        let colors: [UInt32] = [0xff0000, 0x0000aa, 0x00ff00]
        let palette = try LabelPalette(colors: colors, kind: .colors, ignoring: ["#0203A8"])
        #expect(palette.names == ["#ff0000", "#0000aa", "#00ff00"])
        #expect(palette.ignored == [1], "JPEG moves colours: a near one is meant")
        let pixels: [UInt8] = [250, 3, 0, 0, 0, 255, 90, 140, 0, 90, 140, 0, 0, 0, 0]
        let image = Image(size: ImageSize(width: 5, height: 1), channels: 3, bytes: pixels)
        #expect(palette.classes(of: image) == [0, 1, 2, 2, 1])

        let numbers = try LabelPalette(colors: [0x090909, 0, 0x030303], kind: .indices)
        #expect(numbers.names == ["0", "3", "9"])
        let levels = Image(
            size: ImageSize(width: 4, height: 1),
            channels: 1,
            bytes: [0, 2, 5, 200]
        )
        #expect(numbers.classes(of: levels) == [0, 1, 1, 2])
        for (text, kind) in [
            ("#444444", LabelPalette.Kind.colors), ("8", .indices), ("void", .colors),
        ] {
            let error = #expect(throws: TrainingError.self) {
                _ = try LabelPalette(colors: colors, kind: kind, ignoring: [text])
            }
            #expect(error?.code == .impossibleSettings)
            #expect(error?.message.hasSuffix("found \(text)") == true)
        }
    }

    @Test("Distributions")
    func summaries() throws {
        let found = try #require(MeasureSummary([4, 1, 3, 2]))
        #expect(found.mean == 2.5 && found.median == 2.5 && found.lowest == 1 && found.highest == 4)
        #expect(abs(found.deviation - 1.2909944487358056) < 1e-15, "numpy's std with ddof=1")
        #expect(MeasureSummary([7])?.deviation == 0)
        #expect(MeasureSummary([]) == nil)
    }
}
