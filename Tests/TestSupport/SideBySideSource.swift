public import DatasetKit

/// A small source of side-by-side PNG files, for tests of builds and commands.
public struct SideBySideSource {
    /// Its folder, with `train`, `val` and so on in it.
    public let folder: String
    /// The images by split and key.
    public let images: [String: Image]

    /// Writes `train` and `val` pairs of noise.
    public init(
        in temporary: TemporaryFolder,
        name: String = "source",
        train: Int = 6,
        val: Int = 2,
        half: ImageSize = ImageSize(width: 20, height: 16)
    ) throws {
        folder = temporary.path(name)
        var images: [String: Image] = [:]
        for (split, count) in [("train", train), ("val", val)] {
            for number in 0..<count {
                let image = Noise.image(
                    width: 2 * half.width,
                    height: half.height,
                    seed: UInt32(number) &* 7919 &+ UInt32(split.utf8.count)
                )
                try temporary.write(
                    try ImageCodec.encodePNG(image),
                    to: "\(name)/\(split)/pair\(number).png"
                )
                images["\(split)/pair\(number)"] = image
            }
        }
        self.images = images
    }
}
