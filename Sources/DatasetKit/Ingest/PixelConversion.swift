/// The form of a side's images in the shards, but for their size.
struct PixelForm: Hashable, Sendable {
    /// Samples per pixel, alpha included.
    var channels: Int
    /// The type of a sample.
    var sampleType: SampleType
    /// What the samples mean.
    var colors: DatasetIndex.Colors
    /// Whether the last channel is alpha.
    var hasAlpha: Bool

    /// For messages, such as `3 channels (rgb) U8`.
    var text: String {
        "\(channels) \(channels == 1 ? "channel" : "channels") (\(colors.rawValue)"
            + "\(hasAlpha ? " and alpha" : "")) \(sampleType.rawValue)"
    }
}

/// What a policy makes of an image with a given header: decided before any pixel is decoded.
struct PixelConversion: Sendable {
    /// The form of the result.
    let form: PixelForm
    /// What is done, by the names of the counts.
    private(set) var conversions: [Conversion] = []
    private let info: ImageInfo

    /// Decides.
    ///
    /// - Parameters:
    ///   - policy: The policy of the image's side.
    ///   - info: What the file's header says.
    ///   - path: For errors.
    /// - Throws: ``DatasetError`` with code `unsupported`: what the policy rejects, and how to accept
    ///   it.
    init(_ policy: PixelPolicy, _ info: ImageInfo, path: String) throws(DatasetError) {
        func refusal(_ message: String) -> DatasetError {
            DatasetError(.unsupported, message, path: path)
        }
        self.info = info
        if info.pages > 1 {
            guard policy.pages == .first else {
                throw refusal(
                    "it has \(info.pages) pages; set \"pages\": \"first\" in the recipe to take the "
                        + "first of each file"
                )
            }
            conversions.append(.firstPage)
        }
        if info.hasColorProfile {
            guard policy.icc == .ignore else {
                throw refusal(
                    "it has an ICC profile; convert it to sRGB, or set \"icc\": \"ignore\""
                )
            }
            conversions.append(.profileIgnored)
        }
        if info.orientation != 1 { conversions.append(.orientationApplied) }
        let keepsIndices = policy.palette == .indices
        if info.isPalette { conversions.append(keepsIndices ? .paletteIndices : .paletteToColors) }
        let colors = DatasetIndex.Colors(info)
        if keepsIndices, !info.isPalette, colors != .gray || info.sampleType != .u8 {
            throw refusal(
                "expected a palette or grey image of up to 8 bits to take label numbers from, found "
                    + "\(colors.rawValue) \(info.sampleType.rawValue); set \"palette\": "
                    + "\"colors\" for this side"
            )
        }

        var form = PixelForm(
            channels: info.channels,
            sampleType: info.sampleType,
            colors: keepsIndices ? .indices : colors,
            hasAlpha: info.hasAlpha
        )
        try Self.decideColors(policy.color, &form, &conversions, refusal)
        try Self.decideAlpha(policy.alpha, &form, &conversions, refusal)
        if form.colors == .rgb, policy.color == .gray {
            conversions.append(.rgbToGray)
            form.colors = .gray
            form.channels -= 2
        }
        if let wanted = policy.depth.sampleType, wanted != form.sampleType {
            conversions.append(.depth(from: form.sampleType, to: wanted))
            form.sampleType = wanted
        }
        self.form = form
    }

    /// Makes RGB of other colours, where RGB or grey is wanted.
    private static func decideColors(
        _ color: ColorPolicy,
        _ form: inout PixelForm,
        _ conversions: inout [Conversion],
        _ refusal: (String) -> DatasetError
    ) throws(DatasetError) {
        let before: Int
        switch (color, form.colors) {
        case (.keep, _), (_, .rgb), (.gray, .gray), (_, .indices): return
        case (_, .multichannel):
            throw refusal(
                "its \(form.channels) channels have no known colours to make \(color.rawValue) of; set "
                    + "\"color\": \"keep\""
            )
        case (_, .cmyk):
            conversions.append(.cmykToRGB)
            before = 4
        case (_, .gray):
            conversions.append(.grayToRGB)
            before = 1
        }
        form.colors = .rgb
        form.channels += 3 - before
    }

    private static func decideAlpha(
        _ alpha: AlphaPolicy,
        _ form: inout PixelForm,
        _ conversions: inout [Conversion],
        _ refusal: (String) -> DatasetError
    ) throws(DatasetError) {
        guard form.hasAlpha else { return }
        switch alpha {
        case .keep: return
        case .reject:
            throw refusal(
                "it has transparency; set \"alpha\" in the recipe to {\"over\": \"#ffffff\"} (or "
                    + "another colour), \"drop\" or \"keep\""
            )
        case .drop: conversions.append(.alphaDropped)
        case .over(let levels):
            switch form.colors {
            case .rgb: conversions.append(.alphaFlattened(over: levels))
            case .gray, .indices:
                let color = Image(size: ImageSize(width: 1, height: 1), color: levels)
                conversions.append(.alphaFlattened(over: color.gray().bytes))
            case .cmyk, .multichannel:
                throw refusal(
                    "it has transparency over \(form.colors.rawValue), which no colour goes behind; set "
                        + "\"color\": \"rgb\" if it is CMYK, or \"alpha\" to \"drop\" or \"keep\""
                )
            }
        }
        form.hasAlpha = false
        form.channels -= 1
    }

    /// Whether ``applied(to:)`` gives another image than it takes.
    var changesPixels: Bool {
        conversions.contains { conversion in
            switch conversion {
            case .cmykToRGB, .grayToRGB, .alphaDropped, .alphaFlattened, .rgbToGray, .depth: true
            case .decoderWarning, .orientationApplied, .firstPage, .profileIgnored,
                .paletteToColors, .paletteIndices, .resized:
                false
            }
        }
    }

    /// Does it.
    ///
    /// - Parameter image: The decoded image, or a part of it.
    /// - Returns: An image of ``form``.
    /// - Throws: ``DatasetError`` with code `mismatch` where float samples leave 0…1 on their way to
    ///   whole numbers.
    func applied(to image: Image) throws(DatasetError) -> Image {
        var image = image
        for conversion in conversions {
            switch conversion {
            case .cmykToRGB: image = image.rgbFromCMYK(hasAlpha: info.hasAlpha)
            case .grayToRGB: image = image.rgb(hasAlpha: info.hasAlpha)
            case .alphaDropped: image = image.withoutAlpha()
            case .alphaFlattened(let color): image = image.compositedOverColor(color)
            case .rgbToGray: image = image.gray(hasAlpha: form.hasAlpha)
            case .depth(_, let type): image = try image.converted(to: type)
            case .decoderWarning, .orientationApplied, .firstPage, .profileIgnored,
                .paletteToColors, .paletteIndices, .resized:
                break
            }
        }
        return image
    }
}
