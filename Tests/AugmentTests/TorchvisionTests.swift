import Augment
import DatasetKit
import TestSupport
import Testing

/// The operations that torchvision has as well, against its results for the same parameters.
@Suite struct TorchvisionTests {
    /// How far a level may be from torchvision's, in units of 0…1; in brackets what was measured.
    private static func tolerance(_ kind: TorchvisionGolden.Kind) -> Double {
        switch kind {
        // No arithmetic, or whole levels: windows, turns, boxes, nearest pixels, Pillow's resize
        // and its JPEG coder give the same. The shift to −1…1 rounds (1.5e-8).
        case .moves, .nearest, .resizePillow, .jpeg: 2e-8
        // A weighted sum of two or three levels in single precision (6e-8), or of a kernel's in
        // double precision, kept as floats between the passes (6e-8).
        case .grayscale, .mixup, .resizeFloats: 1.5e-7
        // Sums of up to 26 products in single precision (1.8e-7); weighted means of four pixels
        // (1.2e-7); a power by polynomials (1.2e-7).
        case .blur, .warp, .gamma: 4e-7
        // Hue in single precision on both sides, by different formulas (1.0e-6); the other changes
        // are sums (1.8e-7).
        case .colorJitter: 2e-6
        // Pillow rounds to 8 bits after each pass, torchvision's floats never. The second pass is
        // off by half a level, the first by half a level times the sum of the kernel's absolute
        // weights, up to 1.25 for bicubic: 1.125 levels at most (1.02).
        case .resizeRounded: 1.15 / 255
        }
    }

    private let fixture = TorchvisionFixture.all

    @Test func theFixtureHasEveryKind() {
        #expect(fixture.images.count == 5)
        #expect(fixture.levels.count == 4)
        #expect(Set(fixture.cases.map(\.kind)) == Set(TorchvisionGolden.Kind.allCases))
    }

    @Test(arguments: TorchvisionFixture.all.cases)
    func equalsTorchvision(_ golden: TorchvisionGolden) throws {
        let images = try [golden.image, golden.partner].compactMap { $0 }.map {
            try #require(fixture.images[$0])
        }
        let source = MemoryPairs(images.map { ImagePair(input: $0, target: $0) })
        // The recipe only says how large the results are.
        let augmentation = try source.augmentation(
            #"[{"op": "crop", "width": \#(golden.width), "height": \#(golden.height)}]"#
        )
        let batch = try source.render(golden.operations, by: augmentation)
        let difference = golden.difference(batch.input)
        #expect(difference <= Self.tolerance(golden.kind))
        #expect(batch.target == batch.input)
    }

    /// Levels are quotients, rounded once: the bits are those of `ToTensor` and `Normalize`.
    ///
    /// `ToDtype` multiplies by a rounded inverse. It may be off by the last bit of a level, 2^-24,
    /// which is 2^-23 in −1…1.
    @Test(arguments: TorchvisionFixture.all.levels)
    func levelsAreThoseOfTorchvision(_ levels: TorchvisionLevels) throws {
        let source = MemoryPairs(both: levels.image)
        let batch = try source.render(PairTransform(), by: source.augmentation("[]"))
        #expect(batch.target == batch.input)
        switch levels.by {
        case .division:
            #expect(batch.input.map(\.bitPattern) == levels.expected.map(\.bitPattern))
        case .toDtype:
            #expect(batch.input.count == levels.expected.count)
            let differences = zip(batch.input, levels.expected).map { abs($0 - $1) }
            #expect(differences.allSatisfy { $0 <= 0x1p-23 })
            #expect(differences.contains { $0 > 0 })
        }
    }
}
