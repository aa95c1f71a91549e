public import DatasetKit

/// Uses a trained generator on images of any size: image in, image out.
///
/// An image is mirrored at its edges up to a size that the generator takes (``ReflectPadding``), and what
/// is made of it is cut back. With batch statistics, these are of the padded image.
///
/// What is made of an image depends on the model, the use, the image and its name: not on what else is
/// translated.
public struct Translator {
    /// The generator.
    public let model: TrainedModel
    /// How it is used.
    public let use: GeneratorUse
    /// How larger images are taken apart; `nil` for never.
    public let tiling: Tiling?

    /// Its architecture.
    let kind: TrainOptions.Generator
    private let scales: Sides<SampleScale>

    /// Prepares a model for use.
    ///
    /// - Parameters:
    ///   - model: The generator.
    ///   - use: How it is used; `nil` for what its training says.
    ///   - tiling: How larger images are taken apart; `nil` for never.
    /// - Throws: ``TrainingError`` for a model that takes no images of the size it was trained on.
    public init(
        _ model: TrainedModel,
        use: GeneratorUse? = nil,
        tiling: Tiling? = nil
    ) throws(TrainingError) {
        let description = model.model
        self.model = model
        self.use = use ?? GeneratorUse(description.options)
        self.tiling = tiling
        kind = try description.generator
        scales = Sides(
            input: SampleScale(description.input, range: description.options.inputRange),
            target: SampleScale(description.target, range: description.options.targetRange)
        )
    }

    // MARK: - Images

    /// Translates one image.
    ///
    /// - Parameters:
    ///   - image: Has the channels and type of the model's input.
    ///   - name: The image's name, which its draws of dropout depend on.
    /// - Returns: An image of the same size, with channels and type of the model's target.
    /// - Throws: ``TorchError`` if there is not enough memory; ``DatasetError`` for floats that are not
    ///   finite.
    public func translate(_ image: Image, name: String) throws -> Image {
        try translate(input(image), name: name)
    }

    /// What the generator is given of an image, in −1…1.
    func input(_ image: Image) -> any NetworkInput {
        SampledInput(image: image, scale: scales.input)
    }

    /// Translates one image: in tiles if it is larger than one.
    func translate(_ input: any NetworkInput, name: String) throws -> Image {
        guard isTiled(input.size) else { return try translateWhole([input], names: [name])[0] }
        return try translateTiles(input, name: name)
    }

    /// What is added to an image of a size.
    public func padding(of size: ImageSize) -> ReflectPadding {
        ReflectPadding(size, toMultiplesOf: kind.sizeMultiple, atLeast: kind.minimumSide)
    }

    /// Whether an image of a size is taken apart.
    public func isTiled(_ size: ImageSize) -> Bool {
        guard let tiling else { return false }
        let padded = padding(of: size).size(of: size)
        return max(padded.width, padded.height) > tiling.tile
    }

    /// Whether a tile is normalised by other statistics than the whole image.
    public var dependsOnWholeImage: Bool {
        switch model.model.options.norm {
        case .batch: use.norm == .batch
        case .instance: true
        case .none: false
        }
    }

    // MARK: - At once

    /// Translates images at once, each as a whole.
    ///
    /// Statistics and results are each image's own; but libtorch adds up floats in another order for
    /// several images than for one, so that the last bits may differ.
    ///
    /// - Precondition: They have one padded size, and there is one or nothing drops out.
    func translateWhole(_ inputs: [any NetworkInput], names: [String]) throws -> [Image] {
        precondition(inputs.count == 1 || !use.dropout, "draws are an image's own")
        let paddings = inputs.map { padding(of: $0.size) }
        let size = paddings[0].size(of: inputs[0].size)
        var planes: [Float] = []
        for (input, padding) in zip(inputs, paddings) {
            precondition(padding.size(of: input.size) == size, "images of one padded size")
            let added = try input.planes(
                rows: padding.rows(of: input.size),
                columns: padding.columns(of: input.size)
            )
            if planes.isEmpty { planes = added } else { planes += added }
        }
        let made = try generated(planes, size, count: inputs.count, name: names[0], part: 0)
        let side = model.model.target
        return try unsafe made.withFloats { values in
            try zip(inputs.indices, zip(inputs, paddings)).map { number, image in
                let (input, padding) = image
                let length = values.count / inputs.count
                let part = unsafe UnsafeBufferPointer(
                    rebasing: values[number * length..<(number + 1) * length]
                )
                var bytes = [UInt8](
                    repeating: 0,
                    count: input.size.width * input.size.height * side.channels
                        * side.dtype.byteCount
                )
                let box = SampleScale.Box(
                    planeLength: size.width * size.height,
                    rowLength: size.width,
                    x: padding.left,
                    y: padding.top,
                    size: input.size
                )
                try unsafe scales.target.store(part, box, into: &bytes)
                return Image(
                    size: input.size,
                    channels: side.channels,
                    sampleType: side.dtype,
                    bytes: bytes
                )
            }
        }
    }

