/// How an image comes to the size of a dataset; the names are those of recipes.
public enum ResizeMode: String, Codable, Sendable, CaseIterable {
    /// To the size, whatever becomes of the proportions.
    case stretch
    /// The largest middle part of the size's proportions, at the size: `PIL.ImageOps.fit`.
    case fitCrop = "fit-crop"
    /// All of the image as large as fits, in the middle of a plain colour: `PIL.ImageOps.pad`.
    case fitPad = "fit-pad"
    /// The shorter side to the size's width, the other in proportion: torchvision's `Resize(int)`.
    case shorterSide = "shorter-side"
    /// The width to the size's, the height in proportion: `scale_width` of the pix2pix reference.
    case scaleWidth = "scale-width"
    /// No resize.
    case none
}

/// How one side of a dataset is resized.
public struct ResizePlan: Equatable, Sendable {
    /// What becomes of the proportions.
    public var mode: ResizeMode
    /// The new size; `shorterSide` and `scaleWidth` take its width, `none` nothing.
    public var size: ImageSize
    /// The filter.
    public var filter: ResizeFilter
    /// Which release of Pillow to equal.
    public var resampler: Resampler
    /// The colour around an image with `fitPad`: 8-bit levels, one per channel or one for all.
    ///
    /// Empty is black, and transparent where there is alpha. Three levels become one grey for an
    /// image of one channel; a channel without a level, such as alpha, is full. Levels stand for
    /// 0…65535 in 16-bit samples and for 0…1 in floats.
    public var padding: [UInt8]

    /// Creates a plan.
    public init(
        mode: ResizeMode = .stretch,
        size: ImageSize,
        filter: ResizeFilter = .bicubic,
        resampler: Resampler = .pillow13,
        padding: [UInt8] = []
    ) {
        self.mode = mode
        self.size = size
        self.filter = filter
        self.resampler = resampler
        self.padding = padding
    }

    // MARK: - Sizes

    /// The size that an image of another size gets.
    public func outputSize(for source: ImageSize) -> ImageSize {
        switch mode {
        case .stretch, .fitCrop, .fitPad: size
        case .shorterSide: shorterSideSize(for: source)
        case .scaleWidth:
            ImageSize(
                width: size.width,
                height: max(1, Int(Double(size.width * source.height) / Double(source.width)))
            )
        case .none: source
        }
    }

    private func shorterSideSize(for source: ImageSize) -> ImageSize {
        let short = min(source.width, source.height)
        let long = max(source.width, source.height)
        let newLong = Int(Double(size.width * long) / Double(short))
        return source.width <= source.height
            ? ImageSize(width: size.width, height: newLong)
            : ImageSize(width: newLong, height: size.width)
    }

    /// The largest size with an image's proportions inside `size`: `PIL.ImageOps.contain`.
    private func containedSize(for source: ImageSize) -> ImageSize {
        let (width, height) = (Double(source.width), Double(source.height))
        var contained = size
        let ratio = width / height
        let newRatio = Double(size.width) / Double(size.height)
        if ratio > newRatio {
            let exact = height / width * Double(size.width)
            contained.height = max(1, Int(exact.rounded(.toNearestOrEven)))
        } else if ratio < newRatio {
            let exact = width / height * Double(size.height)
            contained.width = max(1, Int(exact.rounded(.toNearestOrEven)))
        }
        return contained
    }

    /// The largest middle part of an image with the proportions of `size`: `PIL.ImageOps.fit`.
    private func fittedBox(for source: ImageSize) -> ResizeBox {
        let (width, height) = (Double(source.width), Double(source.height))
        var (cropWidth, cropHeight) = (width, height)
        let ratio = width / height
        let newRatio = Double(size.width) / Double(size.height)
        if ratio > newRatio {
            cropWidth = newRatio * height
        } else if ratio < newRatio {
            cropHeight = width / newRatio
        }
        let left = (width - cropWidth) * 0.5
        let top = (height - cropHeight) * 0.5
        // The bounds matter where the division above rounded up, which Pillow refuses.
        return ResizeBox(
            left: Float(max(0, left)),
            top: Float(max(0, top)),
            right: Float(min(width, left + cropWidth)),
            bottom: Float(min(height, top + cropHeight))
        )
    }

    // MARK: - Images

    /// The image as the plan says.
    ///
    /// - Parameters:
    ///   - image: The image.
    ///   - hasAlpha: Whether its last channel is opacity.
    /// - Returns: An image of ``outputSize(for:)``.
    public func applied(to image: Image, hasAlpha: Bool = false) -> Image {
        applied(to: ImagePart(image), hasAlpha: hasAlpha)
    }

    /// The same for a part of an image, which is not copied first.
    package func applied(to part: ImagePart, hasAlpha: Bool) -> Image {
        func resized(to size: ImageSize, box: ResizeBox? = nil) -> Image {
            ResizePass(filter: filter, resampler: resampler, level: .best)
                .resized(part, to: size, box: box, hasAlpha: hasAlpha)
        }
        switch mode {
        case .stretch, .shorterSide, .scaleWidth: return resized(to: outputSize(for: part.size))
        case .fitCrop: return resized(to: size, box: fittedBox(for: part.size))
        case .fitPad: return padded(resized(to: containedSize(for: part.size)), hasAlpha: hasAlpha)
        case .none: return part.copied
        }
    }

    /// The image in the middle of one of the plan's size.
    private func padded(_ image: Image, hasAlpha: Bool) -> Image {
        if image.size == size { return image }
        let levels = paddingLevels(channels: image.channels, hasAlpha: hasAlpha)
        let pixel = levels.flatMap { level in
            switch image.sampleType {
            case .u8: [level]
            case .u16: [level, level]
            case .f32: Self.littleEndianBytes(Float(level) / 255)
            }
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size.width * size.height * pixel.count)
        for _ in 0..<size.width * size.height { bytes.append(contentsOf: pixel) }
        var result = Image(
            size: size,
            channels: image.channels,
            sampleType: image.sampleType,
            bytes: bytes
        )
        let x = (Double(size.width - image.width) * 0.5).rounded(.toNearestOrEven)
        let y = (Double(size.height - image.height) * 0.5).rounded(.toNearestOrEven)
        result.paste(image, x: Int(x), y: Int(y))
        return result
    }

    private func paddingLevels(channels: Int, hasAlpha: Bool) -> [UInt8] {
        if padding.isEmpty { return [UInt8](repeating: 0, count: channels) }
        if padding.count == channels { return padding }
        let colors = hasAlpha ? channels - 1 : channels
        var levels: [UInt8]
        if padding.count == 1 {
            levels = [UInt8](repeating: padding[0], count: colors)
        } else if colors == 1 && padding.count >= 3 {
            let pixel = Image(size: ImageSize(width: 1, height: 1), color: Array(padding[..<3]))
            levels = pixel.gray().bytes
        } else {
            levels = Array(padding.prefix(colors))
        }
        levels += [UInt8](repeating: 255, count: channels - levels.count)
        return levels
    }

    private static func littleEndianBytes(_ value: Float) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
    }
}
