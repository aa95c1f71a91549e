public import DatasetKit

/// What happens to one pair: drawn once, applied to both images.
public struct PairTransform: Sendable {
    let rescaling: Rescaling?
    let transforms: [any GeometricTransform]

    /// The drawn parameters in few words, such as `crop 12,3, flip`.
    public var summary: String {
        transforms.map(\.summary).joined(separator: ", ")
    }

    /// The pair after it.
    ///
    /// - Precondition: Both images have the size that the augmentation was made for.
    public func applied(to pair: ImagePair) -> ImagePair {
        ImagePair(input: applied(to: pair.input, .input), target: applied(to: pair.target, .target))
    }

    private func applied(to image: Image, _ side: PairSide) -> Image {
        var image = rescaling?.applied(to: image, side) ?? image
        for transform in transforms { image = transform.applied(to: image) }
        return image
    }
}

/// A resize before the operations, for training at another size than the recipe's.
struct Rescaling: Sendable {
    var size: ImageSize
    /// Each side's filter: label maps stay nearest.
    var filters: Sides<ResizeFilter>
    var resampler: Resampler

    func applied(to image: Image, _ side: PairSide) -> Image {
        image.resized(to: size, filter: filters[side], resampler: resampler)
    }
}
