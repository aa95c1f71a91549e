/// An image that holds both images of a pair, side by side or one above the other.
struct SideBySide {
    /// Which half is the input.
    let input: Recipe.Source.Half

    /// Whether the halves lie side by side rather than one above the other.
    private var isHorizontal: Bool { input == .left || input == .right }

    /// Checks that both halves have the same size.
    ///
    /// - Throws: ``DatasetError`` with code `mismatch` for an odd width (or height).
    func check(_ size: ImageSize, path: String) throws(DatasetError) {
        let (length, side) = isHorizontal ? (size.width, "width") : (size.height, "height")
        guard length.isMultiple(of: 2) else {
            throw DatasetError(
                .mismatch,
                "expected two images of the same size, found an odd \(side) in \(size): one half "
                    + "would be a pixel larger; crop or pad the image so that its \(side) is even",
                path: path
            )
        }
    }

    /// The size of one half of an image.
    func half(of size: ImageSize) -> ImageSize {
        isHorizontal
            ? ImageSize(width: size.width / 2, height: size.height)
            : ImageSize(width: size.width, height: size.height / 2)
    }

    /// Where input and target lie in an image.
    ///
    /// - Precondition: The size passes ``check(_:path:)``.
    func parts(of image: Image) -> (input: ImagePart, target: ImagePart) {
        let half = half(of: image.size)
        let first = ImagePart(of: image, x: 0, y: 0, size: half)
        let second = ImagePart(
            of: image,
            x: isHorizontal ? half.width : 0,
            y: isHorizontal ? 0 : half.height,
            size: half
        )
        return input == .left || input == .top ? (first, second) : (second, first)
    }
}
