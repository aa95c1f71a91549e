public import DatasetKit

/// Some augmented pairs as networks take them: float planes (NCHW), −1…1.
///
/// Samples of 8 and 16 bits become levels from 0 to 1, then −1 to 1, bit for bit as torchvision's `ToTensor`
/// (or `convert_image_dtype`) and `Normalize(0.5, 0.5)` have it; floats stay as they are. Its newer
/// `ToDtype(scale=True)` multiplies by 1/255 instead, which rounds the last bit of some levels otherwise.
public struct PairBatch: Sendable {
    /// The inputs, `[N, C, H, W]`.
    public var input: [Float]
    /// The targets, `[N, C, H, W]`.
    public var target: [Float]
    /// How many pairs there are.
    public let count: Int
    /// Width and height.
    public let size: ImageSize
    /// What the samples were in the shards.
    public let sides: Sides<SideForm>

    /// Makes room for pairs.
    ///
    /// - Precondition: There is at least one.
    public init(count: Int, size: ImageSize, sides: Sides<SideForm>) {
        precondition(count > 0, "a batch has pairs")
        self.count = count
        self.size = size
        self.sides = sides
        let pixels = count * size.width * size.height
        input = [Float](repeating: 0, count: pixels * sides.input.channels)
        target = [Float](repeating: 0, count: pixels * sides.target.channels)
    }

    /// A pair as images: levels rounded to 8 bits, floats as floats.
    ///
    /// - Precondition: The place is one of the batch's.
    public func pair(at place: Int) -> ImagePair {
        ImagePair(
            input: image(input, sides.input, at: place),
            target: image(target, sides.target, at: place)
        )
    }

    private func image(_ planes: [Float], _ form: SideForm, at place: Int) -> Image {
        let offset = place * size.width * size.height * form.channels
        return form.sampleType == .f32
            ? Image(floats: planes, at: offset, size: size, channels: form.channels)
            : Image(planes: planes, at: offset, size: size, channels: form.channels)
    }
}
