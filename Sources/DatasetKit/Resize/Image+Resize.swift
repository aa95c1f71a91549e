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
        ResizePass(filter: filter, resampler: resampler, level: level)
            .resized(ImagePart(self), to: size, box: box, hasAlpha: hasAlpha)
    }
}

/// How images are resized: everything but the sizes.
struct ResizePass {
    var filter: ResizeFilter
    var resampler: Resampler
    var level: KernelLevel

    /// A part of an image at another size; the parameters are those of `Image.resized`, and the box
    /// lies inside the part.
    func resized(_ part: ImagePart, to size: ImageSize, box: ResizeBox?, hasAlpha: Bool) -> Image {
        let whole = ResizeBox(part.size)
        let box = box ?? whole
        precondition(size.width > 0 && size.height > 0, "an image has pixels, not \(size)")
        precondition(box.isInside(part.size), "\(box) leaves an image of \(part.size)")
        if size == part.size && box == whole { return part.copied }
        guard hasAlpha && filter != .nearest else { return resized(part, to: size, box: box) }
        var source = part.copied
        source.premultiply()
        var result = resized(ImagePart(source), to: size, box: box)
        result.unpremultiply()
        return result
    }

    /// As `Image.resize` in Pillow: very tall images are shrunk in two steps by release 12.
    private func resized(_ part: ImagePart, to size: ImageSize, box: ResizeBox) -> Image {
        let old = part.size
        let isVeryTall = old.height > 100 * old.width && size.height < old.height
        guard resampler == .pillow12 && isVeryTall else {
            return resizedAtOnce(part, to: size, box: box)
        }
        var vertical = box
        (vertical.left, vertical.right) = (0, Float(old.width))
        var horizontal = box
        (horizontal.top, horizontal.bottom) = (0, Float(size.height))
        let low = resizedAtOnce(
            part,
            to: ImageSize(width: old.width, height: size.height),
            box: vertical
        )
        return resizedAtOnce(ImagePart(low), to: size, box: horizontal)
    }

    /// As the function in C below it.
    private func resizedAtOnce(_ part: ImagePart, to size: ImageSize, box: ResizeBox) -> Image {
        let (width, height) = (Float(size.width), Float(size.height))
        if box.left == box.left.rounded(.towardZero) && box.right - box.left == width
            && box.top == box.top.rounded(.towardZero) && box.bottom - box.top == height
        {
            return part.image.cropped(x: part.x + Int(box.left), y: part.y + Int(box.top), to: size)
        }
        if filter == .nearest { return part.copied.picked(size: size, box: box) }

        let old = part.size
        let needsHorizontal = size.width != old.width || box.left != 0 || box.right != width
        let needsVertical = size.height != old.height || box.top != 0 || box.bottom != height
        let program =
            part.image.sampleType == .u8 && level != .portable
            ? ResizeAxis.Key.Program(channels: part.image.channels, level: level) : nil
        let horizontal = ResizeAxis.Key(
            source: old.width,
            target: size.width,
            low: box.left,
            high: box.right,
            filter: filter,
            program: program
        )
        let vertical = ResizeAxis.Key(
            source: old.height,
            target: size.height,
            low: box.top,
            high: box.bottom,
            filter: filter
        )
        return resized(
            part,
            to: size,
            horizontal: needsHorizontal ? .axis(horizontal) : nil,
            vertical: needsVertical ? .axis(vertical) : nil
        )
    }

    private func resized(
        _ part: ImagePart,
        to size: ImageSize,
        horizontal: ResizeAxis?,
        vertical: ResizeAxis?
    ) -> Image {
        let (image, old) = (part.image, part.size)
        let lostRows = old.height - size.height
        let isVerticalFirst =
            resampler == .pillow13 && lostRows > 0 && lostRows > 2 * (old.width - size.width)
        let count = size.width * size.height * image.bytesPerPixel
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { target, filled in
            let isDone = unsafe image.bytes.withUnsafeBytes { source in
                var job = unsafe ckern_resize(
                    source: source.baseAddress.map { unsafe $0 + part.offset },
                    source_stride: image.width * image.channels,
                    target: target.baseAddress,
                    width: Int32(old.width),
                    height: Int32(old.height),
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
            precondition(isDone, "there is no memory to resize \(old) to \(size)")
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
