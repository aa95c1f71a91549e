import DatasetKit
import Foundation
import TestSupport
import Testing

/// Planted faults are found, and nothing else.
@Suite struct InspectTests {
    /// The findings in a form to compare: kind, side, names.
    private func found(_ report: InspectionReport) -> [String] {
        report.findings.map { finding in
            let names = finding.members.map(\.key).joined(separator: " ")
            return "\(finding.kind.rawValue) \(finding.side.rawValue) \(names)"
        }
    }

    @Test func cleanPairsHaveNoFindings() throws {
        let report = SceneSource().report()
        #expect(found(report).isEmpty, "\(report.findings)")
        #expect(report.notes.isEmpty)
        #expect(report.pairs == 32)
        #expect(report.splits == [.train: 24, .val: 8])
        #expect(report.registration.isReliable)
        #expect(report.registration.mode?.x == 0)
        #expect(report.registration.mode?.y == 0)
        #expect(report.input.labelMap == nil)
        let map = try #require(report.target.labelMap)
        #expect(map.isClean)
        #expect(map.count == 6)
        #expect(map.colors[0].color == "#0000aa")
        #expect(abs(map.colors.reduce(0) { $0 + $1.share } - 1) < 1e-9)
        #expect(report.target.sizes.map(\.count) == [32])
        #expect(report.target.sampleTypes == ["U8": 32])
        #expect(report.target.channels == ["3": 32])
        #expect(report.target.range == [0, 255])
        #expect(report.input.brightness.histogram.reduce(0, +) == 32)
    }

    @Test func aPairInTwoSplitsIsALeak() throws {
        var source = SceneSource()
        source.pairs[3] = source.pairs[0]
        let report = source.report()
        #expect(found(report) == ["leak both scene0 scene3"])
        #expect(report.findings[0].isExact == true)
        #expect(report.leaks.count == 1)
    }

