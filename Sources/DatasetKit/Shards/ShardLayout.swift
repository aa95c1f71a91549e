/// Where each sample of a shard lies: the profile of safetensors that this package writes.
///
/// | tensor | type | shape |
/// | --- | --- | --- |
/// | `input`, `target` | U8, U16 or F32 | [n, H, W, C] |
/// | `index` | I64 | [n]: the pair's number in its split |
/// | `key_offsets` | I64 | [n + 1] into `keys` |
/// | `crc32` | U32 | [n, 2]: of each image's bytes, input then target |
/// | `keys` | U8 | [total]: UTF-8 names |
///
/// The data section starts on a page, and the images come first, unless their length would put
/// the 8-byte types off their alignment: then those come first.
package struct ShardLayout {
    /// The value of `format` in the metadata.
    static let formatName = "p2p-shard"
    /// The value of `version` in the metadata.
    static let version = "1"
    /// The data section starts at a multiple of so many bytes: a page.
    static let alignment = 4096

    package let header: SafetensorsHeader
    package let encodedHeader: [UInt8]
    package let input: DatasetIndex.Side
    package let target: DatasetIndex.Side

    package init(
        samples: Int,
        keyBytes: Int,
        input: DatasetIndex.Side,
        target: DatasetIndex.Side,
        metadata: [String: String]
    ) {
        func images(_ name: String, _ side: DatasetIndex.Side) -> SafetensorsHeader.Layout {
            let type: SafetensorsType =
                switch side.dtype {
                case .u8: .u8
                case .u16: .u16
                case .f32: .f32
                }
            return (name, type, [samples, side.height, side.width, side.channels])
        }
        let pictures = [images("input", input), images("target", target)]
        let numbers: [SafetensorsHeader.Layout] = [
            ("index", .i64, [samples]), ("key_offsets", .i64, [samples + 1]),
            ("crc32", .u32, [samples, 2]),
        ]
        let names: [SafetensorsHeader.Layout] = [("keys", .u8, [keyBytes])]
        let picturesKeepAlignment =
            (samples * input.byteCount).isMultiple(of: 8)
            && (samples * target.byteCount).isMultiple(of: 8)
        header = SafetensorsHeader(
            (picturesKeepAlignment ? pictures + numbers : numbers + pictures) + names,
            metadata: metadata
        )
        encodedHeader = header.encoded(alignment: Self.alignment)
        self.input = input
        self.target = target
    }

    /// The length of the whole file.
    package var fileLength: Int { encodedHeader.count + header.dataLength }

    /// Where a tensor starts in the file.
    package func offset(of name: String) -> Int {
        encodedHeader.count + (header.tensors[name]?.range.lowerBound ?? 0)
    }

    /// The most bytes of a shard where the recipe gives no limit.
    ///
    /// About a sixtieth of the images: they are hashed 16 shards at a time while the rest is still
    /// being written, and little remains for the end. At least 4 MiB. No more than fits in memory
    /// until that makes a thousand shards, and never more than 64 MiB, as in MosaicML's streaming
    /// datasets and LitData.
    package static func defaultMaxBytes(total: Int) -> Int {
        let inMemory = min(max(total / 60, 4 << 20), mostInMemory)
        return max(inMemory, min(total / 1000, 64 << 20))
    }

    /// The most bytes of a shard that is put together in memory before it is written: as many shards
    /// as are hashed at once, and some more, are there at a time.
    package static let mostInMemory = 8 << 20

    /// Cuts a split into shards: as many pairs as fit, in order, at least one.
    ///
    /// - Parameters:
    ///   - keyLengths: The UTF-8 lengths of the sorted pairs' names.
    ///   - imageBytes: Bytes of an input and a target together.
    ///   - maxBytes: The most bytes of a file.
    /// - Returns: The pairs of each shard: a pure function of the arguments.
    package static func cut(keyLengths: [Int], imageBytes: Int, maxBytes: Int) -> [Range<Int>] {
        // A header takes one page, the I64 key_offsets have one element more than there are pairs.
        let fixed = alignment + 8
        let perPair = imageBytes + 8 + 8 + 8
        var ranges: [Range<Int>] = []
        var start = 0
        var length = fixed
        for (index, keyLength) in keyLengths.enumerated() {
            let next = length + perPair + keyLength
            if next > maxBytes, index > start {
                ranges.append(start..<index)
                start = index
                length = fixed + perPair + keyLength
            } else {
                length = next
            }
        }
        if start < keyLengths.count { ranges.append(start..<keyLengths.count) }
        return ranges
    }
}
