import SampleFacades
import Testing

@Suite struct LabelTests {
    @Test func theTwelveColoursDiffer() {
        #expect(FacadeClass.allCases.count == 12)
        #expect(Set(FacadeClass.allCases.map(\.color)).count == 12)
    }

    @Test func labelMapsHoldNothingButClasses() throws {
        for sample in FacadeSampleTests.samples { _ = try ClassMap(of: sample.labels) }
    }

    @Test func allClassesOccur() throws {
        var seen: Set<FacadeClass> = []
        for sample in FacadeSampleTests.samples {
            seen.formUnion(try ClassMap(of: sample.labels).classes)
        }
        #expect(seen == Set(FacadeClass.allCases))
    }

    @Test func everyPictureShowsAHouse() throws {
        for (number, sample) in FacadeSampleTests.samples.enumerated() {
            let map = try ClassMap(of: sample.labels)
            #expect(map.share(of: .facade) > 0.1, "sample \(number)")
            #expect(map.share(of: .window) > 0.005, "sample \(number)")
            #expect(map.share(of: .door) + map.share(of: .shop) > 0.002, "sample \(number)")
        }
    }
}
