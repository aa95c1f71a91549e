import DatasetKit

/// The 8-bit resize as plainly as it can be said: what the fast one must equal.
enum PlainResize {
    /// Resizes by two passes over whole images, in the order of the resampler.
    static func resized(
        _ image: Image,
        to size: ImageSize,
        box: ResizeBox,
        filter: ResizeFilter,
        resampler: Resampler
    ) -> Image {
        let lost = image.height - size.height
        let isVerticalFirst =
            switch resampler {
            case .pillow12: image.height > 100 * image.width && lost > 0
            case .pillow13: lost > 0 && lost > 2 * (image.width - size.width)
            }
        let columns = Weights(image.width, size.width, box.left, box.right, filter)
        let rows = Weights(image.height, size.height, box.top, box.bottom, filter)
        return isVerticalFirst
            ? horizontal(vertical(image, rows), columns)
            : vertical(horizontal(image, columns), rows)
    }

    /// For each new sample the source samples it is made of.
    struct Weights {
        var taps: [[(source: Int, weight: Int32)]] = []
        var isIdentity: Bool

        init(_ source: Int, _ target: Int, _ low: Float, _ high: Float, _ filter: ResizeFilter) {
            isIdentity = source == target && low == 0 && high == Float(source)
            let scale = Double(high - low) / Double(target)
            let filterScale = max(scale, 1)
            let support = filter.support * filterScale
            for index in 0..<target {
                let center = Double(low) + (Double(index) + 0.5) * scale
                let first = max(Int(center - support + 0.5), 0)
                let end = min(Int(center + support + 0.5), source)
                let exact = (first..<end).map {
                    filter.weight(at: (Double($0) - center + 0.5) * (1 / filterScale))
                }
                let sum = exact.reduce(0, +)
                taps.append(
                    exact.enumerated().map { tap, weight in
                        let fixed = (sum == 0 ? weight : weight / sum) * Double(1 << 22)
                        return (first + tap, Int32(fixed + (weight / sum < 0 ? -0.5 : 0.5)))
                    }
                )
            }
        }
    }

    private static func horizontal(_ image: Image, _ weights: Weights) -> Image {
        if weights.isIdentity { return image }
        var bytes: [UInt8] = []
        for row in 0..<image.height {
            for taps in weights.taps {
                for channel in 0..<image.channels {
                    bytes.append(
                        sum(of: image, taps) {
                            row * image.bytesPerRow + $0 * image.channels + channel
                        }
                    )
                }
            }
        }
        let size = ImageSize(width: weights.taps.count, height: image.height)
        return Image(size: size, channels: image.channels, bytes: bytes)
    }

    private static func vertical(_ image: Image, _ weights: Weights) -> Image {
        if weights.isIdentity { return image }
        var bytes: [UInt8] = []
        for taps in weights.taps {
            for index in 0..<image.bytesPerRow {
                bytes.append(sum(of: image, taps) { $0 * image.bytesPerRow + index })
            }
        }
        let size = ImageSize(width: image.width, height: weights.taps.count)
        return Image(size: size, channels: image.channels, bytes: bytes)
    }

    private static func sum(
        of image: Image,
        _ taps: [(source: Int, weight: Int32)],
        at position: (Int) -> Int
    ) -> UInt8 {
        var sum: Int32 = 1 << 21
        for (source, weight) in taps {
            sum &+= Int32(image.bytes[position(source)]) &* weight
        }
        return UInt8(clamping: sum >> 22)
    }
}
