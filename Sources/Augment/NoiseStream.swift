import CAugment
import DatasetKit

/// A stream of random numbers, one for each sample of an image: what noise is made of.
///
/// Recorded as five whole numbers: the key and the upper counter words of the Philox generator that
/// drew the operation's other parameters. The noise uses counters that those never reach.
public struct NoiseStream: Sendable, Equatable {
    private let key: SIMD2<UInt32>
    private let tail: SIMD3<UInt32>

    init(_ generator: Philox) {
        (key, tail) = generator.stream
    }

    /// The stream as C takes it.
    var raw: caug_stream { caug_stream(key: (key.x, key.y), tail: (tail.x, tail.y, tail.z)) }
}

extension NoiseStream: Codable {
    /// Reads five whole numbers.
    public init(from decoder: any Decoder) throws {
        var words = try decoder.unkeyedContainer()
        key = SIMD2(try words.decode(UInt32.self), try words.decode(UInt32.self))
        tail = SIMD3(
            try words.decode(UInt32.self),
            try words.decode(UInt32.self),
            try words.decode(UInt32.self)
        )
    }

    /// Writes five whole numbers.
    public func encode(to encoder: any Encoder) throws {
        var words = encoder.unkeyedContainer()
        for word in [key.x, key.y, tail.x, tail.y, tail.z] { try words.encode(word) }
    }
}
