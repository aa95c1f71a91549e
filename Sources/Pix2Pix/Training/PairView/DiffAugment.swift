package import DatasetKit

/// What DiffAugment does to one pair.
///
/// The ranges are those of Zhao et al. 2020 ("Differentiable Augmentation for Data-Efficient GAN
/// Training") and their code.
package struct DiffAugmentDraw: Codable, Equatable, Sendable {
    /// Added to each value, in units of −1…1: −0.5…0.5.
    package var brightness = 0.0
    /// What the distance of a channel from the channels' mean at a pixel is multiplied by: 0…2.
    package var saturation = 1.0
    /// What the distance of a value from the image's mean is multiplied by: 0.5…1.5.
    package var contrast = 1.0
    /// Columns by which the image moves to the right, zeros following: up to an eighth of the width.
    package var x = 0
    /// Rows by which it moves down.
    package var y = 0
    /// Rows of zeros.
    package var cutRows = 0..<0
    /// Columns of zeros.
    package var cutColumns = 0..<0
    /// What of it is done, in order.
    package var operations: [TrainOptions.DiffAugment]

    /// Does nothing of some operations yet.
    package init(_ operations: [TrainOptions.DiffAugment]) {
        self.operations = operations
    }

    /// Draws.
    init(
        _ operations: [TrainOptions.DiffAugment],
        size: ImageSize,
        _ generator: inout Philox
    ) {
        self.init(operations)
        for operation in operations {
            switch operation {
            case .color:
                brightness = generator.nextDouble(in: -0.5...0.5)
                saturation = generator.nextDouble(in: 0...2)
                contrast = generator.nextDouble(in: 0.5...1.5)
            case .translation:
                x = Self.shift(of: size.width, &generator)
                y = Self.shift(of: size.height, &generator)
            case .cutout:
                cutRows = Self.cut(of: size.height, &generator)
                cutColumns = Self.cut(of: size.width, &generator)
            }
        }
    }

    private static func shift(of length: Int, _ generator: inout Philox) -> Int {
        let most = Int(Double(length) * 0.125 + 0.5)
        return generator.nextInt(below: 2 * most + 1) - most
    }

    /// Half the length, around a place that may be at the edge.
    private static func cut(of length: Int, _ generator: inout Philox) -> Range<Int> {
        let cut = Int(Double(length) * 0.5 + 0.5)
        let start = generator.nextInt(below: length + 1 - cut % 2) - cut / 2
        return max(start, 0)..<min(start + cut, length)
    }
}

/// DiffAugment: colour, translation and cutout, with gradients.
package enum DiffAugment {
    /// Augments a batch.
    ///
    /// - Parameters:
    ///   - images: `[N, C, H, W]`, values in −1…1; what comes out may lie beyond.
    ///   - draws: One for each image, all of the same operations.
    /// - Returns: The same shape.
    /// - Throws: ``TorchError`` if there is not enough memory.
    package static func applied(
        to images: Tensor,
        _ draws: [DiffAugmentDraw]
    ) throws(TorchError) -> Tensor {
        var images = images
        for operation in draws.first?.operations ?? [] {
            switch operation {
            case .color: images = try colored(images, draws)
            case .translation: images = try translated(images, draws)
            case .cutout: images = try images.multiplied(by: mask(draws, images))
            }
        }
        return images
    }

    private static func colored(
        _ images: Tensor,
        _ draws: [DiffAugmentDraw]
    ) throws(TorchError) -> Tensor {
        func factors(_ value: (DiffAugmentDraw) -> Double) throws(TorchError) -> Tensor {
            try .perImage(draws.map(value), device: images.device)
        }
        let bright = try images.adding(factors(\.brightness))
        let saturated = try bright.spread(by: factors(\.saturation), around: [1])
        return try saturated.spread(by: factors(\.contrast), around: [1, 2, 3])
    }

    private static func translated(
        _ images: Tensor,
        _ draws: [DiffAugmentDraw]
    ) throws(TorchError) -> Tensor {
        var moved: [Tensor] = []
        for (number, draw) in draws.enumerated() {
            moved.append(
                try images.narrowed(dimension: 0, start: number, length: 1)
                    .padded(left: draw.x, right: -draw.x, top: draw.y, bottom: -draw.y)
            )
        }
        return try .concatenated(moved, dimension: 0)
    }

    /// `[N, 1, H, W]`: 0 where an image is cut, 1 elsewhere.
    private static func mask(
        _ draws: [DiffAugmentDraw],
        _ images: Tensor
    ) throws(TorchError) -> Tensor {
        let (height, width) = (images.shape[2], images.shape[3])
        var values = [Float](repeating: 1, count: draws.count * height * width)
        for (number, draw) in draws.enumerated() {
            for row in draw.cutRows {
                for column in draw.cutColumns {
                    values[(number * height + row) * width + column] = 0
                }
            }
        }
        return try .floats(
            values,
            shape: [draws.count, 1, height, width],
            device: images.device
        )
    }
}

extension Tensor {
    /// A number for each image of a batch, `[N, 1, 1, 1]`.
    static func perImage(_ values: [Double], device: Device) throws(TorchError) -> Tensor {
        try .floats(values.map { Float($0) }, shape: [values.count, 1, 1, 1], device: device)
    }

    /// Brings values nearer to their mean over some dimensions, or farther from it.
    func spread(by factors: Tensor, around dimensions: [Int]) throws(TorchError) -> Tensor {
        let mean = try mean(over: dimensions)
        return try subtracting(mean).multiplied(by: factors).adding(mean)
    }
}
