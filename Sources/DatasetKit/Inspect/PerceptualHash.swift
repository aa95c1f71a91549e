import Glibc

/// 64 bits that say where an image is light and dark: pHash, as imagehash and CleanVision define it.
///
/// Luma at 32x32, its 8x8 lowest frequencies (DCT-II), one bit for each that is above their median.
/// The first bit is the mean's, rows first. Copies that were encoded again, resized or brightened
/// differ in a few bits.
package struct PerceptualHash: Equatable, Sendable {
    /// The hash.
    package let bits: UInt64
    /// The hash of the image mirrored left to right.
    package let flippedHorizontally: UInt64
    /// The hash of the image mirrored top to bottom.
    package let flippedVertically: UInt64

    /// Hashes 32 rows of 32 luma values.
    ///
    /// - Precondition: There are 1024 values.
    package init(luma: [Float]) {
        precondition(luma.count == Self.side * Self.side, "a hash is made of 32x32 values")
        let frequencies = Self.frequencies(of: luma)
        bits = Self.bits(frequencies)
        // A mirrored image has the same frequencies, the odd ones with the other sign.
        flippedHorizontally = Self.bits(
            frequencies.enumerated().map { $0.offset % 2 == 1 ? -$0.element : $0.element }
        )
        flippedVertically = Self.bits(
            frequencies.enumerated().map { $0.offset / 8 % 2 == 1 ? -$0.element : $0.element }
        )
    }

    /// The width and height that an image is reduced to.
    package static let side = 32

    /// `basis[8 * u ..< 32]`: cos(π (2x + 1) u / 64).
    private static let basis: [Double] = (0..<8).flatMap { u in
        (0..<side).map { cos(Double.pi * Double((2 * $0 + 1) * u) / Double(2 * side)) }
    }

    private static func frequencies(of luma: [Float]) -> [Double] {
        var rows = [Double](repeating: 0, count: 8 * side)
        for y in 0..<side {
            for u in 0..<8 {
                var sum = 0.0
                for x in 0..<side { sum += Double(luma[y * side + x]) * basis[u * side + x] }
                rows[u * side + y] = sum
            }
        }
        var result = [Double](repeating: 0, count: 64)
        for v in 0..<8 {
            for u in 0..<8 {
                var sum = 0.0
                for y in 0..<side { sum += rows[u * side + y] * basis[v * side + y] }
                result[8 * v + u] = sum
            }
        }
        return result
    }

    private static func bits(_ frequencies: [Double]) -> UInt64 {
        let sorted = frequencies.sorted()
        let median = (sorted[31] + sorted[32]) / 2
        return frequencies.reduce(0) { $0 << 1 | ($1 > median ? 1 : 0) }
    }
}
