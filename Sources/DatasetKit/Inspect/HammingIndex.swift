/// Finds hashes that differ in few bits without comparing all with all.
///
/// Two hashes within a radius of r bits agree in at least one of r + 1 bands of bits (the
/// pigeonhole principle, as in multi-index hashing), so only those that share a band are compared.
/// Bits are dealt to the bands in turn: neighbouring frequencies are alike, bands should not be.
package struct HammingIndex {
    private let radius: Int
    private let masks: [UInt64]
    private var buckets: [[UInt64: [Int32]]]
    private var hashes: [UInt64] = []

    /// A bucket that holds more is looked at from both ends only, which bounds the work on sets of
    /// thousands of all but equal images; these are linked by their neighbours there.
    private static let bucketLimit = 256

    /// Creates an empty index.
    ///
    /// - Parameter radius: The most bits that may differ, 0…32.
    package init(radius: Int) {
        precondition((0...32).contains(radius), "a radius of \(radius) bits says nothing")
        self.radius = radius
        let count = radius + 1
        masks = (0..<count).map { band in
            stride(from: band, to: 64, by: count).reduce(0) { $0 | 1 << UInt64($1) }
        }
        buckets = Array(repeating: [:], count: count)
    }

    /// Adds a hash; its number is how many there were before.
    package mutating func add(_ hash: UInt64) {
        let number = Int32(hashes.count)
        hashes.append(hash)
        for (band, mask) in masks.enumerated() {
            buckets[band][hash & mask, default: []].append(number)
        }
    }

    /// The numbers of the hashes within the radius, each once, in order.
    package func matches(of hash: UInt64) -> [Int] {
        var found: Set<Int32> = []
        for numbers in candidates(for: hash) {
            for number in numbers where (hashes[Int(number)] ^ hash).nonzeroBitCount <= radius {
                found.insert(number)
            }
        }
        return found.sorted().map(Int.init)
    }

    /// The numbers of the hashes that one is compared with: those that share a band with it, once for
    /// each band.
    package func candidates(for hash: UInt64) -> [ArraySlice<Int32>] {
        zip(masks, buckets).flatMap { mask, buckets in
            guard let bucket = buckets[hash & mask] else { return [ArraySlice<Int32>]() }
            guard bucket.count > Self.bucketLimit else { return [bucket[...]] }
            return [bucket.prefix(Self.bucketLimit / 2), bucket.suffix(Self.bucketLimit / 2)]
        }
    }
}