    @Test func aLeakByEitherSideIsFound() throws {
        var source = SceneSource()
        source.pairs[3].input = source.pairs[0].input
        source.pairs[7].target = source.pairs[4].target
        let kinds = found(source.report())
        #expect(
            kinds == [
                "leak input scene0 scene3", "leak target scene4 scene7",
                "contradiction input scene0 scene3",
            ]
        )
    }

    @Test func encodedAgainOrMirroredIsStillTheSame() throws {
        var source = SceneSource()
        source.pairs[3].input = try source.pairs[0].input.asJPEG(quality: 40)
        source.pairs[7].input = source.pairs[4].input.mirrored
        source.pairs[7].target = source.pairs[4].target.mirrored
        source.pairs[11].input = source.pairs[8].input.remapped { ($0, Scene.side - 1 - $1) }
        source.pairs[15].input = source.pairs[12].input.mapped { UInt8(min(255, Int($0) + 12)) }
        let report = source.report()
        let leaks = report.leaks
        #expect(
            leaks.map { $0.members.map(\.key) } == [
                ["scene0", "scene3"], ["scene4", "scene7"], ["scene8", "scene11"],
                ["scene12", "scene15"],
            ]
        )
        #expect(leaks.map(\.side) == [.input, .both, .input, .input])
        #expect(leaks.map(\.flip) == [nil, .horizontal, .vertical, nil])
        #expect(leaks.allSatisfy { $0.isExact == false })
        // The mirrored input has a target of its own on purpose: no contradiction.
        #expect(report.findings.count { $0.kind == .contradiction } == 2)
    }

    @Test func groupsMustStayTogether() {
        var source = SceneSource()
        for place in [1, 2, 3] { source.items[place].group = "house" }
        source.items[5].group = "tower"
        let report = source.report()
        #expect(found(report) == ["leak both scene1 scene2 scene3"])
        #expect(report.findings[0].detail == "the group house is in train and val")
        #expect(report.findings[0].group == "house")
    }

    @Test func duplicatesInOneSplitAreNoLeak() {
        var source = SceneSource()
        source.pairs[1] = source.pairs[0]
        source.pairs[2] = source.pairs[0]
        let report = source.report()
        #expect(found(report) == ["duplicate both scene0 scene1 scene2"])
        #expect(report.leaks.isEmpty)
    }

    @Test func swappedSidesAreFound() {
        var source = SceneSource()
        for place in [5, 20] {
            let pair = source.pairs[place]
            source.pairs[place] = ImagePair(input: pair.target, target: pair.input)
        }
        let report = source.report()
        let swapped = report.findings.filter { $0.kind == .swappedSides }
        #expect(swapped.map { $0.members[0].key } == ["scene5", "scene20"])
    }

    @Test func anInputThatIsTheTargetTeachesNothing() throws {
        var source = SceneSource()
        source.pairs[5].target = source.pairs[5].input
        source.pairs[6].target = try source.pairs[6].input.asJPEG(quality: 92)
        let same = source.report().findings.filter { $0.kind == .inputEqualsTarget }
        #expect(same.map { $0.members[0].key } == ["scene5", "scene6"])
        #expect(same.map(\.isExact) == [true, false])
    }

    @Test func oneInputWithTwoTargetsContradictsItself() throws {
        var source = SceneSource()
        source.pairs[1].input = source.pairs[0].input
        source.pairs[4].input = try source.pairs[2].input.asJPEG(quality: 60)
        #expect(
            found(source.report()) == [
                "contradiction input scene0 scene1", "contradiction input scene2 scene4",
            ]
        )
    }

    @Test func imagesOfOneColorAreFoundAndAreNoDuplicates() {
        var source = SceneSource()
        let size = ImageSize(width: Scene.side, height: Scene.side)
        for place in [2, 3, 9] {
            source.pairs[place].target = Image(size: size, color: [0, 0, 170])
        }
        #expect(
            found(source.report()) == [
                "near-constant target scene2", "near-constant target scene3",
                "near-constant target scene9",
            ]
        )
    }

    @Test func blurredDarkAndBrightImagesAreFound() {
        var source = SceneSource()
        source.pairs[4].input = source.pairs[4].input.blurred(by: 4)
        source.pairs[10].input = source.pairs[10].input.mapped { $0 / 6 }
        source.pairs[13].input = source.pairs[13].input.mapped { 226 + $0 / 9 }
        #expect(
            found(source.report()) == [
                "dark input scene10", "bright input scene13", "blurry input scene4",
            ]
        )
    }

    @Test func aTargetBesideItsInputIsFound() {
        var source = SceneSource()
        source.pairs[6].target = source.pairs[6].target.remapped { ($0 - 3, $1) }
        source.pairs[12].target = source.pairs[12].target.remapped { ($0, $1 + 2) }
        source.pairs[17].target = source.pairs[17].target.remapped { ($0 + 1, $1) }
        let report = source.report()
        #expect(
            found(report) == ["misregistered both scene6", "misregistered both scene12"]
        )
        #expect(abs((report.findings.first?.value ?? 0) - 3) < 0.3)
        #expect(report.findings.first?.detail.contains("3 pixels right") == true)
        #expect(report.findings.last?.detail.contains("2 pixels up") == true)
        #expect(report.registration.shifts.contains { $0.x == 3 && $0.y == 0 && $0.count == 1 })
    }

    @Test func aSetThatIsShiftedAsAWholeSaysSo() {
        var source = SceneSource()
        for place in source.pairs.indices {
            source.pairs[place].target = source.pairs[place].target.remapped { ($0 - 4, $1) }
        }
        let report = source.report()
        #expect(report.registration.mode?.x == 4)
        #expect(report.findings.isEmpty)
        #expect(report.notes == ["In most pairs the target lies 4 pixels right of the input."])
    }

    @Test func labelMapsWithNewColorsAreFound() throws {
        var source = SceneSource()
        source.pairs[8].target = try source.pairs[8].target.asJPEG(quality: 80)
        #expect(found(source.report()) == ["new-colors target scene8"])
        // If all are like that, the set says so, once.
        for place in source.pairs.indices where place != 8 {
            source.pairs[place].target = try source.pairs[place].target.asJPEG(quality: 95)
        }
        let report = source.report()
        let map = try #require(report.target.labelMap)
        #expect(!map.isClean)
        #expect(map.count == 6)
        #expect(map.distinctColors > 100)
        #expect(report.findings.isEmpty, "\(found(report))")
        #expect(report.notes.count == 1)
        #expect(report.notes.first?.hasPrefix("Targets are label maps of 6 colours") == true)
    }

    @Test func oddSizesAndShapesAreFound() {
        var source = SceneSource()
        source.pairs[3].input = source.pairs[3].input.resized(
            to: ImageSize(width: 96, height: 24)
        )
        source.pairs[5].input = source.pairs[5].input.resized(
            to: ImageSize(width: 300, height: 300)
        )
        let report = source.report()
        let sizes = found(report).filter { $0.hasPrefix("odd-") }
        #expect(
            sizes == ["odd-size input scene3", "odd-size input scene5", "odd-aspect input scene3"]
        )
        #expect(report.input.sizes.count == 3)
    }

    @Test func deepAndGreyImagesGoThroughTheSameCode() {
        var source = SceneSource()
        for place in source.pairs.indices {
            let gray = source.pairs[place].input.gray()
            source.pairs[place].input = Image(
                size: gray.size,
                channels: 1,
                sampleType: .u16,
                bytes: gray.bytes.flatMap { [$0, $0] }
            )
        }
        source.pairs[3].input = source.pairs[0].input
        let report = source.report()
        #expect(report.leaks.map(\.side) == [.input])
        #expect(report.input.sampleTypes == ["U16": 32])
        #expect(report.input.range[1] > 20000)
    }

    @Test func aReportSurvivesJSON() throws {
        var source = SceneSource()
        source.pairs[3] = source.pairs[0]
        source.losses = [DatasetError(.corrupt, "cut short", path: "a.png")]
        let report = source.report()
        let data = try JSONText.pretty(report)
        let read = try JSONDecoder().decode(InspectionReport.self, from: data)
        #expect(try JSONText.pretty(read) == data)
        #expect(read.losses.map(\.path) == ["a.png"])
        #expect(read.losses.map(\.message) == ["cut short"])
        let text = String(decoding: data, as: UTF8.self)
        #expect(text.contains(#""format" : "p2p-inspection""#))
    }

    @Test func theNumberOfThreadsDoesNotMatter() throws {
        var source = SceneSource(20)
        source.pairs[3] = source.pairs[0]
        let one = Inspector(source, jobs: 1).inspect { _, _ in }
        let four = Inspector(source, jobs: 4).inspect { _, _ in }
        #expect(try JSONText.pretty(one) == JSONText.pretty(four))
        let few = Inspector(source, jobs: 1, limit: 3).inspect { _, _ in }
        #expect(few.pairs == 3)
        #expect(few.leaks.isEmpty)
    }

    @Test(.enabled(if: Places.shared != nil, "the real facades are not here"))
    func realFacadesRaiseNoFalseAlarm() throws {
        let shared = try #require(Places.shared)
        let recipe = try Recipe(
            JSONValue.parse(
                Data(
                    #"{"source": {"path": "\#(shared)/data/facades/val", "input": "right"}, "split": {"from": "none"}}"#
                        .utf8
                ),
                path: "",
                code: .invalidRecipe
            ),
            file: "recipe.json"
        )
        let facades = try RecipeInspectionSource(recipe, jobs: 2) { _, _ in }
        var source = try SceneSource(facades, limit: 100)
        let clean = source.report()
        #expect(found(clean).isEmpty, "\(found(clean))")
        #expect(clean.input.labelMap?.isClean == false)
        #expect(clean.target.labelMap == nil)

        source.pairs[3].target = try source.pairs[0].target.asJPEG(quality: 50)
        source.pairs[7] = ImagePair(
            input: source.pairs[4].input.mirrored,
            target: source.pairs[4].target.mirrored
        )
        source.pairs[50] = ImagePair(input: source.pairs[50].target, target: source.pairs[50].input)
        source.pairs[60].target = source.pairs[60].target.blurred(by: 4)
        source.pairs[70].target = source.pairs[70].target.mapped { $0 / 8 }
        let keys = source.items.map(\.key)
        #expect(
            found(source.report()) == [
                "leak both \(keys[4]) \(keys[7])", "leak target \(keys[0]) \(keys[3])",
                "swapped-sides both \(keys[50])", "dark target \(keys[70])",
                "blurry target \(keys[60])",
            ]
        )
    }
}
