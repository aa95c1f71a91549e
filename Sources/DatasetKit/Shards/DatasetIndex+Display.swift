extension DatasetIndex.Side {
    /// An image of this side as people look at it: 8-bit grey or RGB, whatever the shards hold.
    ///
    /// Inks become light, transparency shows black, 16 bits are scaled to 8, floats are stretched from
    /// the image's lowest to its highest value, and each label number has a colour of its own. Of
    /// channels without meaning the first three are shown.
    ///
    /// - Parameter image: The image, which may be cropped or of another sample type.
    /// - Returns: 1 or 3 channels of 8 bits.
    /// - Precondition: The image has this side's channels.
    public func displayed(_ image: Image) -> Image {
        precondition(image.channels == channels, "an image of another side")
        var image = image
        if alpha == true, channels > 1 { image = image.compositedOverColor([0]) }
        if colors == .cmyk { image = image.rgbFromCMYK() }
        let displayed = InspectedImage(image).picture
        return colors == .indices ? displayed.labelColors() : displayed
    }
}

extension Image {
    /// An 8-bit grey image with a colour for each level: neighbours differ, and 0 stays black.
    ///
    /// The bits of the level, from the lowest, go in turn to red, green and blue from the highest down,
    /// as in the colour map of the Pascal VOC challenge.
    fileprivate func labelColors() -> Image {
        var colors = [[UInt8]](repeating: [0, 0, 0], count: 256)
        for level in 0..<256 {
            for bit in 0..<8 where level >> bit & 1 == 1 {
                colors[level][bit % 3] |= 128 >> UInt8(bit / 3)
            }
        }
        return Image(size: size, channels: 3, bytes: bytes.flatMap { colors[Int($0)] })
    }
}
