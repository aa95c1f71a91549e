import DatasetKit
import Synchronization
import TestSupport

/// Pairs in memory, to plant faults in.
struct SceneSource: InspectionSource {
    let name = "scenes"
    var items: [InspectionItem]
    var losses: [DatasetError] = []
    var pairs: [ImagePair]

    /// Draws label maps and photographs of them: 3 of 4 for training, the rest for validation.
    init(_ count: Int = 32) {
        pairs = (0..<count).map { Scene(seed: UInt32($0)).pair }
        items = (0..<count).map {
            InspectionItem(key: "scene\($0)", split: $0 % 4 == 3 ? .val : .train)
        }
    }

    /// Pairs of another source, every fourth one taken for validation.
    init(_ source: some InspectionSource, limit: Int) throws {
        let all = try (0..<limit).map { try source.pair(at: $0) }
        pairs = all
        items = source.items.prefix(limit).enumerated().map { number, item in
            InspectionItem(key: item.key, split: number % 4 == 3 ? .val : .train)
        }
    }

    func pair(at index: Int) throws(DatasetError) -> ImagePair { pairs[index] }

    func displayedPair(at index: Int) throws(DatasetError) -> ImagePair { pairs[index] }

    /// The report on these pairs.
    func report(radius: Int = Inspector.defaultRadius) -> InspectionReport {
        Inspector(self, radius: radius, jobs: 2).inspect { _, _ in }
    }
}

/// A label map of boxes, and a photograph of it: muted colours, light from one side, grain.
struct Scene {
    static let side = 96
    private static let classes: [[UInt8]] = [
        [0, 0, 170], [255, 85, 0], [0, 170, 255], [170, 0, 0], [85, 255, 170], [255, 255, 0],
    ]

    /// The photograph as input, the label map as target.
    let pair: ImagePair

    init(seed: UInt32) {
        let side = Self.side
        var numbers = Noise.bytes(400, seed: seed &* 2_654_435_761 &+ 17)
        func next() -> Int { Int(numbers.removeLast()) }
        var labels = [Int](repeating: 0, count: side * side)
        for _ in 0..<14 {
            let (left, top, kind) = (next() * 80 / 256, next() * 80 / 256, 1 + next() * 5 / 256)
            let (width, height) = (8 + next() * 24 / 256, 8 + next() * 24 / 256)
            for y in top..<min(side, top + height) {
                for x in left..<min(side, left + width) { labels[y * side + x] = kind }
            }
        }
        let tones = (0..<6).map { _ in 50 + next() * 140 / 256 }
        let slope = Double(next() - 128) / 400
        let grain = Noise.bytes(side * side, seed: seed &+ 4242)
        var photo: [UInt8] = []
        var map: [UInt8] = []
        for (place, label) in labels.enumerated() {
            let light = slope * Double(place % side - side / 2)
            let value = Double(tones[label]) + light + Double(grain[place]) / 16
            for tint in [8.0, 0, -8] { photo.append(UInt8(max(0, min(255, value + tint)))) }
            map += Self.classes[label]
        }
        let size = ImageSize(width: side, height: side)
        pair = ImagePair(
            input: Image(size: size, channels: 3, bytes: photo),
            target: Image(size: size, channels: 3, bytes: map)
        )
    }
}

extension Image {
    /// The image as it comes back from JPEG.
    func asJPEG(quality: Int) throws -> Image {
        try ImageCodec.decode(ImageCodec.encodeJPEG(self, quality: quality), path: "").image
    }

    /// Each pixel is that of another place; places outside are taken from the border.
    func remapped(_ place: (_ x: Int, _ y: Int) -> (x: Int, y: Int)) -> Image {
        var result: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                let from = place(x, y)
                let row = max(0, min(height - 1, from.y))
                let start = row * bytesPerRow + max(0, min(width - 1, from.x)) * bytesPerPixel
                result += bytes[start..<start + bytesPerPixel]
            }
        }
        return Image(size: size, channels: channels, bytes: result)
    }

    /// The image mirrored left to right.
    var mirrored: Image { remapped { (width - 1 - $0, $1) } }

    /// Every sample changed.
    func mapped(_ change: (UInt8) -> UInt8) -> Image {
        Image(size: size, channels: channels, bytes: bytes.map(change))
    }

    /// The image blurred by reducing and enlarging it.
    func blurred(by factor: Int) -> Image {
        resized(to: ImageSize(width: width / factor, height: height / factor), filter: .bilinear)
            .resized(to: size, filter: .bicubic)
    }
}
