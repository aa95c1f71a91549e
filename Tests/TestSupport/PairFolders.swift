public import DatasetKit

/// Small PNG files of noise, for tests of sources in folders and lists.
public enum PairFolders {
    /// Writes one image of noise.
    public static func write(
        _ path: String,
        in temporary: TemporaryFolder,
        size: ImageSize = ImageSize(width: 12, height: 10),
        channels: Int = 3,
        seed: Int = 0
    ) throws {
        let image = Noise.image(
            width: size.width,
            height: size.height,
            channels: channels,
            seed: UInt32(
                truncatingIfNeeded: seed &* 7919 &+ path.utf8.reduce(0) { $0 &* 31 &+ Int($1) }
            )
        )
        try temporary.write(try ImageCodec.encodePNG(image), to: path)
    }

    /// Writes an image at each path.
    public static func write(_ paths: [String], in temporary: TemporaryFolder) throws {
        for path in paths { try write(path, in: temporary) }
    }
}
