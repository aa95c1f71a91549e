/// The colours of a side that holds label maps.
struct Palette {
    /// One colour of a label map.
    struct Entry {
        /// 0xRRGGBB.
        var color: UInt32
        /// Share of the pixels that have it, or nearly.
        var share: Double
    }

    /// The main colours, the most common one first.
    let entries: [Entry]
    /// Share of the pixels that have none of the main colours exactly.
    let strayShare: Double

    /// Label maps have at most so many colours when JPEG or resizing blurred them.
    private static let blurredLimit = 32
    /// JPEG moves a flat area by so much, its noise at borders goes further.
    static let core = 5
    private static let cluster = 12
    static let purity = 0.7

    /// Looks for the main colours of a sample of pixels.
    ///
    /// A colour and those within 12 of 255 of it are one. The side is label maps if up to 32 such
    /// colours cover 70 % of it, and 70 % of what they cover lies within 5: flat areas with noise
    /// around them, not gradients. (Real facades, stored as JPEG: labels 82 % and 81 %, photographs
    /// 17 % and 55 %; micrographs 100 % and 55 %.) Colours that do not lie so close around one are
    /// halos of others: they count as covered and are not listed.
    ///
    /// - Parameters:
    ///   - counts: How many pixels of the sample have each colour.
    ///   - mainPurity: The least share of a main colour's surroundings that is nearly that colour.
    /// - Returns: `nil` where the colours are not those of label maps.
    static func ofBlurredMaps(
        _ counts: [UInt32: Int],
        mainPurity: Double = Self.purity
    ) -> Palette? {
        let total = counts.values.reduce(0, +)
        guard total > 0 else { return nil }
        var rest = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        var entries: [Entry] = []
        var covered = 0
        var inCore = 0
        var exact = 0
        var clusters = 0
        while clusters < blurredLimit, let top = rest.first {
            var near = 0
            var core = 0
            var others: [(key: UInt32, value: Int)] = []
            for entry in rest {
                let distance = distance(entry.key, top.key)
                if distance > cluster {
                    others.append(entry)
                    continue
                }
                near += entry.value
                if distance <= Self.core { core += entry.value }
            }
            guard Double(near) >= 0.002 * Double(total) else { break }
            if Double(core) >= mainPurity * Double(near) {
                entries.append(Entry(color: top.key, share: Double(near) / Double(total)))
                exact += top.value
            }
            clusters += 1
            covered += near
            inCore += core
            rest = others
        }
        guard Double(covered) >= purity * Double(total), Double(inCore) >= purity * Double(covered)
        else { return nil }
        return Palette(
            entries: entries.sorted { ($1.share, $0.color) < ($0.share, $1.color) },
            strayShare: 1 - Double(exact) / Double(total)
        )
    }

    /// The colours of label maps without any blending.
    static func ofCleanMaps(_ counts: [UInt32: Int]) -> Palette {
        let total = Double(max(1, counts.values.reduce(0, +)))
        let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        return Palette(
            entries: sorted.map { Entry(color: $0.key, share: Double($0.value) / total) },
            strayShare: 0
        )
    }

    /// The largest difference of a channel.
    static func distance(_ first: UInt32, _ second: UInt32) -> Int {
        var largest = 0
        for shift in [UInt32(0), 8, 16] {
            let difference = Int(first >> shift & 255) - Int(second >> shift & 255)
            largest = max(largest, abs(difference))
        }
        return largest
    }
}
