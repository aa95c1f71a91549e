import DatasetKit
import Foundation
import Pix2Pix
import TestSupport
import Testing

@Suite("Image quality")
struct ImageQualityTests {
    @Test("The numbers of scikit-image and pytorch-msssim", arguments: try MetricFixture.cases())
    func parity(_ fixture: MetricFixture) throws {
        let (image, target) = fixture.images
        let found = ImageQuality(
            of: image.span,
            against: target.span,
            channels: fixture.channels,
            size: fixture.size
        )
        #expect(abs(found.l1 - fixture.l1) < 1e-9)
        #expect(abs(found.psnr - fixture.psnr) < 1e-6)
        #expect(abs(try #require(found.ssim) - fixture.ssim) < 1e-7)
        #expect((found.multiScaleSSIM == nil) == (fixture.msSSIM == nil))
        if let found = found.multiScaleSSIM, let expected = fixture.msSSIM {
            #expect(abs(found - expected) < 1e-6)
        }
    }

    @Test(
        "The fast SSIM is the plain one, for every rest of a row",
        arguments: Array(11...19) + [32]
    )
    func plain(width: Int) throws {
        let size = ImageSize(width: width, height: 30 - width % 7)
        let (image, target) = Self.noise(count: width * size.height)
        let found = ImageQuality(of: image.span, against: target.span, channels: 1, size: size)
        let expected = plainSSIM(image, target, size)
        #expect(abs(try #require(found.ssim) - expected) < 1e-12)
    }

    @Test("Equal images: no difference, 100 dB, similarities of 1")
    func equal() throws {
        let size = ImageSize(width: 161, height: 161)
        let (image, _) = Self.noise(count: 161 * 161)
        let quality = ImageQuality(of: image.span, against: image.span, channels: 1, size: size)
        #expect(quality.l1 == 0)
        #expect(quality.psnr == ImageQuality.maximumPSNR)
        #expect(abs(try #require(quality.ssim) - 1) < 1e-12)
        #expect(abs(try #require(quality.multiScaleSSIM) - 1) < 1e-12)
        #expect(quality.named.map(\.name) == ["L1", "PSNR", "SSIM", "MS_SSIM"])
        _ = try JSONEncoder().encode(quality.named.map(\.value))
    }

    @Test("Images without room for the window have no similarity")
    func small() {
        for (width, height, hasSSIM, hasScales) in [
            (10, 40, false, false), (40, 10, false, false), (2, 1, false, false),
            (11, 11, true, false), (160, 200, true, false), (161, 161, true, true),
        ] {
            let (image, target) = Self.noise(count: width * height)
            let size = ImageSize(width: width, height: height)
            let quality = ImageQuality(
                of: image.span,
                against: target.span,
                channels: 1,
                size: size
            )
            #expect((quality.ssim != nil) == hasSSIM, "\(width)x\(height)")
            #expect((quality.multiScaleSSIM != nil) == hasScales, "\(width)x\(height)")
            #expect(quality.l1 > 0 && quality.psnr < 100, "\(width)x\(height)")
        }
    }

    @Test("A pixel that is no number makes measures that are none")
    func notANumber() throws {
        let size = ImageSize(width: 161, height: 162)
        var image = Self.noise(count: 161 * 162).image
        let target = image
        image[77] = .nan
        let quality = ImageQuality(of: image.span, against: target.span, channels: 1, size: size)
        #expect(quality.l1.isNaN && quality.psnr.isNaN)
        #expect(try #require(quality.ssim).isNaN)
        #expect(try #require(quality.multiScaleSSIM).isNaN)
    }

    @Test("Means over images leave out what one of them lacks")
    func means() throws {
        let (image, target) = Self.noise(count: 12 * 12)
        let large = ImageQuality(
            of: image.span,
            against: target.span,
            channels: 1,
            size: ImageSize(width: 12, height: 12)
        )
        let small = ImageQuality(
            of: image.span,
            against: target.span,
            channels: 4,
            size: ImageSize(width: 6, height: 6)
        )
        let mean = try #require(ImageQuality.mean(of: [large, small]))
        #expect(abs(mean.l1 - (large.l1 + small.l1) / 2) < 1e-12)
        #expect(mean.ssim == nil)
        #expect(ImageQuality.mean(of: [large, large])?.ssim == large.ssim)
        #expect(ImageQuality.mean(of: []) == nil)
    }

    @Test("What 256x256x3 takes", .enabled(if: Self.isTimed, "set P2P_TIMING to see the time"))
    func time() {
        let size = ImageSize(width: 256, height: 256)
        let (image, target) = Self.noise(count: 3 * 256 * 256)
        let best = (0..<20).map { _ in
            ContinuousClock().measure {
                _ = ImageQuality(of: image.span, against: target.span, channels: 3, size: size)
            }
        }.min()
        print("ImageQuality of 256x256x3: \(best ?? .zero)")
    }

    static let isTimed = ProcessInfo.processInfo.environment["P2P_TIMING"] != nil

    /// A plane of noise and one that is like it.
    static func noise(count: Int) -> (image: [Float], target: [Float]) {
        let image = Noise.bytes(count, seed: 5)
        let target = zip(image, Noise.bytes(count, seed: 6)).map { image, noise in
            UInt8((3 * Int(image) + Int(noise)) / 4)
        }
        return (image.map(MetricFixture.float), target.map(MetricFixture.float))
    }
}

