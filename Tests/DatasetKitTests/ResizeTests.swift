import DatasetKit
import FoundationEssentials
import TestSupport
import Testing

/// Bit equality with Pillow 12 and 13: see Tests/Fixtures/make_resize_fixtures.py.
@Suite struct ResizeTests {
    struct Golden: Decodable, CustomTestStringConvertible, Sendable {
        var geometry: [Int]
        var filter: ResizeFilter
        var pillow12: UInt32
        var pillow13: UInt32

        var testDescription: String { "\(filter) \(geometry)" }
    }

    static let golden: [Golden] = {
        let path = "\(Places.fixtures)/resize.json"
        guard let bytes = try? FileSystem.contents(of: path),
            let cases = try? JSONDecoder().decode([Golden].self, from: Data(bytes))
        else { return [] }
        return cases
    }()

    @Test func thereAreGoldenValues() {
        #expect(Self.golden.count == 102)
        #expect(Self.golden.contains { $0.pillow12 != $0.pillow13 })
    }

    @Test(arguments: golden)
    func equalsPillow(_ golden: Golden) {
        let source = Noise.image(
            width: golden.geometry[0],
            height: golden.geometry[1],
            channels: golden.geometry[2]
        )
        let size = ImageSize(width: golden.geometry[3], height: golden.geometry[4])
        for (resampler, expected) in [
            (Resampler.pillow12, golden.pillow12), (.pillow13, golden.pillow13),
        ] {
            let result = source.resized(to: size, filter: golden.filter, resampler: resampler)
            #expect(result.size == size)
            let found = unsafe result.bytes.withUnsafeBytes { unsafe Checksum.crc32($0) }
            #expect(found == expected, "\(resampler)")
        }
    }

    @Test func theSameSizeIsACopy() {
        let source = Noise.image(width: 9, height: 5)
        #expect(source.resized(to: source.size) == source)
    }
}
