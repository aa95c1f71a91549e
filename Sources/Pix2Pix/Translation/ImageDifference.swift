public import DatasetKit

/// How far two images are apart, in the samples' own units: levels of 0…255 or 0…65535, or floats.
public struct ImageDifference: Codable, Equatable, Sendable {
    /// The largest difference of a sample.
    public let largest: Double
    /// The mean difference.
    public let mean: Double

    /// Compares two images.
    ///
    /// - Precondition: They have one size, type and number of channels.
    public init(_ first: Image, _ second: Image) {
        precondition(
            first.size == second.size && first.channels == second.channels
                && first.sampleType == second.sampleType
        )
        (largest, mean) =
            switch first.sampleType {
            case .u8: Self.compare(first, second) { (sample: UInt8) in Double(sample) }
            case .u16: Self.compare(first, second) { (sample: UInt16) in Double(sample) }
            case .f32: Self.compare(first, second) { (sample: Float) in Double(sample) }
            }
    }

    private static func compare<Sample: BitwiseCopyable>(
        _ first: Image,
        _ second: Image,
        _ number: (Sample) -> Double
    ) -> (largest: Double, mean: Double) {
        let step = MemoryLayout<Sample>.size
        var (largest, sum) = (0.0, 0.0)
        unsafe first.bytes.withUnsafeBytes { first in
            unsafe second.bytes.withUnsafeBytes { second in
                for offset in stride(from: 0, to: first.count, by: step) {
                    let a = unsafe first.loadUnaligned(fromByteOffset: offset, as: Sample.self)
                    let b = unsafe second.loadUnaligned(fromByteOffset: offset, as: Sample.self)
                    let difference = abs(number(a) - number(b))
                    largest = max(largest, difference)
                    sum += difference
                }
            }
        }
        return (largest, sum / Double(first.bytes.count / step))
    }
}
