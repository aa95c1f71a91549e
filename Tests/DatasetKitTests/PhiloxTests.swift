import DatasetKit
import Testing

@Suite struct PhiloxTests {
    /// The known answers of Random123's `kat_vectors` for philox4x32, 10 rounds.
    @Test(
        arguments: [
            (
                [0, 0, 0, 0], [0, 0],
                [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]
            ),
            (
                [0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff], [0xffff_ffff, 0xffff_ffff],
                [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
            ),
            (
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0],
                [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
            ),
        ] as [([UInt32], [UInt32], [UInt32])]
    )
    func publishedVectors(counter: [UInt32], key: [UInt32], expected: [UInt32]) {
        let block = Philox.block(
            key: SIMD2(key[0], key[1]),
            counter: SIMD4(counter[0], counter[1], counter[2], counter[3])
        )
        #expect((0..<4).map { block[$0] } == expected)
    }

    @Test func aDrawDependsOnEveryPartOfItsPlaceAndOnNothingElse() {
        func first(_ seed: UInt64, _ position: Int, _ epoch: Int, _ sample: Int) -> UInt64 {
            var generator = Philox(
                seed: seed,
                stream: .augment,
                position: position,
                epoch: epoch,
                sample: sample
            )
            return generator.next()
        }
        let draws = [
            first(1, 0, 1, 0), first(2, 0, 1, 0), first(1 << 32, 0, 1, 0), first(1, 1, 1, 0),
            first(1, 0, 2, 0), first(1, 0, 1, 1),
        ]
        #expect(Set(draws).count == draws.count)
        #expect(first(1, 0, 1, 0) == draws[0])
    }

    @Test func integersAreUniformAndReachBothEnds() {
        var generator = Philox(seed: 3, stream: .sample)
        var counts = [Int](repeating: 0, count: 31)
        for _ in 0..<31_000 { counts[generator.nextInt(below: 31)] += 1 }
        // Chi-squared with 30 degrees of freedom stays below 59.7 with probability 0.999.
        let chiSquared = counts.reduce(0.0) {
            $0 + (Double($1) - 1000) * (Double($1) - 1000) / 1000
        }
        #expect(chiSquared < 59.7)
        #expect(counts.min() ?? 0 > 0)
    }

    @Test func unitNumbersLieInTheHalfOpenInterval() {
        var generator = Philox(seed: 4, stream: .sample)
        let numbers = (0..<10_000).map { _ in generator.nextUnit() }
        #expect(numbers.allSatisfy { $0 >= 0 && $0 < 1 })
        #expect(abs(numbers.reduce(0, +) / 10_000 - 0.5) < 0.02)
    }

    @Test func aPermutationHoldsEverythingOnce() {
        var generator = Philox(seed: 5, stream: .order, epoch: 1)
        let order = generator.permutation(of: 1000)
        #expect(order.sorted() == Array(0..<1000))
        #expect(order != Array(0..<1000))
    }
}
