import DatasetKit
import Testing

@Suite struct ShardLayoutTests {
    private func side(_ width: Int, _ height: Int) -> DatasetIndex.Side {
        DatasetIndex.Side(
            size: ImageSize(width: width, height: height),
            channels: 3,
            dtype: .u8
        )
    }

    @Test(arguments: [1, 2, 3, 136])
    func theDataStartsOnAPageAndNumbersAreAligned(samples: Int) {
        let layout = ShardLayout(
            samples: samples,
            keyBytes: 11,
            input: side(286, 286),
            target: side(286, 286),
            metadata: ["format": "p2p-shard"]
        )
        #expect(layout.encodedHeader.count == 4096)
        #expect(layout.offset(of: "index").isMultiple(of: 8))
        #expect(layout.offset(of: "key_offsets").isMultiple(of: 8))
        #expect(layout.offset(of: "crc32").isMultiple(of: 4))
        let imagesComeFirst = samples.isMultiple(of: 2)
        #expect((layout.header.order.first == "input") == imagesComeFirst)
    }

    @Test func aShardIsAsFullAsItMayBe() {
        let keys = [Int](repeating: 3, count: 1000)
        let bytes = 2 * 286 * 286 * 3
        let cuts = ShardLayout.cut(keyLengths: keys, imageBytes: bytes, maxBytes: 64 << 20)
        #expect(cuts.flatMap(Array.init) == Array(0..<1000))
        for (place, cut) in cuts.enumerated() {
            let layout = ShardLayout(
                samples: cut.count,
                keyBytes: 3 * cut.count,
                input: side(286, 286),
                target: side(286, 286),
                metadata: [:]
            )
            #expect(layout.fileLength <= 64 << 20)
            if place < cuts.count - 1 { #expect(layout.fileLength + bytes > 64 << 20) }
        }
    }

    /// In MiB: 4 to 8 until that makes a thousand shards, then up to 64.
    @Test(
        arguments: zip([0, 240, 300, 1024, 8000, 16_000, 1_000_000], [4, 4, 5, 8, 8, 16, 64])
    )
    func theDefaultSizeOfAShard(total: Int, size: Int) {
        #expect(ShardLayout.defaultMaxBytes(total: total << 20) == size << 20)
    }

    @Test func aPairLargerThanAShardGetsOneOfItsOwn() {
        let cuts = ShardLayout.cut(keyLengths: [1, 1], imageBytes: 9000, maxBytes: 4096)
        #expect(cuts == [0..<1, 1..<2])
        #expect(ShardLayout.cut(keyLengths: [], imageBytes: 9000, maxBytes: 4096).isEmpty)
    }
}
