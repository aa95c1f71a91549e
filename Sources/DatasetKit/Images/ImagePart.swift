/// A box of an image that was not copied out of it, such as one half of a side-by-side pair.
package struct ImagePart {
    /// The whole image.
    package let image: Image
    /// The box's first column.
    package let x: Int
    /// The box's first row.
    package let y: Int
    /// The box's size.
    package let size: ImageSize

    /// Takes a box of an image.
    ///
    /// - Precondition: The box lies inside the image.
    package init(of image: Image, x: Int, y: Int, size: ImageSize) {
        precondition(
            x >= 0 && y >= 0 && x + size.width <= image.width && y + size.height <= image.height,
            "a box of \(size) at (\(x), \(y)) leaves an image of \(image.size)"
        )
        self.image = image
        self.x = x
        self.y = y
        self.size = size
    }

    /// Takes all of an image.
    package init(_ image: Image) {
        self.init(of: image, x: 0, y: 0, size: image.size)
    }

    /// Where the box's first pixel begins in the image's bytes.
    var offset: Int { y * image.bytesPerRow + x * image.bytesPerPixel }

    /// The box as an image of its own.
    package var copied: Image {
        size == image.size ? image : image.cropped(x: x, y: y, to: size)
    }
}
