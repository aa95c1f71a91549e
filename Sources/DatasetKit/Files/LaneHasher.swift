import CKernels

/// SHA-256 of many messages at once, one in each 32-bit lane of the processor's vectors.
///
/// This exists beside swift-crypto because one message at a time is bound by the latency of its
/// rounds: 0.39 GB/s on a processor without instructions for SHA-256, that is 1.3 ms for the
/// 490 kB of a pair of 286x286 RGB images, more than decoding them takes. Sixteen lanes of AVX-512
/// hash 2.9 GB/s on the same processor, 1.9 with reading the files, and eight of AVX2 1.2; on a Zen 5
/// 6.4 and 1.6. A lane alone is slower than swift-crypto, so one or two messages go there.
@safe
struct LaneHasher: ~Copyable {
    /// From this many messages on, lanes are faster than swift-crypto.
    static let worthwhileCount = 3

    /// The level whose lanes to use; `portable` where swift-crypto is faster.
    static let bestLevel: KernelLevel =
        switch KernelLevel.best {
        case .avx512, .avx512VBMI: .avx512
        case .avx2: ckern_has_sha_instructions() ? .portable : .avx2
        case .portable: .portable
        }

    /// How many messages a thread hashes at once: 1 where swift-crypto is faster.
    static let bestLanes = max(1, Int(ckern_sha256_lanes(bestLevel.rawValue)))

    /// How many messages the widest vectors hash at once.
    static let mostLanes = Int(CKERN_SHA256_MAX_LANES)

    private static let initialState: [UInt32] = [
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a,
        0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
    ]
    private static let block = 64
    /// Bytes of a message that are copied at a time.
    private static let piece = 16 << 10
    /// The piece, and room for the one or two blocks that padding may take.
    private static let laneSize = piece + 2 * block

    /// A message on its way through a lane.
    @safe
    private struct Lane<Source: HashedSource> {
        var message: Int
        var source: Source
        var byteCount = 0
        /// Where its next blocks are, how many, and how many of them are hashed.
        var base: UnsafeRawPointer?
        var blocks = 0
        var hashed = 0
        /// Whether the blocks end with the padding.
        var isPadded = false

        init(message: Int, source: Source) {
            self.message = message
            self.source = source
            unsafe base = nil
        }

        /// The first block that is not hashed.
        func next(block: Int) -> UnsafePointer<UInt8>? {
            unsafe base.map { unsafe ($0 + hashed * block).assumingMemoryBound(to: UInt8.self) }
        }
    }

    private let level: KernelLevel
    private let lanes: Int
    /// Word i of lane j at i * lanes + j.
    private var state: [UInt32]
    private let memory: UnsafeMutableRawBufferPointer

    /// Makes lanes, or `nil` where the level has none.
    init?(level: KernelLevel) {
        let lanes = Int(ckern_sha256_lanes(level.rawValue))
        guard lanes > 0 else { return nil }
        self.level = level
        self.lanes = lanes
        state = [UInt32](repeating: 0, count: 8 * lanes)
        unsafe memory = .allocate(byteCount: lanes * Self.laneSize, alignment: Self.block)
    }

    deinit {
        unsafe memory.deallocate()
    }

    /// The digests of messages, in hexadecimal.
    ///
    /// Long messages start first, so that the lanes are busy to the end.
    ///
    /// - Parameters:
    ///   - sizes: The size of each message in bytes; only the order depends on it.
    ///   - open: Gives a message by its index.
    /// - Returns: The digests in the order of `sizes`.
    /// - Throws: What opening or reading a message throws.
    mutating func digests<Source: HashedSource>(
        ofSizes sizes: [Int],
        open: (Int) throws(Source.Failure) -> Source
    ) throws(Source.Failure) -> [String] {
        var waiting = sizes.indices.sorted { (sizes[$0], $0) < (sizes[$1], $1) }
        var digests = [String](repeating: "", count: sizes.count)
        var active = [Lane<Source>?](repeating: nil, count: lanes)
        while true {
            for index in active.indices {
                try advance(&active[index], index: index, waiting: &waiting, to: &digests, open)
            }
            guard let blocks = active.compactMap({ $0.map { $0.blocks - $0.hashed } }).min() else {
                return digests
            }
            unsafe compress(active.map { unsafe $0?.next(block: Self.block) }, blocks: blocks)
            for index in active.indices { active[index]?.hashed += blocks }
        }
    }

    /// Gives a lane that has hashed all its blocks its next ones, or the next message.
    private mutating func advance<Source: HashedSource>(
        _ lane: inout Lane<Source>?,
        index: Int,
        waiting: inout [Int],
        to digests: inout [String],
        _ open: (Int) throws(Source.Failure) -> Source
    ) throws(Source.Failure) {
        if let current = lane {
            if current.hashed < current.blocks { return }
            if current.isPadded {
                digests[current.message] = digest(ofLane: index)
                lane = nil
            }
        }
        if lane == nil, let message = waiting.popLast() {
            lane = Lane(message: message, source: try open(message))
            for word in 0..<8 { state[word * lanes + index] = Self.initialState[word] }
        }
        guard var next = lane else { return }
        try fill(&next, index: index)
        lane = next
    }

    /// Reads the next piece of a message, and pads it if it is the last.
    private func fill<Source: HashedSource>(
        _ lane: inout Lane<Source>,
        index: Int
    ) throws(Source.Failure) {
        let start = index * Self.laneSize
        let room = unsafe UnsafeMutableRawBufferPointer(
            rebasing: memory[start..<start + Self.laneSize]
        )
        let piece = unsafe UnsafeMutableRawBufferPointer(rebasing: room[..<Self.piece])
        let bytes = try unsafe lane.source.read(into: piece)
        let count = bytes.count
        unsafe lane.base = bytes.baseAddress
        lane.byteCount += count
        lane.hashed = 0
        lane.blocks = count / Self.block
        guard count < Self.piece else { return }
        // FIPS 180-4, 5.1.1: a bit 1, zeros, and the length in bits, big-endian.
        lane.isPadded = true
        lane.blocks = (count + 8) / Self.block + 1
        let end = lane.blocks * Self.block
        unsafe room[count] = 0x80
        for position in count + 1..<end - 8 { unsafe room[position] = 0 }
        let bits = UInt64(lane.byteCount) * 8
        for byte in 0..<8 {
            unsafe room[end - 1 - byte] = UInt8(truncatingIfNeeded: bits >> UInt64(8 * byte))
        }
    }

    /// Hashes blocks of all lanes; idle ones hash a busy one's to no end.
    private mutating func compress(_ places: [UnsafePointer<UInt8>?], blocks: Int) {
        let busy = unsafe places.lazy.compactMap { unsafe $0 }.first
        let messages = unsafe places.map { unsafe $0 ?? busy }
        unsafe state.withUnsafeMutableBufferPointer { state in
            unsafe messages.withUnsafeBufferPointer { messages in
                unsafe ckern_sha256_compress(
                    level.rawValue,
                    state.baseAddress,
                    messages.baseAddress,
                    blocks
                )
            }
        }
    }

    private func digest(ofLane lane: Int) -> String {
        Checksum.hexadecimal(
            (0..<8).flatMap { word in
                let value = state[word * lanes + lane]
                return (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(24 - 8 * $0)) }
            }
        )
    }
}
