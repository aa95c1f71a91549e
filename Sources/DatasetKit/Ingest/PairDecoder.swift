/// Decodes the pairs of a source into the images that go into shards.
struct PairDecoder: Sendable {
    let recipe: Recipe
    let pixelLimit: Int

    /// Decodes, converts, cuts and resizes one pair, and notes each conversion made.
    ///
    /// - Throws: ``DatasetError`` naming the file.
    func decode(
        _ pair: SourcePair,
        counting counts: inout ConversionCounts
    ) throws(DatasetError) -> ImagePair {
        let bytes = try FileSystem.contents(of: pair.path)
        let options = DecodingOptions(pixelLimit: pixelLimit)
        let decoded = try ImageCodec.decode(bytes, path: pair.path, options: options)
        guard decoded.info == pair.info else {
            throw DatasetError(
                .io,
                "it changed while it was being read; build again when nothing writes to it",
                path: pair.path
            )
        }
        if !decoded.warnings.isEmpty { counts.add(.decoderWarning) }
        if decoded.info.orientation != 1 { counts.add(.orientationApplied) }
        if decoded.info.isPalette { counts.add(.paletteToRGB) }
        let converted = converted(decoded.image, counting: &counts)
        let halves = SideBySide(input: recipe.source.input).pair(from: converted)
        guard let resize = recipe.resize else { return halves }
        if halves.input.size != resize.size { counts.add(.resized) }
        func resized(_ image: Image) -> Image {
            image.resized(to: resize.size, filter: resize.filter, resampler: resize.resampler)
        }
        return ImagePair(input: resized(halves.input), target: resized(halves.target))
    }

    /// The image with the channels that the recipe asks for.
    private func converted(_ image: Image, counting counts: inout ConversionCounts) -> Image {
        switch (recipe.color, image.channels) {
        case (.gray, 3):
            counts.add(.rgbToGray)
            return image.gray()
        case (.rgb, 1):
            counts.add(.grayToRGB)
            return image.rgb()
        default: return image
        }
    }
}

/// How often each conversion was made: kept in `index.json` for good.
package struct ConversionCounts: Sendable {
    /// What can happen to an image on its way into a shard, by its name in `index.json`.
    package enum Conversion: String, Sendable, CaseIterable {
        case decoderWarning = "decoder-warning"
        case grayToRGB = "gray-to-rgb"
        case orientationApplied = "orientation-applied"
        case paletteToRGB = "palette-to-rgb"
        case resized
        case rgbToGray = "rgb-to-gray"
    }

    private var counts: [Conversion: Int] = [:]

    /// Counts one.
    mutating func add(_ conversion: Conversion) {
        counts[conversion, default: 0] += 1
    }

    /// Adds another worker's counts.
    mutating func add(_ other: ConversionCounts) {
        counts.merge(other.counts, uniquingKeysWith: +)
    }

    /// The counts by name; conversions that were never made are left out.
    var byName: [String: Int] {
        Dictionary(uniqueKeysWithValues: counts.map { ($0.key.rawValue, $0.value) })
    }
}
