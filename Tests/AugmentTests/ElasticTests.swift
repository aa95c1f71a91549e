import Augment
import DatasetKit
import TestSupport
import Testing

/// The field of shifts of `elastic`, read from an image whose pixels are their own places.
@Suite struct ElasticTests {
    private static let side = 160

    /// Two channels of floats: each pixel's column and row.
    private var places: Image {
        var bytes: [UInt8] = []
        for y in 0..<Self.side {
            for x in 0..<Self.side {
                for value in [Float(x), Float(y)] {
                    for shift in stride(from: UInt32(0), to: 32, by: 8) {
                        bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> shift))
                    }
                }
            }
        }
        return Image(
            size: ImageSize(width: Self.side, height: Self.side),
            channels: 2,
            sampleType: .f32,
            bytes: bytes
        )
    }

    /// The shifts along one axis, away from the edges.
    private func shifts(_ operation: String, axis: Int, sample: Int = 0) throws -> [[Double]] {
        let source = MemoryPairs([ImagePair](repeating: ImagePair(both: places), count: sample + 1))
        let batch = try source.drawn("[\(operation)]", sample: sample)
        let margin = 20
        return (margin..<Self.side - margin).map { y in
            (margin..<Self.side - margin).map { x in
                let found = batch.input[(axis * Self.side + y) * Self.side + x]
                return Double(found) - Double(axis == 0 ? x : y)
            }
        }
    }

    /// The mean product of shifts that are some columns and rows apart.
    private func product(_ shifts: [[Double]], _ columns: Int, _ rows: Int) -> Double {
        var (sum, count) = (0.0, 0)
        for y in 0..<shifts.count - rows {
            for x in 0..<shifts[y].count - columns {
                sum += shifts[y][x] * shifts[y + rows][x + columns]
                count += 1
            }
        }
        return sum / Double(count)
    }

    /// Uniform noise from −1 to 1 has the variance 1/3; blurred by σ along both axes 1 / (12 π σ²), and
    /// pixels that are d apart correlate by exp(−d² / 4σ²).
    @Test(arguments: [2.0, 3], [0, 1])
    func theFieldIsBlurredNoise(_ sigma: Double, _ axis: Int) throws {
        let alpha = 12.0
        let operation = "{\"op\": \"elastic\", \"p\": 1, \"alpha\": \(alpha), \"sigma\": \(sigma)}"
        var products = [0.0, 0, 0, 0]
        for sample in 0..<6 {
            let shifts = try shifts(operation, axis: axis, sample: sample)
            let distance = Int(sigma)
            for (index, offset) in [(0, 0), (distance, 0), (0, distance), (8 * distance, 0)]
                .enumerated()
            {
                products[index] += product(shifts, offset.0, offset.1) / 6
            }
        }
        let variance = alpha * alpha / (12 * Double.pi * sigma * sigma)
        #expect(abs(products[0] / variance - 1) < 0.08, "\(products[0]) for \(variance)")
        #expect(abs(products[1] / products[0] - 0.7788) < 0.03)
        #expect(abs(products[2] / products[0] - 0.7788) < 0.03)
        #expect(abs(products[3] / products[0]) < 0.12)
    }

    @Test func theAxesAreIndependentAndZeroIsTheIdentity() throws {
        let operation = #"{"op": "elastic", "p": 1, "alpha": 12, "sigma": 2}"#
        let (columns, rows) = (try shifts(operation, axis: 0), try shifts(operation, axis: 1))
        var product = 0.0
        for (first, second) in zip(columns.joined(), rows.joined()) { product += first * second }
        let count = Double(columns.count * columns.count)
        #expect(abs(product / count) < 0.12 * 144 / (48 * Double.pi))
        let still = try shifts(#"{"op": "elastic", "p": 1, "alpha": 0}"#, axis: 0)
        #expect(still.joined().allSatisfy { $0 == 0 })
    }
}

extension ImagePair {
    /// The same image on both sides.
    init(both image: Image) {
        self.init(input: image, target: image)
    }
}
