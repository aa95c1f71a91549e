/// What a recipe makes of the headers of a pair: the form and size of both images in the shards.
struct PairGeometry: Hashable, Sendable {
    /// One side's image in the shards.
    struct Image: Hashable, Sendable {
        var form: PixelForm
        var size: ImageSize
    }

    var input: Image
    var target: Image

    /// Decides from the headers.
    ///
    /// - Throws: ``PairFault`` naming the file: what a policy rejects, an odd seam, or two sizes.
    init(_ pair: SourcePair, recipe: Recipe, folder: String) throws(PairFault) {
        input = try Self.image(.input, of: pair, recipe, folder)
        target = try Self.image(.target, of: pair, recipe, folder)
        guard case .separate(let first, let second) = pair.files, recipe.source.sizes == .equal,
            first.info.size != second.info.size
        else { return }
        throw PairFault(
            .sizeMismatch,
            .mismatch,
            "expected two images of the same size, found \(first.info.size) and \(second.info.size) in "
                + "\(second.path); mend the pair, or set \"sizes\": \"any\" in the recipe's source",
            path: SourceScan.path(of: first, in: folder)
        )
    }

    /// One side.
    subscript(side: PairSide) -> Image {
        side == .input ? input : target
    }

    private static func image(
        _ side: PairSide,
        of pair: SourcePair,
        _ recipe: Recipe,
        _ folder: String
    ) throws(PairFault) -> Image {
        let file = pair.files[side]
        let path = SourceScan.path(of: file, in: folder)
        do throws(DatasetError) {
            let conversion = try PixelConversion(recipe.pixels[side], file.info, path: path)
            var size = file.info.size
            if case .sideBySide = pair.files {
                let halves = SideBySide(input: recipe.source.input)
                try halves.check(size, path: path)
                size = halves.half(of: size)
            }
            let plan = recipe.resize?[side]
            return Image(form: conversion.form, size: plan?.outputSize(for: size) ?? size)
        } catch {
            throw PairFault(error.code == .mismatch ? .oddSeam : .unreadable, error)
        }
    }
}

extension DatasetIndex.Side {
    /// The geometry of one side as the index keeps it.
    init(_ image: PairGeometry.Image) {
        self.init(
            size: image.size,
            channels: image.form.channels,
            dtype: image.form.sampleType,
            colors: image.form.colors,
            hasAlpha: image.form.hasAlpha
        )
    }
}

extension DatasetIndex.Colors {
    /// What decoded samples mean: with channels beside the colours and alpha, nothing in particular.
    init(_ info: ImageInfo) {
        guard info.channels == info.colorModel.channels + (info.hasAlpha ? 1 : 0) else {
            self = .multichannel
            return
        }
        switch info.colorModel {
        case .gray: self = .gray
        case .rgb: self = .rgb
        case .cmyk: self = .cmyk
        case .multichannel: self = .multichannel
        }
    }

    /// Its name in the metadata of a shard.
    var colorspace: String { self == .rgb ? "srgb" : rawValue }
}
