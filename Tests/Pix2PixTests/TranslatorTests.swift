import DatasetKit
import Pix2Pix
import TestSupport
import Testing

extension TorchTests {
    /// Image in, image out, whatever its size.
    @Suite struct TranslatorTests {
        private let temporary: TemporaryFolder

        init() throws { temporary = try TemporaryFolder() }

        /// Use without chance.
        private func plain(
            _ model: TrainedModel,
            norm: TrainOptions.TestNorm = .batch
        ) -> GeneratorUse {
            var use = GeneratorUse(model.model.options)
            use.dropout = false
            use.norm = norm
            return use
        }

        /// `[1, C, H, W]` as torchvision's ToTensor and Normalize(0.5, 0.5) make it.
        private func tensor(_ image: Image) throws -> Tensor {
            let plane = image.width * image.height
            let values = (0..<image.channels).flatMap { channel in
                (0..<plane).map { (Float(image.bytes[$0 * 3 + channel]) / 255 - 0.5) / 0.5 }
            }
            return try .floats(values, shape: [1, image.channels, image.height, image.width])
        }

        /// Rounded levels of the middle of what is made.
        private func levels(_ made: Tensor, margin: Int) throws -> [UInt8] {
            let shape = made.shape
            let (height, width) = (shape[2], shape[3])
            let values = try made.floats()
            return (margin..<height - margin).flatMap { row in
                (margin..<width - margin).flatMap { column in
                    (0..<shape[1]).map { channel in
                        let value = values[(channel * height + row) * width + column]
                        return UInt8(((value + 1) * 127.5).rounded())
                    }
                }
            }
        }

        @Test(
            "What is made is the generator's, rounded",
            arguments: [
                TrainOptions.TestNorm.batch, .running,
            ]
        )
        func wholeImage(norm: TrainOptions.TestNorm) throws {
            let model = try SmallModel.make(in: temporary)
            let translator = try Translator(model, use: plain(model, norm: norm))
            let image = Noise.image(width: 64, height: 32)
            let made = try translator.translate(image, name: "a")
            let mode = ForwardMode.inference(norm == .batch ? .batch : .running, dropout: false)
            let expected = try model.generator(tensor(image), mode: mode)
            #expect(made.bytes == (try levels(expected, margin: 0)))
            #expect(made.size == image.size && made.channels == 3 && made.sampleType == .u8)
            #expect(Set(made.bytes).count > 20, "a picture, not a plain colour")
        }

        @Test("Other sizes are padded as PyTorch's ReflectionPad2d does it, and cut back")
        func padded() throws {
            let model = try SmallModel.make(in: temporary)
            let translator = try Translator(model, use: plain(model))
            // 12 and 4 pixels on each side.
            for (side, margin) in [(40, 12), (56, 4)] {
                let image = Noise.image(width: side, height: side)
                let made = try translator.translate(image, name: "a")
                let expected = try model.generator(
                    tensor(image).reflectionPadded(by: margin),
                    mode: .inference(.batch, dropout: false)
                )
                #expect(made.bytes == (try levels(expected, margin: margin)))
            }
        }

        @Test(
            "Images of any size keep it",
            arguments: [
                ImageSize(width: 1, height: 1), ImageSize(width: 3, height: 150),
                ImageSize(width: 33, height: 31), ImageSize(width: 100, height: 1),
            ]
        )
        func anySize(_ size: ImageSize) throws {
            let model = try SmallModel.make(in: temporary)
            let image = Noise.image(width: size.width, height: size.height)
            let tiling = try Tiling(tile: 32, overlap: 8, for: .unet32)
            for tiling in [nil, tiling] {
                let translator = try Translator(model, tiling: tiling)
                #expect(try translator.translate(image, name: "a").size == size)
            }
        }

        @Test("A residual network takes any size too")
        func residual() throws {
            let model = try SmallModel.make(in: temporary) { $0.generator = .resnet6 }
            let translator = try Translator(model)
            for size in [ImageSize(width: 1, height: 9), ImageSize(width: 30, height: 21)] {
                let image = Noise.image(width: size.width, height: size.height)
                #expect(try translator.translate(image, name: "a").size == size)
            }
        }

        @Test("Dropout depends on the seed and the image's name, and on nothing else")
        func dropout() throws {
            let model = try SmallModel.make(in: temporary) { $0.generator = .unet64 }
            let image = Noise.image(width: 64, height: 64)
            func made(_ name: String, seed: Int = 0, drops: Bool = true) throws -> Image {
                var use = GeneratorUse(model.model.options)
                (use.seed, use.dropout) = (seed, drops)
                return try Translator(model, use: use).translate(image, name: name)
            }
            let first = try made("a")
            _ = try made("b")
            #expect(try made("a") == first)
            #expect(try made("b") != first)
            #expect(try made("a", seed: 1) != first)
            #expect(try made("a", drops: false) == made("b", seed: 1, drops: false))
        }

        @Test("The larger tiles and overlaps are, the nearer is the whole image")
        func tiles() throws {
            let model = try SmallModel.make(in: temporary) { $0.norm = .none }
            let image = Noise.image(width: 200, height: 120)
            let whole = try Translator(model, use: plain(model)).translate(image, name: "a")
            let differences = try [(32, 0), (128, 64)].map { tile, overlap in
                let tiling = try Tiling(tile: tile, overlap: overlap, for: .unet32)
                let translator = try Translator(model, use: plain(model), tiling: tiling)
                #expect(translator.isTiled(image.size))
                #expect(!translator.isTiled(ImageSize(width: tile, height: 9)))
                #expect(!translator.dependsOnWholeImage)
                return ImageDifference(try translator.translate(image, name: "a"), whole)
            }
            #expect(differences[1].largest > 0, "it was made of tiles")
            #expect(differences[1].mean < differences[0].mean, "\(differences)")
            #expect(try Translator(SmallModel.make(in: temporary)).dependsOnWholeImage)
        }

        @Test("Depth and channels are those of the targets")
        func forms() throws {
            let model = try SmallModel.make(
                in: temporary,
                input: SmallModel.side(1, .u16),
                target: SmallModel.side(5, .f32)
            ) { $0.targetRange = TrainOptions.ValueRange(low: 100, high: 500) }
            let bytes = Noise.bytes(2 * 40 * 20)
            let image = Image(
                size: ImageSize(width: 40, height: 20),
                channels: 1,
                sampleType: .u16,
                bytes: bytes
            )
            let made = try Translator(model).translate(image, name: "a")
            #expect(made.channels == 5 && made.sampleType == .f32 && made.size == image.size)
            let values = (0..<made.bytes.count / 4).map { place in
                Float(
                    bitPattern: (0..<4).reduce(0) {
                        $0 | UInt32(made.bytes[4 * place + $1]) << (8 * $1)
                    }
                )
            }
            #expect(values.allSatisfy { (100...500).contains($0) })
            #expect((values.max() ?? 0) - (values.min() ?? 0) > 10)
        }

        @Test("The difference of two images, in their own units")
        func differences() {
            let size = ImageSize(width: 2, height: 1)
            let a = Image(size: size, channels: 1, bytes: [10, 200])
            let b = Image(size: size, channels: 1, bytes: [13, 100])
            let difference = ImageDifference(a, b)
            #expect(difference.largest == 100 && difference.mean == 51.5)
            let c = Image(size: size, channels: 1, sampleType: .u16, bytes: [0, 1, 0, 0])
            let d = Image(size: size, channels: 1, sampleType: .u16, bytes: [0, 0, 2, 0])
            #expect(ImageDifference(c, d).largest == 256 && ImageDifference(c, d).mean == 129)
        }
    }
}
