import Pix2Pix
import Testing

extension TorchTests {
    @Suite("Operations of pretrained networks, by hand-made answers")
    struct WindowTests {
        @Test("The largest of each window; windows over the edge count where they shall")
        func maxPool() throws {
            let input = try counting([1, 1, 4, 4])
            let plain = try input.maxPooled(PoolWindow(size: 3, stride: 2))
            #expect(try plain.floats() == [11])
            let rounded = try input.maxPooled(PoolWindow(size: 3, stride: 2, roundsUp: true))
            #expect(try rounded.floats() == [11, 12, 15, 16])
            let padded = try input.scaled(by: -1)
                .maxPooled(PoolWindow(size: 3, stride: 2, padding: 1))
            #expect(try padded.floats() == [-1, -2, -5, -6], "what is outside has no value")
            #expect(throws: TorchError.self) {
                try counting([1, 1, 2, 2]).maxPooled(PoolWindow(size: 3, stride: 2))
            }
        }

        @Test("Means of windows do not count what lies outside")
        func averagePool() throws {
            let input = try counting([1, 1, 2, 3])
            let means = try input.averagePooled(PoolWindow(size: 3, stride: 1, padding: 1))
            #expect(try means.floats() == [3, 3.5, 4, 3, 3.5, 4])
        }

        @Test("The mean of each channel of each image")
        func pixelMeans() throws {
            let means = try counting([2, 2, 1, 2]).meanOverPixels()
            #expect(means.shape == [2, 2])
            #expect(try means.floats() == [1.5, 3.5, 5.5, 7.5])
        }

        @Test("Bilinear between the centres of pixels, larger and smaller")
        func resize() throws {
            let input = try Tensor.floats([0, 4], shape: [1, 1, 1, 2])
            let larger = try input.resizedBilinearly(height: 2, width: 4)
            #expect(try larger.floats() == [0, 1, 3, 4, 0, 1, 3, 4])
            let smaller = try counting([1, 1, 1, 6]).resizedBilinearly(height: 1, width: 2)
            #expect(try smaller.floats() == [2, 5], "no smoothing: the nearest two")
        }

        @Test("Channels at length 1; all 0 stay 0")
        func normalized() throws {
            let input = try Tensor.floats([3, 0, 4, 0], shape: [1, 2, 1, 2])
            #expect(
                try relativeError(
                    input.channelsNormalized(epsilon: 1e-10).floats(),
                    [0.6, 0, 0.8, 0]
                ) < 1e-6
            )
        }

        private func counting(_ shape: [Int]) throws -> Tensor {
            try .floats((1...shape.reduce(1, *)).map(Float.init), shape: shape)
        }
    }
}
