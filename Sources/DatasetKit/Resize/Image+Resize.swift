import CKernels

extension Image {
    /// The image at another size, bit for bit as Pillow computes it.
    ///
    /// Like Pillow, filters widen when an image shrinks (antialiasing), the window is cut and
    /// renormalised at the edges, and each of the two passes rounds to the sample type. 16-bit
    /// samples are computed as in Pillow's mode `I;16` and floats as in `F`, each channel alone.
    ///
    /// - Parameters:
    ///   - size: The new size.
    ///   - box: The part of the image to take; `nil` for all of it.
    ///   - filter: The filter.
    ///   - resampler: Which release of Pillow to equal.
    ///   - hasAlpha: Whether the last channel is opacity. Colours are then weighted by it, as
    ///     Pillow does for the modes `RGBA` and `LA`, except with the filter `nearest`.
    /// - Returns: The resized image, or a copy where the size is the same.
    /// - Precondition: The box lies inside the image, and an image with alpha has a colour too.
    public func resized(
        to size: ImageSize,
        box: ResizeBox? = nil,
        filter: ResizeFilter = .bicubic,
        resampler: Resampler = .pillow13,
        hasAlpha: Bool = false
    ) -> Image {
        resized(
            to: size,
            box: box,
            filter: filter,
            resampler: resampler,
            hasAlpha: hasAlpha,
            level: .best
        )
    }

    /// The same with the loops of a level that this processor has.
    package func resized(
        to size: ImageSize,
        box: ResizeBox?,
        filter: ResizeFilter,
        resampler: Resampler,
        hasAlpha: Bool,
        level: KernelLevel
    ) -> Image {
        let whole = ResizeBox(self.size)
        let box = box ?? whole
        precondition(size.width > 0 && size.height > 0, "an image has pixels, not \(size)")
        precondition(box.isInside(self.size), "\(box) leaves an image of \(self.size)")
        if size == self.size && box == whole { return self }

        let pass = ResizePass(filter: filter, resampler: resampler, level: level)
        if hasAlpha && filter != .nearest {
            var source = self
            source.premultiply()
            var result = pass.resized(source, to: size, box: box)
            result.unpremultiply()
            return result
        }
        return pass.resized(self, to: size, box: box)
    }
}

/// How images are resized: everything but the sizes.
struct ResizePass {
    var filter: ResizeFilter
    var resampler: Resampler
    var level: KernelLevel

    /// As `Image.resize` in Pillow: very tall images are shrunk in two steps by release 12.
    func resized(_ image: Image, to size: ImageSize, box: ResizeBox) -> Image {
        let isVeryTall = image.height > 100 * image.width && size.height < image.height
        guard resampler == .pillow12 && isVeryTall else {
            return resizedAtOnce(image, to: size, box: box)
        }
        var vertical = box
        (vertical.left, vertical.right) = (0, Float(image.width))
        var horizontal = box
        (horizontal.top, horizontal.bottom) = (0, Float(size.height))
        let low = ImageSize(width: image.width, height: size.height)
        return resizedAtOnce(
            resizedAtOnce(image, to: low, box: vertical),
            to: size,
            box: horizontal
        )
    }

    /// As the function in C below it.
    private func resizedAtOnce(_ image: Image, to size: ImageSize, box: ResizeBox) -> Image {
        let (width, height) = (Float(size.width), Float(size.height))
        if box.left == box.left.rounded(.towardZero) && box.right - box.left == width
            && box.top == box.top.rounded(.towardZero) && box.bottom - box.top == height
        {
            return image.cropped(x: Int(box.left), y: Int(box.top), to: size)
        }
        if filter == .nearest { return image.picked(size: size, box: box) }

        let needsHorizontal = size.width != image.width || box.left != 0 || box.right != width
        let needsVertical = size.height != image.height || box.top != 0 || box.bottom != height
        let program =
            image.sampleType == .u8 && level != .portable
            ? ResizeAxis.Key.Program(channels: image.channels, level: level) : nil
        let horizontal = ResizeAxis.Key(
            source: image.width,
            target: size.width,
            low: box.left,
            high: box.right,
            filter: filter,
            program: program
        )
        let vertical = ResizeAxis.Key(
            source: image.height,
            target: size.height,
            low: box.top,
            high: box.bottom,
            filter: filter
        )
        return resized(
            image,
            to: size,
            horizontal: needsHorizontal ? .axis(horizontal) : nil,
            vertical: needsVertical ? .axis(vertical) : nil
        )
    }

    private func resized(
        _ image: Image,
        to size: ImageSize,
        horizontal: ResizeAxis?,
        vertical: ResizeAxis?
    ) -> Image {
        let lostRows = image.height - size.height
        let isVerticalFirst =
            resampler == .pillow13 && lostRows > 0 && lostRows > 2 * (image.width - size.width)
        let count = size.width * size.height * image.bytesPerPixel
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { target, filled in
            let isDone = unsafe image.bytes.withUnsafeBytes { source in
                var job = unsafe ckern_resize(
                    source: source.baseAddress,
                    target: target.baseAddress,
                    width: Int32(image.width),
                    height: Int32(image.height),
                    channels: Int32(image.channels),
                    horizontal: horizontal?.pointer,
                    vertical: vertical?.pointer,
                    program: horizontal?.program,
                    vertical_first: isVerticalFirst,
                    level: level.rawValue
                )
                return switch image.sampleType {
                case .u8: unsafe ckern_resize_u8(&job)
                case .u16: unsafe ckern_resize_u16(&job)
                case .f32: unsafe ckern_resize_f32(&job)
                }
            }
            precondition(isDone, "there is no memory to resize \(image.size) to \(size)")
            filled = count
        }
        withExtendedLifetime((horizontal, vertical)) {}
        return Image(
            size: size,
            channels: image.channels,
            sampleType: image.sampleType,
            bytes: bytes
        )
    }
}
