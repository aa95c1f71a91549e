import DatasetKit
import Testing

/// Elements of every type, gathered from wherever they lie.
@Suite struct TensorLayoutTests {
    private func made(
        _ type: SafetensorsType,
        _ shape: [Int],
        _ strides: [Int]? = nil,
        offset: Int = 0,
        capacity: Int
    ) -> TensorLayout? {
        TensorLayout(type: type, shape: shape, strides: strides, offset: offset, capacity: capacity)
    }

    @Test func elementsAreGatheredInCOrder() throws {
        let numbers = (0..<24).map { Float($0) }
        func gathered(_ shape: [Int], _ strides: [Int], _ offset: Int) throws -> [Float] {
            let layout = try #require(
                made(.f32, shape, strides, offset: offset, capacity: numbers.count)
            )
            return unsafe numbers.withUnsafeBytes { unsafe layout.floats(of: $0) }
        }
        #expect(try gathered([2, 3], [1, 2], 0) == [0, 2, 4, 1, 3, 5])
        #expect(
            try gathered([2, 2, 3], [12, 1, 4], 1) == [1, 5, 9, 2, 6, 10, 13, 17, 21, 14, 18, 22]
        )
        #expect(try gathered([3], [0], 7) == [7, 7, 7])
        #expect(try gathered([], [], 23) == [23])
        #expect(try gathered([2, 0], [1, 1], 0) == [])
    }

    @Test func whatLiesOutsideIsRefused() {
        #expect(made(.f32, [24], capacity: 24) != nil)
        #expect(made(.f32, [24], offset: 1, capacity: 24) == nil)
        #expect(made(.f32, [2, 2], [23, 1], capacity: 24) == nil)
        #expect(made(.f32, [Int.max, Int.max], [0, 0], capacity: 24) == nil)
        #expect(made(.f32, [2], [Int.max], offset: 1, capacity: 24) == nil)
        #expect(made(.f32, [-1], [1], capacity: 24) == nil)
        #expect(made(.f32, [2], [-1], offset: 1, capacity: 24) == nil)
    }

    @Test func everyTypeIsConverted() throws {
        func values(_ type: SafetensorsType, _ bytes: [UInt8]) throws -> [Float] {
            let count = bytes.count / type.byteCount
            let layout = try #require(made(type, [count], capacity: count))
            return unsafe bytes.withUnsafeBytes { unsafe layout.floats(of: $0) }
        }
        #expect(try values(.f16, [0x00, 0x3E, 0x01, 0x00]) == [1.5, 0x1p-24])
        #expect(try values(.bf16, [0xC0, 0x3F, 0x80, 0xFF]) == [1.5, -.infinity])
        #expect(try values(.f64, [0, 0, 0, 0, 0, 0, 0xF8, 0xBF]) == [-1.5])
        #expect(try values(.u8, [200]) == [200])
        #expect(try values(.i8, [200]) == [-56])
        #expect(try values(.i16, [0, 0xFF]) == [-256])
        #expect(try values(.u16, [0, 0xFF]) == [65_280])
        #expect(try values(.i32, [0xFE, 0xFF, 0xFF, 0xFF]) == [-2])
        #expect(try values(.i64, [7, 0, 0, 0, 0, 0, 0, 0]) == [7])
        #expect(try values(.bool, [1, 0]) == [1, 0])
    }

    @Test func onlyElementsInCOrderArePlain() {
        #expect(made(.f32, [2, 3], [3, 1], offset: 4, capacity: 10)?.plainRange == 16..<40)
        #expect(made(.f32, [1, 3], [99, 1], capacity: 10)?.plainRange == 0..<12)
        #expect(made(.f32, [2, 3], [1, 2], capacity: 10)?.plainRange == nil)
        let big = TensorLayout(type: .f32, shape: [2], isBigEndian: true, capacity: 2)
        #expect(big?.plainRange == nil)
    }
}
