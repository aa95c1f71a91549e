import Augment
import DatasetKit
import Foundation
import TestSupport
import Testing

/// The fast pipeline against the plain one, and its guarantees.
@Suite struct RenderingTests {
    /// Crops, flips, turns, colours and holes in every order that a recipe might have.
    private static let recipes = [
        "[]",
        #"[{"op": "crop", "width": 20, "height": 17}]"#,
        #"[{"op": "flip-horizontal"}, {"op": "crop", "width": 33, "height": 30}]"#,
        #"[{"op": "crop", "width": 33, "height": 30}, {"op": "flip-vertical"}, {"op": "flip-horizontal"}]"#,
        #"[{"op": "crop", "width": 19, "height": 19}, {"op": "rotate-90"}, {"op": "flip-vertical"}]"#,
        #"[{"op": "color-jitter", "brightness": 0.4, "contrast": 0.4, "saturation": 0.4, "hue": 0.5}]"#,
        #"[{"op": "color-jitter", "contrast": [0, 2]}, {"op": "crop", "width": 21, "height": 9}]"#,
        """
        [{"op": "crop", "width": 32, "height": 32}, {"op": "flip-horizontal"},
         {"op": "color-jitter", "brightness": 0.2, "contrast": 0.2, "saturation": 0.2, "hue": 0.05},
         {"op": "erase", "value": 0.25}, {"op": "cutout", "holes": 3, "value": [0, 0.5, 1]}]
        """,
        """
        [{"op": "erase", "value": 1, "p": 1}, {"op": "color-jitter", "hue": 0.2, "brightness": 0.5},
         {"op": "gamma", "gamma": [0.5, 2]}, {"op": "color-jitter", "saturation": 1, "contrast": 0.5},
         {"op": "flip-horizontal"}, {"op": "crop", "width": 17, "height": 30}, {"op": "grayscale"}]
        """,
    ]

    @Test(arguments: recipes)
    func equalsThePlainPipeline(_ recipe: String) throws {
        let source = MemoryPairs([
            ImagePair(
                input: Noise.image(width: 37, height: 33),
                target: Noise.image(width: 37, height: 33, seed: 5)
            )
        ])
        let augmentation = try source.augmentation(recipe)
        for sample in 0..<40 {
            let transform = augmentation.draw(seed: 3, epoch: 1, sample: sample, of: 1)
            let batch = try source.render(transform, by: augmentation)
            for side in PairSide.allCases {
                let image = side == .input ? source.pairs[0].input : source.pairs[0].target
                let plain = try #require(PlainImage(image).applied(transform.operations, side))
                let planes = side == .input ? batch.input : batch.target
                #expect(plain.difference(planes) < 4e-6, "\(transform.summary)")
            }
        }
    }

    /// Crops and flips move samples and nothing else: bit for bit.
    @Test func geometryOfSamplesIsExact() throws {
        for channels in [1, 2, 3, 4] {
            let image = Noise.image(width: 53, height: 31, channels: channels)
            let source = MemoryPairs(both: image)
            let augmentation = try source.augmentation(
                #"[{"op": "flip-vertical"}, {"op": "crop", "width": 35, "height": 20}, {"op": "flip-horizontal"}]"#
            )
            for sample in 0..<30 {
                let transform = augmentation.draw(seed: 1, epoch: 1, sample: sample, of: 1)
                let batch = try source.render(transform, by: augmentation)
                let plain = try #require(PlainImage(image).applied(transform.operations, .input))
                let expected = plain.planes.flatMap { plane in
                    plane.map { (Float(($0 * 255).rounded()) / 255 - 0.5) / 0.5 }
                }
                #expect(batch.input == expected)
            }
        }
    }

