import DatasetKit
import Pix2Pix
import Testing

@Suite struct ReflectPaddingTests {
    @Test(
        "Half on each side, up to the multiple",
        arguments: [
            (ImageSize(width: 256, height: 512), [0, 0, 0, 0]),
            (ImageSize(width: 257, height: 255), [127, 0, 128, 1]),
            (ImageSize(width: 3, height: 500), [126, 6, 127, 6]),
            (ImageSize(width: 1, height: 1), [127, 127, 128, 128]),
        ]
    )
    func sizes(_ size: ImageSize, _ expected: [Int]) {
        let padding = ReflectPadding(size, toMultiplesOf: 256, atLeast: 256)
        #expect([padding.left, padding.top, padding.right, padding.bottom] == expected)
        let padded = padding.size(of: size)
        #expect(padded.width.isMultiple(of: 256) && padded.height.isMultiple(of: 256))
    }

    @Test("A side is at least what the generator takes")
    func minimum() {
        let size = ImageSize(width: 5, height: 40)
        let padding = ReflectPadding(size, toMultiplesOf: 4, atLeast: 15)
        #expect(padding.size(of: size) == ImageSize(width: 16, height: 40))
    }

    @Test("Edge pixels are not repeated, and small images are mirrored again and again")
    func mirrors() {
        let size = ImageSize(width: 3, height: 1)
        let padding = ReflectPadding(size, toMultiplesOf: 8, atLeast: 8)
        #expect(padding.columns(of: size) == [2, 1, 0, 1, 2, 1, 0, 1])
        #expect(padding.rows(of: size) == [Int](repeating: 0, count: 8))
        let pair = ImageSize(width: 2, height: 4)
        let other = ReflectPadding(pair, toMultiplesOf: 8, atLeast: 8)
        #expect(other.columns(of: pair) == [1, 0, 1, 0, 1, 0, 1, 0])
        #expect(other.rows(of: pair) == [2, 1, 0, 1, 2, 3, 2, 1])
    }
}
