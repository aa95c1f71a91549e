public import DatasetKit

/// Noise that the fixture scripts make as well.
public enum Noise {
    /// Bytes from a linear congruential generator.
    public static func bytes(_ count: Int, seed: UInt32 = 12345) -> [UInt8] {
        var state = seed
        return (0..<count).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(state >> 24)
        }
    }

    /// An image of noise.
    public static func image(
        width: Int,
        height: Int,
        channels: Int = 3,
        seed: UInt32 = 12345
    ) -> Image {
        Image(
            size: ImageSize(width: width, height: height),
            channels: channels,
            bytes: bytes(width * height * channels, seed: seed)
        )
    }
}