extension TorchTests {
    @Suite("Image quality of tensors")
    struct ImageQualityOfTensorsTests {
        @Test("Each image of a batch is measured as alone")
        func batch() throws {
            let (image, target) = ImageQualityTests.noise(count: 2 * 3 * 13 * 17)
            let images = try Tensor.floats(image, shape: [2, 3, 13, 17])
            let targets = try Tensor.floats(target, shape: [2, 3, 13, 17])
            let found = try ImageQuality.measured(images, against: targets)
            let size = ImageSize(width: 17, height: 13)
            let alone = [0..<663, 663..<1326].map { range in
                ImageQuality(
                    of: image.span.extracting(range),
                    against: target.span.extracting(range),
                    channels: 3,
                    size: size
                )
            }
            #expect(found == alone)
            let first = try images.narrowed(dimension: 0, start: 0, length: 1)
                .reshaped(to: [3, 13, 17])
            let second = try targets.narrowed(dimension: 0, start: 0, length: 1)
                .reshaped(to: [3, 13, 17])
            #expect(try ImageQuality.measured(first, against: second) == [alone[0]])
        }

        @Test("Shapes that differ, and shapes of no image, are errors")
        func shapes() throws {
            let image = try Tensor.full(0, shape: [1, 3, 4, 4])
            for shape in [[1, 3, 4, 5], [3, 4, 4], [48]] {
                let other = try Tensor.full(0, shape: shape)
                #expect(throws: TorchError.self) {
                    try ImageQuality.measured(image, against: other)
                }
            }
            let flat = try Tensor.full(0, shape: [4, 4])
            #expect(throws: TorchError.self) { try ImageQuality.measured(flat, against: flat) }
        }
    }
}

/// SSIM by its definition: the plain version.
private func plainSSIM(_ image: [Float], _ target: [Float], _ size: ImageSize) -> Double {
    let bell = (-5...5).map { exp(-Double($0 * $0) / (2 * 1.5 * 1.5)) }
    let total = bell.reduce(0, +)
    var (sum, positions) = (0.0, 0.0)
    for top in 0...size.height - 11 {
        for left in 0...size.width - 11 {
            func mean(_ value: (Double, Double) -> Double) -> Double {
                var mean = 0.0
                for y in 0..<11 {
                    for x in 0..<11 {
                        let index = (top + y) * size.width + left + x
                        let weight = bell[y] * bell[x] / (total * total)
                        mean += weight * value(Double(image[index]), Double(target[index]))
                    }
                }
                return mean
            }
            let (first, second) = (mean { a, _ in a }, mean { _, b in b })
            let variances = mean { a, b in
                (a - first) * (a - first) + (b - second) * (b - second)
            }
            let covariance = mean { a, b in (a - first) * (b - second) }
            sum +=
                (2 * first * second + 0.0004) / (first * first + second * second + 0.0004)
                * (2 * covariance + 0.0036) / (variances + 0.0036)
            positions += 1
        }
    }
    return sum / positions
}

/// A case of `Fixtures/make_metric_fixtures.py`.
struct MetricFixture: Codable, Sendable, CustomTestStringConvertible {
    var kind: String
    var change: String
    var channels: Int
    var height: Int
    var width: Int
    var l1: Double
    var psnr: Double
    var ssim: Double
    var msSSIM: Double?

    static func cases() throws -> [MetricFixture] {
        struct Document: Codable {
            var cases: [MetricFixture]
        }
        let bytes = try FileSystem.contents(of: "\(Places.fixtures)/metrics.json")
        return try JSONDecoder().decode(Document.self, from: Data(bytes)).cases
    }

    var testDescription: String { "\(kind) \(change) \(channels)x\(height)x\(width)" }

    var size: ImageSize { ImageSize(width: width, height: height) }

    static func float(_ byte: UInt8) -> Float { Float(byte) / 127.5 - 1 }

    /// The images, by the script's formulas.
    var images: (image: [Float], target: [Float]) {
        let target = bytes(shift: 0)
        let count = target.count
        let image: [UInt8]
        switch change {
        case "inverted": image = target.map { 255 - $0 }
        case "shifted": image = bytes(shift: 2)
        default:
            let bits = change == "noise" ? 2 : 6
            image = zip(target, Noise.bytes(count, seed: 11)).map { value, noise in
                UInt8(clamping: Int(value) + ((Int(noise) - 128) >> bits))
            }
        }
        return (image.map(Self.float), target.map(Self.float))
    }

    private func bytes(shift: Int) -> [UInt8] {
        switch kind {
        case "noise": return Noise.bytes(channels * height * width, seed: 7)
        case "flat": return Array(repeating: 100, count: channels * height * width)
        default:
            return (0..<channels * height * width).map { index in
                let (channel, rest) = index.quotientAndRemainder(dividingBy: height * width)
                let (y, x) = rest.quotientAndRemainder(dividingBy: width)
                let phase = (3 * (x + shift) + (5 + channel) * y + 40 * channel) % 510
                return UInt8(phase < 256 ? phase : 510 - phase)
            }
        }
    }
}
