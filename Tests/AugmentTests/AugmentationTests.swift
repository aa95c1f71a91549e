import Augment
import DatasetKit
import FoundationEssentials
import TestSupport
import Testing

@Suite struct AugmentationTests {
    private let size = ImageSize(width: 40, height: 36)

    private func recipe(_ operations: String) throws -> Recipe {
        let json = #"{"source": {"path": "x"}, "augment": \#(operations)}"#
        return try Recipe(
            JSONValue.parse(Data(json.utf8), path: "r.json", code: .invalidRecipe),
            file: "r.json"
        )
    }

    private func jitter() throws -> Augmentation {
        let operations = #"[{"op": "crop", "width": 32, "height": 32}, {"op": "flip-horizontal"}]"#
        return try Augmentation(recipe(operations), imageSize: size)
    }

    /// The pixel's own place in its first two channels.
    private var coordinates: Image {
        var bytes: [UInt8] = []
        for y in 0..<size.height {
            for x in 0..<size.width { bytes += [UInt8(x), UInt8(y), 0] }
        }
        return Image(size: size, channels: 3, bytes: bytes)
    }

    @Test func anImagePairedWithItselfStaysEqual() throws {
        let augmentation = try jitter()
        let image = Noise.image(width: 40, height: 36)
        for sample in 0..<200 {
            let pair = augmentation.draw(seed: 1, epoch: 3, sample: sample)
                .applied(to: ImagePair(input: image, target: image))
            #expect(pair.input == pair.target)
            #expect(pair.input.size == ImageSize(width: 32, height: 32))
        }
    }

    /// What a crop at (x, y) and a flip must do to each pixel, found from the coordinates that the
    /// pixels carry: every offset occurs, both ends included, and half of the draws are flipped.
    @Test func cropsReachEveryPlaceAndHalfAreFlipped() throws {
        let augmentation = try jitter()
        let pair = ImagePair(input: coordinates, target: coordinates)
        var offsets: [Int: Int] = [:]
        var flips = 0
        let draws = 1800
        for sample in 0..<draws {
            let drawn = augmentation.draw(seed: 2, epoch: 1, sample: sample).applied(to: pair)
                .target
            let first = Int(drawn.bytes[0])
            let last = Int(drawn.bytes[31 * 3])
            #expect(abs(last - first) == 31)
            if last < first { flips += 1 }
            let (x, y) = (min(first, last), Int(drawn.bytes[1]))
            offsets[y * 9 + x, default: 0] += 1
            #expect((0...8).contains(x) && (0...4).contains(y))
        }
        // 45 places of 40 each: chi-squared with 44 degrees of freedom stays below 78.7 (0.999).
        let chiSquared = offsets.values.reduce(0.0) {
            $0 + (Double($1) - 40) * (Double($1) - 40) / 40
        }
        #expect(offsets.count == 45)
        #expect(chiSquared < 78.7)
        // A binomial's standard deviation is 21: five of them.
        #expect(abs(flips - draws / 2) < 106)
    }

    @Test func aDrawIsAFunctionOfSeedEpochAndSample() throws {
        let augmentation = try jitter()
        func summary(_ seed: UInt64, _ epoch: Int, _ sample: Int) -> String {
            augmentation.draw(seed: seed, epoch: epoch, sample: sample).summary
        }
        #expect(summary(7, 2, 5) == summary(7, 2, 5))
        let many = (0..<20).map { summary(7, 2, $0) }
        #expect(Set(many).count > 5)
        #expect((0..<20).map { summary(8, 2, $0) } != many)
        #expect((0..<20).map { summary(7, 3, $0) } != many)
    }

    @Test func evaluationTakesTheMiddleAndNeverFlips() throws {
        let drawn = try jitter().evaluation
            .applied(to: ImagePair(input: coordinates, target: coordinates)).input
        #expect(drawn.bytes.prefix(2) == [4, 2])
        #expect(drawn.size == ImageSize(width: 32, height: 32))
    }

    @Test func anotherSizeSeesTheSamePartOfThePicture() throws {
        let operations = #"[{"op": "crop", "width": 256, "height": 256}]"#
        let augmentation = try Augmentation(
            recipe(operations),
            imageSize: ImageSize(width: 286, height: 286),
            outputSize: ImageSize(width: 128, height: 128)
        )
        let image = Noise.image(width: 286, height: 286)
        let small = image.resized(to: ImageSize(width: 143, height: 143))
        let transform = augmentation.evaluation
        #expect(transform.summary == "crop 7,7")
        #expect(
            transform.applied(to: ImagePair(input: image, target: image)).input
                == small.cropped(x: 7, y: 7, to: ImageSize(width: 128, height: 128))
        )
    }

    @Test func flippingTwiceIsTheIdentity() {
        let image = Noise.image(width: 7, height: 3)
        #expect(Mirroring().applied(to: image) != image)
        #expect(Mirroring().applied(to: Mirroring().applied(to: image)) == image)
    }

    @Test(arguments: [
        (#"[{"op": "crop", "width": 41, "height": 8}]"#, "augment[0].width: expected at most"),
        (
            #"[{"op": "crop", "width": 8, "height": 8}, {"op": "crop", "width": 8, "height": 9}]"#,
            "augment[1].height: expected at most the images' height of 8, found 9"
        ),
        (#"[{"op": "crop", "width": 8}]"#, "augment[0].height: expected a whole number"),
        (#"[{"op": "crop", "width": 8, "height": 8, "p": 0.5}]"#, "unknown key augment[0].p"),
        (
            #"[{"op": "flip-horizontal", "p": 1.5}]"#,
            "augment[0].p: expected a number from 0.0 to 1.0"
        ),
        (#"[{"op": "flip-horizontal", "p": -0.1}]"#, "augment[0].p"),
        (#"[{"op": "flip"}]"#, #"augment[0].op: expected one of "crop", "flip-horizontal""#),
        (#"[{}]"#, "augment[0].op: expected one of"),
        (#"["crop"]"#, "augment[0]: expected an object"),
    ])
    func impossibleOperationsAreRefusedWithTheirPlace(_ json: String, _ message: String) {
        let error = #expect(throws: DatasetError.self) {
            try Augmentation(recipe(json), imageSize: size)
        }
        #expect(error?.code == .invalidRecipe)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }
}
