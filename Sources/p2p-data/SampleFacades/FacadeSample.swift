public import DatasetKit

/// One drawn pair: a photograph of a facade and its label map.
///
/// A seed and a number lead to a plan of a street, the plan to a scene, and the scene to both
/// images: its classes are the label map, its light is the photograph. Nothing else goes in, so a
/// pair is the same on every run and every thread, and pairs can be drawn in parallel.
public struct FacadeSample: Sendable {
    /// The photograph, `side * side` RGB.
    public let photo: Image
    /// The label map, `side * side` RGB: only the colours of ``FacadeClass``, without any blending.
    public let labels: Image

    /// Draws a pair.
    ///
    /// - Parameters:
    ///   - seed: The seed of the dataset.
    ///   - number: The number of the pair in the dataset, from 0.
    ///   - side: The width and height of each image in pixels, at least 16.
    /// - Complexity: O(side²); about 0.15 s for 256 on one core.
    public init(seed: UInt64, number: Int, side: Int = 256) {
        precondition(side >= 16, "a facade needs at least 16 pixels, not \(side)")
        let camera = Camera(plan: StreetPlan(seed: seed, number: number), side: side)
        labels = camera.labels()
        photo = camera.photograph()
    }

    /// Both images in one, as the pix2pix datasets store them: photo left, labels right.
    public func sideBySide() -> Image {
        let size = ImageSize(width: photo.width * 2, height: photo.height)
        var both = Image(size: size, color: [0, 0, 0])
        both.paste(photo, x: 0, y: 0)
        both.paste(labels, x: photo.width, y: 0)
        return both
    }

    /// How many of a dataset's pairs are for training, validation and testing.
    ///
    /// An eighth each for validation and testing, at least one of them where there are three pairs;
    /// fewer than three are all for training.
    public static func splits(pairs: Int) -> (train: Int, val: Int, test: Int) {
        precondition(pairs >= 0, "a dataset has no \(pairs) pairs")
        guard pairs >= 3 else { return (pairs, 0, 0) }
        let eighth = max(1, (pairs + 4) / 8)
        return (pairs - 2 * eighth, eighth, eighth)
    }
}
