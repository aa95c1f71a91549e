import DatasetKit
import Foundation
import TestSupport
import Testing

/// The building blocks of an inspection, against plain versions of themselves.
@Suite struct InspectKernelTests {
    private func numbers(_ count: Int, seed: UInt32) -> [Double] {
        Noise.bytes(count, seed: seed).map { Double($0) / 255 - 0.5 }
    }

    @Test(arguments: [(1, 1), (2, 8), (8, 4), (16, 16)])
    func theTransformIsThatOfTheDefinition(width: Int, height: Int) {
        let oldReal = numbers(width * height, seed: 1)
        let oldImaginary = numbers(width * height, seed: 2)
        var real = oldReal
        var imaginary = oldImaginary
        let transform = FourierTransform(width: width, height: height)
        transform.transform(real: &real, imaginary: &imaginary)
        for v in 0..<height {
            for u in 0..<width {
                var sum = (real: 0.0, imaginary: 0.0)
                for y in 0..<height {
                    for x in 0..<width {
                        let turn = Double(u * x) / Double(width) + Double(v * y) / Double(height)
                        let (cosine, sine) = (cos(-2 * .pi * turn), sin(-2 * .pi * turn))
                        let place = y * width + x
                        sum.real += oldReal[place] * cosine - oldImaginary[place] * sine
                        sum.imaginary += oldReal[place] * sine + oldImaginary[place] * cosine
                    }
                }
                #expect(abs(real[v * width + u] - sum.real) < 1e-10)
                #expect(abs(imaginary[v * width + u] - sum.imaginary) < 1e-10)
            }
        }
        transform.inverse(real: &real, imaginary: &imaginary)
        #expect(zip(real, oldReal).allSatisfy { abs($0 - $1) < 1e-12 })
        #expect(zip(imaginary, oldImaginary).allSatisfy { abs($0 - $1) < 1e-12 })
    }

    /// pHash as imagehash writes it down: every frequency by its double sum.
    private func plainHash(_ luma: [Float]) -> UInt64 {
        var frequencies: [Double] = []
        for v in 0..<8 {
            for u in 0..<8 {
                var sum = 0.0
                for y in 0..<32 {
                    for x in 0..<32 {
                        sum +=
                            Double(luma[y * 32 + x]) * cos(.pi * Double((2 * x + 1) * u) / 64)
                            * cos(.pi * Double((2 * y + 1) * v) / 64)
                    }
                }
                frequencies.append(sum)
            }
        }
        let sorted = frequencies.sorted()
        let median = (sorted[31] + sorted[32]) / 2
        return frequencies.reduce(0) { $0 << 1 | ($1 > median ? 1 : 0) }
    }

    @Test(arguments: 1...5)
    func theHashIsThatOfTheDefinition(seed: UInt32) {
        let luma = Noise.bytes(32 * 32, seed: seed).map { Float($0) / 255 }
        let rows = stride(from: 0, to: 1024, by: 32).map { Array(luma[$0..<$0 + 32]) }
        let hash = PerceptualHash(luma: luma)
        #expect(hash.bits == plainHash(luma))
        #expect(hash.flippedHorizontally == plainHash(rows.flatMap { $0.reversed() }))
        #expect(hash.flippedVertically == plainHash(rows.reversed().flatMap { $0 }))
        #expect(hash.bits.nonzeroBitCount == 32)
    }

    @Test(arguments: [0, 1, 4, 9])
    func theIndexFindsWhatComparingAllWithAllFinds(radius: Int) {
        var hashes: [UInt64] = []
        var state: UInt64 = 99
        func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 33
        }
        for number in 0..<600 {
            guard number % 3 == 0, let last = hashes.last else {
                hashes.append(next())
                continue
            }
            // A relative of the last one, up to 12 bits away.
            hashes.append(
                (0..<Int(next() % 13)).reduce(last) { hash, _ in hash ^ 1 << (next() % 64) }
            )
        }
        var index = HammingIndex(radius: radius)
        var found = 0
        for (number, hash) in hashes.enumerated() {
            let expected = (0..<number).filter { (hashes[$0] ^ hash).nonzeroBitCount <= radius }
            #expect(index.matches(of: hash) == expected)
            found += expected.count
            index.add(hash)
        }
        #expect(found > 0)
    }

    @Test func fewHashesAreCompared() {
        // Hashes as unlike as those of different images.
        var state: UInt64 = 7
        var index = HammingIndex(radius: Inspector.defaultRadius)
        var comparisons = 0
        let count = 40_000
        for _ in 0..<count {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let hash = state ^ state >> 29
            comparisons += index.candidates(for: hash).reduce(0) { $0 + $1.count }
            index.add(hash)
        }
        #expect(comparisons > 0)
        #expect(comparisons < count * (count - 1) / 2 / 1000)
    }

    @Test func manyEqualHashesAreNotAllCompared() {
        var index = HammingIndex(radius: Inspector.defaultRadius)
        for _ in 0..<5000 { index.add(0x0123_4567_89AB_CDEF) }
        let comparisons = index.candidates(for: 0x0123_4567_89AB_CDEF).reduce(0) { $0 + $1.count }
        #expect(comparisons == 256 * (Inspector.defaultRadius + 1))
        #expect(index.matches(of: 0x0123_4567_89AB_CDEF).count == 256)
    }

    @Test func groupsJoin() {
        var groups = DisjointGroups(count: 7)
        groups.join(1, 4)
        groups.join(5, 2)
        groups.join(4, 6)
        let found = groups.groups()
        #expect(found.map(\.root) == [1, 2])
        #expect(found.map(\.members) == [[1, 4, 6], [2, 5]])
        #expect(groups.root(of: 6) == 1)
        #expect(groups.root(of: 0) == 0)
    }

    @Test func everyTypeHasAThumbnail() {
        let half: [UInt8] = [0x00, 0x80]
        let u16 = Image(
            size: ImageSize(width: 2, height: 1),
            channels: 1,
            sampleType: .u16,
            bytes: half + [0xFF, 0xFF]
        )
        #expect(u16.thumbnail(side: 9).bytes == [128, 255])
        let floats: [Float] = [-1, 0, 3, .nan]
        let f32 = Image(
            size: ImageSize(width: 2, height: 2),
            channels: 1,
            sampleType: .f32,
            bytes: floats.flatMap { value in
                (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt32($0))) }
            }
        )
        #expect(f32.thumbnail(side: 9).bytes == [0, 64, 255, 0])
        let rgba = Image(size: ImageSize(width: 8, height: 4), color: [9, 8, 7, 6])
        let small = rgba.thumbnail(side: 4)
        #expect(small == Image(size: ImageSize(width: 4, height: 2), color: [9, 8, 7]))
    }
}
