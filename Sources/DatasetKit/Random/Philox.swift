/// Philox4x32-10, a counter-based random generator.
///
/// Every draw is a pure function of the key and the counter, so a result that depends on
/// (seed, epoch, sample, operation) depends on nothing else: not on threads, batch size, machines
/// or where a run was interrupted. From Salmon, Moraes, Dror and Shaw, "Parallel random numbers:
/// as easy as 1, 2, 3" (SC 2011); checked against the vectors published with it.
public struct Philox: RandomNumberGenerator, Sendable {
    /// What a stream of draws is for: keeps the streams of one seed apart.
    public enum Stream: UInt32, Sendable {
        /// The order of the pairs in an epoch.
        case order = 0
        /// The drawing of sample datasets.
        case sample = 1
        /// The settings that a random search tries.
        case search = 2
        /// The seeds of libtorch's own generator: initial weights, dropout masks.
        case torch = 0x10
        /// The operations of an augmentation list: `augment` plus the operation's position.
        case augment = 0x100
        /// What is done to pairs before a discriminator sees them, and which are kept for later.
        case discriminator = 0x8000_0000
    }

    private let key: SIMD2<UInt32>
    private var counter: SIMD4<UInt32>
    private var block = SIMD4<UInt32>()
    /// How many words of `block` are used up.
    private var used = 4

    /// Creates the generator of one stream.
    ///
    /// - Parameters:
    ///   - seed: The key.
    ///   - stream: What the draws are for.
    ///   - position: Tells streams of one kind apart, such as an operation's place in its list.
    ///   - epoch: The epoch, from 1, where draws differ by epoch.
    ///   - sample: The pair's number in its split, where draws differ by sample.
    public init(
        seed: UInt64,
        stream: Stream,
        position: Int = 0,
        epoch: Int = 0,
        sample: Int = 0
    ) {
        self.init(
            key: SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)),
            counter: SIMD4(
                0,
                stream.rawValue &+ UInt32(truncatingIfNeeded: position),
                UInt32(truncatingIfNeeded: sample),
                UInt32(truncatingIfNeeded: epoch)
            )
        )
    }

    /// Creates a generator from a raw key and counter; the first word of the counter counts on.
    init(key: SIMD2<UInt32>, counter: SIMD4<UInt32>) {
        self.key = key
        self.counter = counter
    }

    /// The key, and the words of the counter that stay: what tells this stream from all others.
    package var stream: (key: SIMD2<UInt32>, tail: SIMD3<UInt32>) {
        (key, SIMD3(counter.y, counter.z, counter.w))
    }

    /// The next 32 random bits.
    public mutating func nextWord() -> UInt32 {
        if used == 4 {
            block = Self.block(key: key, counter: counter)
            counter.x &+= 1
            used = 0
        }
        defer { used += 1 }
        return block[used]
    }

    /// The next 64 random bits.
    public mutating func next() -> UInt64 {
        let low = UInt64(nextWord())
        return low | UInt64(nextWord()) << 32
    }

    /// A uniform integer in `0..<bound`, without modulo bias.
    ///
    /// The method is Lemire's (2019): a multiplication, and a rejection for the few low products.
    ///
    /// - Precondition: `bound` is positive and below 2³².
    public mutating func nextInt(below bound: Int) -> Int {
        precondition(bound > 0 && bound <= Int(UInt32.max), "bound must be in 1..<2^32")
        let range = UInt32(bound)
        var product = UInt64(nextWord()) * UInt64(range)
        if UInt32(truncatingIfNeeded: product) < range {
            let threshold = (0 &- range) % range
            while UInt32(truncatingIfNeeded: product) < threshold {
                product = UInt64(nextWord()) * UInt64(range)
            }
        }
        return Int(product >> 32)
    }

    /// A uniform number in [0, 1), a multiple of 2⁻⁵³.
    public mutating func nextUnit() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// A uniform number in `range`.
    public mutating func nextDouble(in range: ClosedRange<Double>) -> Double {
        range.lowerBound + (range.upperBound - range.lowerBound) * nextUnit()
    }

    /// `true` with probability `p`.
    public mutating func nextBool(p: Double) -> Bool {
        nextUnit() < p
    }

    /// A uniform permutation of `0..<count` (Fisher and Yates).
    public mutating func permutation(of count: Int) -> [Int] {
        var order = Array(0..<count)
        for index in stride(from: count - 1, to: 0, by: -1) {
            order.swapAt(index, nextInt(below: index + 1))
        }
        return order
    }

    /// One block of four words: ten rounds over the counter.
    package static func block(key: SIMD2<UInt32>, counter: SIMD4<UInt32>) -> SIMD4<UInt32> {
        var key = key
        var counter = counter
        for _ in 0..<10 {
            let first = UInt64(0xD251_1F53) * UInt64(counter.x)
            let second = UInt64(0xCD9E_8D57) * UInt64(counter.z)
            counter = SIMD4(
                UInt32(truncatingIfNeeded: second >> 32) ^ counter.y ^ key.x,
                UInt32(truncatingIfNeeded: second),
                UInt32(truncatingIfNeeded: first >> 32) ^ counter.w ^ key.y,
                UInt32(truncatingIfNeeded: first)
            )
            key &+= SIMD2(0x9E37_79B9, 0xBB67_AE85)
        }
        return counter
    }
}