    private static let everything = """
        [{"op": "scale-jitter", "scale": [1, 1.5], "width": 40, "height": 40},
         {"op": "one-of", "operations": [{"op": "affine", "rotation": 30, "scale": [0.8, 1.2],
            "shearX": 10, "translateY": 0.2}, {"op": "elastic", "alpha": 80, "sigma": 4}]},
         {"op": "crop", "width": 35, "height": 35}, {"op": "rotate-90"}, {"op": "flip-vertical"},
         {"op": "sequence", "p": 0.5, "operations": [{"op": "gamma"}, {"op": "noise"}]},
         {"op": "color-jitter", "brightness": 0.2, "contrast": 0.2, "saturation": 0.2, "hue": 0.1},
         {"op": "blur"}, {"op": "jpeg"}, {"op": "grayscale"}, {"op": "cutmix", "p": 0.5},
         {"op": "mixup", "p": 0.5}, {"op": "erase", "value": "noise"}, {"op": "cutout"}]
        """

    private var source: MemoryPairs {
        MemoryPairs(
            (0..<5).map { number in
                let image = Noise.image(width: 44, height: 42, seed: UInt32(number + 1))
                return ImagePair(input: image, target: image)
            }
        )
    }

    @Test func anImagePairedWithItselfStaysEqual() throws {
        let augmentation = try source.augmentation(Self.everything)
        for sample in 0..<60 {
            let transform = augmentation.draw(seed: 9, epoch: 2, sample: sample % 5, of: 5)
            let batch = try source.render(transform, by: augmentation, of: sample % 5)
            #expect(batch.input == batch.target, "\(transform.summary)")
            #expect(batch.size == ImageSize(width: 35, height: 35))
            #expect(batch.input.allSatisfy { (-1...1).contains($0) })
        }
    }

    /// Any list of operations: an image paired with itself stays equal, all instruction sets give the same
    /// bits, and the record replays.
    @Test(arguments: 0..<60)
    func randomPipelinesKeepThePairAligned(_ seed: UInt32) throws {
        var random = SmallRandom(state: seed &* 7919 + 1)
        let pipeline = RandomPipeline.make(&random, from: 42)
        let augmentation = try source.augmentation(pipeline)
        for sample in 0..<6 {
            let transform = augmentation.draw(seed: 1, epoch: sample, sample: sample % 5, of: 5)
            let batch = try source.render(transform, by: augmentation, of: sample % 5)
            #expect(batch.input == batch.target, "\(pipeline) \(transform.summary)")
            let portable = try source.render(
                transform,
                by: augmentation,
                of: sample % 5,
                level: .portable
            )
            #expect(batch.input == portable.input, "\(pipeline) \(transform.summary)")
            try augmentation.check(transform, of: 5, file: "", path: "")
            let text = try JSONEncoder().encode(transform)
            #expect(try JSONDecoder().decode(PairTransform.self, from: text) == transform)
        }
    }

    @Test func allLevelsGiveTheSameBits() throws {
        let augmentation = try source.augmentation(Self.everything)
        for sample in 0..<30 {
            let transform = augmentation.draw(seed: 4, epoch: 1, sample: sample % 5, of: 5)
            let batches = try KernelLevel.available.map {
                try source.render(transform, by: augmentation, of: sample % 5, level: $0).input
            }
            for batch in batches { #expect(batch == batches[0], "\(transform.summary)") }
        }
    }

    /// What was drawn, printed and read again, does the same.
    @Test func recordsReplay() throws {
        let augmentation = try source.augmentation(Self.everything)
        for sample in 0..<30 {
            let transform = augmentation.draw(seed: 4, epoch: 7, sample: sample % 5, of: 5)
            let text = try JSONEncoder().encode(transform)
            let again = try JSONDecoder().decode(PairTransform.self, from: text)
            #expect(again == transform)
            #expect(
                try source.render(again, by: augmentation, of: sample % 5).input
                    == source.render(transform, by: augmentation, of: sample % 5).input
            )
        }
    }

    /// A renderer that has done other pairs before gives what a new one gives.
    @Test func nothingIsLeftOfThePairBefore() throws {
        let augmentation = try source.augmentation(Self.everything)
        let renderer = PairRenderer(augmentation, of: source)
        var batch = renderer.batch(of: 1)
        for sample in 0..<40 {
            let transform = augmentation.draw(seed: 2, epoch: 3, sample: sample % 5, of: 5)
            try renderer.render(transform, of: sample % 5, into: &batch, at: 0)
            let fresh = try source.render(transform, by: augmentation, of: sample % 5)
            #expect(batch.input == fresh.input && batch.target == fresh.target)
        }
    }
}
