/// Decodes the pairs of a source into the images that go into shards.
package struct PairDecoder: Sendable {
    private let recipe: Recipe
    private let folder: String

    /// A pair as it goes into a shard, and what was done to it.
    package struct Decoded {
        /// The images.
        package var pair: ImagePair
        /// What was done, counted.
        package var counts: ConversionCounts
        /// What the decoders found odd without losing pixels, with the file.
        package var warnings: [String]
    }

    /// Creates a decoder for the pairs of one source.
    ///
    /// - Parameters:
    ///   - recipe: What to make of the images.
    ///   - folder: The source's folder.
    package init(recipe: Recipe, folder: String) {
        self.recipe = recipe
        self.folder = folder
    }

    /// Decodes, cuts, converts and resizes one pair.
    ///
    /// - Throws: ``PairFault`` of the kind `unreadable`, naming the file.
    package func decode(_ pair: SourcePair) throws(PairFault) -> Decoded {
        var result = Decoded(
            pair: ImagePair(input: Self.nothing, target: Self.nothing),
            counts: ConversionCounts(),
            warnings: []
        )
        do throws(DatasetError) {
            switch pair.files {
            case .sideBySide(let file):
                let image = try decode(file, side: .input, into: &result)
                let halves = SideBySide(input: recipe.source.input).parts(of: image)
                result.pair.input = try finished(halves.input, .input, file, &result.counts)
                result.pair.target = try finished(halves.target, .target, file, &result.counts)
            case .separate(let input, let target):
                let image = try decode(input, side: .input, into: &result)
                result.pair.input = try finished(ImagePart(image), .input, input, &result.counts)
                let other = try decode(target, side: .target, into: &result)
                result.pair.target = try finished(ImagePart(other), .target, target, &result.counts)
            }
        } catch {
            throw PairFault(.unreadable, error)
        }
        return result
    }

    /// How a side's files are decoded.
    static func options(_ recipe: Recipe, side: PairSide) -> DecodingOptions {
        DecodingOptions(
            pixelLimit: recipe.maxPixels,
            keepsIndices: recipe.pixels[side].palette == .indices
        )
    }

    private static let nothing = Image(size: ImageSize(width: 1, height: 1), color: [0])

    private func decode(
        _ file: SourceFile,
        side: PairSide,
        into result: inout Decoded
    ) throws(DatasetError) -> Image {
        let path = SourceScan.path(of: file, in: folder)
        let bytes = try FileSystem.contents(of: path)
        guard try FileStamp(path: path) == file.stamp else {
            throw DatasetError(
                .io,
                "it changed while it was being read; build again when nothing writes to it",
                path: path
            )
        }
        let options = Self.options(recipe, side: side)
        let decoded = try ImageCodec.decode(bytes, path: path, options: options)
        if !decoded.warnings.isEmpty { result.counts.add(.decoderWarning) }
        result.warnings += decoded.warnings.map { "\(path): \($0)" }
        return decoded.image
    }

    /// One side's image, converted and resized.
    private func finished(
        _ part: ImagePart,
        _ side: PairSide,
        _ file: SourceFile,
        _ counts: inout ConversionCounts
    ) throws(DatasetError) -> Image {
        let path = SourceScan.path(of: file, in: folder)
        let conversion = try PixelConversion(recipe.pixels[side], file.info, path: path)
        for step in conversion.conversions { counts.add(step) }
        var part = part
        if conversion.changesPixels {
            do throws(DatasetError) {
                part = ImagePart(try conversion.applied(to: part.copied))
            } catch {
                throw DatasetError(error.code, error.message, path: path)
            }
        }
        guard let plan = recipe.resize?[side] else { return part.copied }
        let resized = plan.applied(to: part, hasAlpha: conversion.form.hasAlpha)
        if resized.size != part.size { counts.add(.resized) }
        return resized
    }
}
