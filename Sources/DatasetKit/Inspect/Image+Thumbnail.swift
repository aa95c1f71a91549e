extension Image {
    /// The image as a small 8-bit grey or RGB picture, whatever its type: see ``InspectedImage``.
    ///
    /// - Parameter side: The longer side in pixels; smaller images stay as they are.
    /// - Returns: The picture, with the image's proportions.
    package func thumbnail(side: Int) -> Image {
        let displayed = InspectedImage(self).picture
        let longest = max(width, height)
        guard longest > side else { return displayed }
        let small = ImageSize(
            width: max(1, width * side / longest),
            height: max(1, height * side / longest)
        )
        return displayed.resized(to: small, filter: .box)
    }
}
