/// Decodes single images into the form that one side of a dataset has: what a model was trained on.
package struct SideDecoder: Sendable {
    /// An image in the side's form, and what was done to it.
    package struct Decoded: Sendable {
        /// The image.
        package var image: Image
        /// The size that it had before it was resized.
        package var originalSize: ImageSize
        /// What was done to its pixels, by the names that `index.json` has for it.
        package var conversions: [String]
    }

    private let form: DatasetIndex.Side
    private let policy: PixelPolicy
    private let options: DecodingOptions
    private let half: SideBySide?
    private let filter: ResizeFilter
    private let resampler: Resampler

    /// Creates a decoder.
    ///
    /// - Parameters:
    ///   - side: Which side of the recipe's pairs.
    ///   - form: Channels, type and meaning of the side's images.
    ///   - recipe: The dataset's recipe, whose policies say how images come to that form; without one,
    ///     as the reference does it: converted to grey or RGB, without transparency.
    ///   - converts: Whether to do as without a recipe, but for its filter.
    ///   - half: The half of each file to take; `nil` for all of it.
    package init(
        _ side: PairSide,
        form: DatasetIndex.Side,
        recipe: Recipe?,
        converts: Bool = false,
        half: Recipe.Source.Half? = nil
    ) {
        self.form = form
        let own = converts ? nil : recipe?.pixels[side]
        policy = own ?? PixelPolicy(plain: form)
        options = DecodingOptions(
            pixelLimit: recipe?.maxPixels ?? ImageCodec.defaultPixelLimit,
            keepsIndices: policy.palette == .indices
        )
        self.half = half.map(SideBySide.init(input:))
        let isLabelMap = form.colors == .indices
        let usual = ResizePlan(size: form.size, filter: isLabelMap ? .nearest : .bicubic)
        let plan = recipe?.resize?[side] ?? usual
        (filter, resampler) = (plan.filter, plan.resampler)
    }

    /// Reads an image.
    ///
    /// - Parameters:
    ///   - path: Its file.
    ///   - size: The size to give it, by the recipe's filter; `nil` keeps its own.
    /// - Returns: An image of the side's channels and type.
    /// - Throws: ``DatasetError`` naming the file: `notFound`, `io`, `corrupt`, `tooLarge`; `unsupported`
    ///   for what the policies reject; `mismatch` where the result is of another form than the side,
    ///   or cannot be cut in half.
    package func decode(path: String, to size: ImageSize? = nil) throws(DatasetError) -> Decoded {
        let decoded = try ImageCodec.decode(path: path, options: options)
        let conversion = try PixelConversion(policy, decoded.info, path: path)
        try check(conversion.form, path: path)
        var image = decoded.image
        if let half {
            try half.check(image.size, path: path)
            image = half.parts(of: image).input.copied
        }
        do throws(DatasetError) {
            image = try conversion.applied(to: image)
        } catch {
            throw DatasetError(error.code, error.message, path: path)
        }
        var result = Decoded(
            image: image,
            originalSize: image.size,
            conversions: conversion.conversions.map(\.name)
        )
        if let size, size != image.size {
            result.image = resized(image, to: size)
            result.conversions.append(Conversion.resized.name)
        }
        return result
    }

    /// An image of the side's form at another size, by the recipe's filter.
    package func resized(_ image: Image, to size: ImageSize) -> Image {
        image.resized(
            to: size,
            filter: filter,
            resampler: resampler,
            hasAlpha: form.alpha ?? false
        )
    }

    private func check(_ found: PixelForm, path: String) throws(DatasetError) {
        let isSame =
            found.channels == form.channels && found.sampleType == form.dtype
            && found.hasAlpha == (form.alpha ?? false)
            && found.colors == form.colors ?? found.colors
        guard !isSame else { return }
        let expected = PixelForm(
            channels: form.channels,
            sampleType: form.dtype,
            colors: form.colors ?? found.colors,
            hasAlpha: form.alpha ?? false
        )
        throw DatasetError(
            .mismatch,
            "expected \(expected.text) as the model was trained on, found \(found.text), which its "
                + "recipe has no policy for",
            path: path
        )
    }
}

extension PixelPolicy {
    /// What the reference implementation does to every image: `Image.open(path).convert("RGB")`, or `"L"`.
    fileprivate init(plain form: DatasetIndex.Side) {
        self.init()
        color = form.channels == 1 ? .gray : form.channels == 3 ? .rgb : .keep
        alpha = form.alpha == true ? .keep : .drop
        depth = form.dtype == .u8 ? .bits8 : form.dtype == .u16 ? .bits16 : .float
        palette = form.colors == .indices ? .indices : .colors
        pages = .first
    }
}
