import DatasetKit
import TestSupport
import Testing

@Suite struct ResizePlanTests {
    @Test(arguments: ResizeGolden.all(.fit, .pad))
    func equalsPillowsImageOps(_ golden: ResizeGolden) {
        for resampler in Resampler.allCases {
            let plan = ResizePlan(
                mode: golden.kind == .fit ? .fitCrop : .fitPad,
                size: golden.size,
                filter: golden.filter,
                resampler: resampler,
                padding: golden.rest.map { UInt8($0) }
            )
            let result = plan.applied(to: golden.image, hasAlpha: golden.mode.hasAlpha)
            #expect(result.size == golden.size)
            #expect(crc32(result) == golden.expected(resampler), "\(resampler)")
        }
    }

    @Test func modesHaveTheNamesOfRecipes() {
        let names = ["stretch", "fit-crop", "fit-pad", "shorter-side", "scale-width", "none"]
        #expect(ResizeMode.allCases.map(\.rawValue) == names)
    }

    /// Sizes by the rules of torchvision's `Resize(int)` and the pix2pix reference's `__scale_width`.
    @Test(arguments: [
        (500, 333, 286, 429, 286, 286, 190), (333, 500, 286, 286, 429, 286, 429),
        (1024, 683, 256, 383, 256, 256, 170), (97, 61, 32, 50, 32, 32, 20),
        (64, 64, 100, 100, 100, 100, 100), (1000, 1, 3, 3000, 3, 3, 1),
    ])
    func sizesKeepProportions(_ c: (Int, Int, Int, Int, Int, Int, Int)) {
        let source = ImageSize(width: c.0, height: c.1)
        let side = ImageSize(width: c.2, height: 1)
        #expect(
            ResizePlan(mode: .shorterSide, size: side).outputSize(for: source)
                == ImageSize(width: c.3, height: c.4)
        )
        #expect(
            ResizePlan(mode: .scaleWidth, size: side).outputSize(for: source)
                == ImageSize(width: c.5, height: c.6)
        )
    }

    @Test(arguments: ResizeMode.allCases, ResizeFilter.allCases)
    func resultsHaveTheOutputSize(_ mode: ResizeMode, _ filter: ResizeFilter) {
        let size = ImageSize(width: 24, height: 18)
        let plan = ResizePlan(mode: mode, size: size, filter: filter)
        for (width, height) in [(1, 1), (50, 20), (20, 50), (24, 18), (400, 1), (1, 400)] {
            for channels in 1...4 {
                let image = Noise.image(width: width, height: height, channels: channels)
                let result = plan.applied(to: image, hasAlpha: channels % 2 == 0)
                #expect(result.size == plan.outputSize(for: image.size))
                #expect(result.channels == channels)
                if mode == .none { #expect(result == image) }
                if mode == .stretch {
                    let plain = image.resized(
                        to: size,
                        filter: filter,
                        hasAlpha: channels % 2 == 0
                    )
                    #expect(result == plain)
                }
            }
        }
    }

    /// The first pixel of a padded image: what the levels of a colour become.
    @Test(
        arguments: [
            ([], 3, false, [0, 0, 0]), ([], 4, true, [0, 0, 0, 0]), ([7], 3, false, [7, 7, 7]),
            ([7], 2, true, [7, 255]), ([7], 4, true, [7, 7, 7, 255]),
            ([1, 2, 3], 3, false, [1, 2, 3]),
            ([1, 2, 3], 4, true, [1, 2, 3, 255]), ([1, 2, 3, 4], 4, true, [1, 2, 3, 4]),
            ([255, 0, 0], 1, false, [76]), ([255, 0, 0], 2, true, [76, 255]),
        ] as [([UInt8], Int, Bool, [UInt8])]
    )
    func paddingFitsTheChannels(_ c: (padding: [UInt8], channels: Int, alpha: Bool, pixel: [UInt8]))
    {
        let plan = ResizePlan(
            mode: .fitPad,
            size: ImageSize(width: 8, height: 8),
            padding: c.padding
        )
        let image = Noise.image(width: 4, height: 2, channels: c.channels)
        #expect(
            Array(plan.applied(to: image, hasAlpha: c.alpha).bytes.prefix(c.channels)) == c.pixel
        )
    }

    @Test func paddingFitsTheSampleType() {
        let plan = ResizePlan(
            mode: .fitPad,
            size: ImageSize(width: 2, height: 4),
            padding: [255]
        )
        let size = ImageSize(width: 2, height: 2)
        let wide = Image(size: size, channels: 1, sampleType: .u16, bytes: Noise.bytes(8))
        #expect(plan.applied(to: wide).bytes.prefix(2) == [255, 255])
        let float = Image(size: size, channels: 1, sampleType: .f32, bytes: Noise.bytes(16))
        #expect(plan.applied(to: float).bytes.prefix(4) == [0, 0, 128, 63])
    }

    /// Half of a pair is resized where it lies; its neighbour must not shine through.
    @Test(arguments: ResizeMode.allCases, SampleType.allCases)
    func aPartIsResizedAsItsCopy(_ mode: ResizeMode, _ type: SampleType) {
        var random = SmallRandom(state: 7)
        for round in 0..<40 {
            let width = random.below(60) + 1
            let height = random.below(60) + 1
            let channels = random.below(4) + 1
            let samples = width * height * channels
            let image = Image(
                size: ImageSize(width: width, height: height),
                channels: channels,
                sampleType: type,
                bytes: type == .f32
                    ? Noise.bytes(samples).flatMap { [0, 0, $0, 63] }
                    : Noise.bytes(samples * type.byteCount, seed: UInt32(round))
            )
            let (x, y) = (random.below(width), random.below(height))
            let box = ImageSize(
                width: random.below(width - x) + 1,
                height: random.below(height - y) + 1
            )
            let part = ImagePart(of: image, x: x, y: y, size: box)
            #expect(part.copied == image.cropped(x: x, y: y, to: box))
            for filter in ResizeFilter.allCases {
                for resampler in Resampler.allCases {
                    let plan = ResizePlan(
                        mode: mode,
                        size: ImageSize(width: random.below(40) + 1, height: random.below(40) + 1),
                        filter: filter,
                        resampler: resampler
                    )
                    let hasAlpha = channels > 1 && random.below(2) == 0
                    let result = plan.applied(to: part, hasAlpha: hasAlpha)
                    #expect(result == plan.applied(to: part.copied, hasAlpha: hasAlpha))
                }
            }
        }
    }
}
