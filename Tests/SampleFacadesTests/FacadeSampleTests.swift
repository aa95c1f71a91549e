import DatasetKit
import SampleFacades
import Testing

@Suite struct FacadeSampleTests {
    /// Small, because these tests also run unoptimised.
    static let side = 48
    static let samples = (0..<24).map { FacadeSample(seed: 7, number: $0, side: side) }

    @Test func sameSeedAndNumberGiveTheSameBytes() async {
        let again = await withTaskGroup(of: FacadeSample.self) { group in
            for _ in 0..<2 { group.addTask { FacadeSample(seed: 7, number: 3, side: Self.side) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        for sample in again {
            #expect(sample.photo == Self.samples[3].photo)
            #expect(sample.labels == Self.samples[3].labels)
        }
    }

    @Test func numbersAndSeedsGiveDifferentHouses() {
        #expect(Set(Self.samples.map(\.labels.bytes)).count == Self.samples.count)
        #expect(Set(Self.samples.map(\.photo.bytes)).count == Self.samples.count)
        let other = FacadeSample(seed: 8, number: 3, side: Self.side)
        #expect(other.labels != Self.samples[3].labels)
    }

    @Test func bothImagesHaveTheSizeAskedFor() {
        let sample = FacadeSample(seed: 1, number: 0, side: 40)
        let size = ImageSize(width: 40, height: 40)
        #expect(sample.photo.size == size && sample.photo.channels == 3)
        #expect(sample.labels.size == size && sample.labels.channels == 3)
        let both = sample.sideBySide()
        #expect(both.size == ImageSize(width: 80, height: 40))
        #expect(both.cropped(x: 0, y: 0, to: size) == sample.photo)
        #expect(both.cropped(x: 40, y: 0, to: size) == sample.labels)
    }

    @Test func theSameHouseIsDrawnAtEverySize() throws {
        let large = try ClassMap(of: FacadeSample(seed: 7, number: 3, side: 2 * Self.side).labels)
        let small = try ClassMap(of: Self.samples[3].labels)
        var agreeing = 0
        for row in 0..<Self.side {
            for column in 0..<Self.side
            where small[column, row] == large[2 * column, 2 * row] { agreeing += 1 }
        }
        #expect(Double(agreeing) > 0.85 * Double(Self.side * Self.side))
    }

    @Test(arguments: [
        (0, 0, 0, 0), (2, 2, 0, 0), (3, 1, 1, 1), (8, 6, 1, 1), (96, 72, 12, 12), (100, 74, 13, 13),
    ])
    func pairsAreSplit(pairs: Int, train: Int, val: Int, test: Int) {
        let splits = FacadeSample.splits(pairs: pairs)
        #expect(splits == (train, val, test))
    }
}