    // MARK: - In tiles

    private func translateTiles(_ input: any NetworkInput, name: String) throws -> Image {
        let padding = padding(of: input.size)
        let padded = padding.size(of: input.size)
        let (rows, columns) = (TileAxis(padded.height, tiling), TileAxis(padded.width, tiling))
        let (rowPlaces, columnPlaces) = (
            padding.rows(of: input.size), padding.columns(of: input.size)
        )
        var band = TileBand(
            scales.target,
            rows: rows,
            columns: columns,
            padding: padding,
            imageSize: input.size
        )
        let size = ImageSize(width: columns.tile, height: rows.tile)
        for (row, top) in rows.starts.enumerated() {
            for (column, left) in columns.starts.enumerated() {
                let planes = try input.planes(
                    rows: Array(rowPlaces[top..<top + rows.tile]),
                    columns: Array(columnPlaces[left..<left + columns.tile])
                )
                let part = row * columns.starts.count + column
                let made = try generated(planes, size, count: 1, name: name, part: part)
                try unsafe made.withFloats { unsafe band.add($0, row: row, column: column) }
            }
            try band.finish(row: row)
        }
        return band.image
    }

    /// The tiles that an image of a size is made of: 1 for one that is made as a whole.
    public func tileCount(_ size: ImageSize) -> Int {
        guard isTiled(size) else { return 1 }
        let padded = padding(of: size).size(of: size)
        return TileAxis(padded.height, tiling).starts.count
            * TileAxis(padded.width, tiling).starts.count
    }

    // MARK: - The generator

    /// What the generator makes of some planes.
    ///
    /// - Parameters:
    ///   - planes: `[count, C, H, W]`.
    ///   - size: H and W.
    ///   - count: How many images there are.
    ///   - name: The image's name.
    ///   - part: The number of the tile.
    /// - Returns: `[count, C', H, W]` on the CPU.
    /// - Throws: ``TorchError`` if there is not enough memory.
    private func generated(
        _ planes: [Float],
        _ size: ImageSize,
        count: Int,
        name: String,
        part: Int
    ) throws(TorchError) -> Tensor {
        let tensor = try Tensor.floats(
            planes,
            shape: [count, model.model.input.channels, size.height, size.width],
            device: model.device
        )
        let number = Self.number(name: name, part: part)
        return try use.generated(from: tensor, number: number, by: model.generator)
    }

    /// The number that stands for an image, or a part of it, in the draws of dropout.
    static func number(name: String, part: Int) -> Int {
        let text = Array("\(name)\0\(part)".utf8)
        return Int(unsafe text.withUnsafeBytes { unsafe Checksum.crc32($0) })
    }
}

@available(*, unavailable)
extension Translator: Sendable {}

extension ModelDescription {
    /// The generator's architecture.
    ///
    /// - Throws: ``TrainingError`` for images that no generator takes.
    public var generator: TrainOptions.Generator {
        get throws(TrainingError) { try options.generator(for: imageSize) }
    }
}

extension Tensor {
    /// Gives the elements of a tensor of floats for the time of the call.
    fileprivate func withFloats<Result>(
        _ body: (UnsafeBufferPointer<Float>) throws -> Result
    ) throws -> Result {
        try withBytes { bytes in
            try unsafe bytes.withUnsafeBytes { bytes in
                try unsafe body(bytes.assumingMemoryBound(to: Float.self))
            }
        }
    }
}
