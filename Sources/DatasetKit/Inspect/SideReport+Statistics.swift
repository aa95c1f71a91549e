extension SideReport {
    /// Adds up what the images of a side have in common.
    init(_ images: [ImageSignature], labelMap: LabelMap?) {
        var sizes: [ImageSize: Int] = [:]
        var types: [String: Int] = [:]
        var channels: [String: Int] = [:]
        for image in images {
            sizes[image.size, default: 0] += 1
            types[image.sampleType.rawValue, default: 0] += 1
            channels["\(image.channels)", default: 0] += 1
        }
        self.sizes = sizes.map {
            SizeCount(width: $0.key.width, height: $0.key.height, count: $0.value)
        }
        .sorted { ($1.count, $0.width, $0.height) < ($0.count, $1.width, $1.height) }
        sampleTypes = types
        self.channels = channels
        range =
            images.isEmpty
            ? []
            : [
                images.reduce(.infinity) { min($0, $1.range.lowerBound) },
                images.reduce(-.infinity) { max($0, $1.range.upperBound) },
            ]
        let means = images.map { Double($0.brightness.mean) }
        var histogram = [Int](repeating: 0, count: 20)
        for mean in means { histogram[max(0, min(19, Int(mean * 20)))] += 1 }
        brightness = Brightness(
            mean: means.isEmpty ? 0 : means.reduce(0, +) / Double(means.count),
            quantiles: [0, 0.05, 0.5, 0.95, 1].map { RobustStatistics.quantile(means, $0) },
            histogram: histogram
        )
        (channelMean, channelDeviation) = Self.channelStatistics(images)
        grayInRGB = images.count { $0.isGrayInRGB }
        self.labelMap = labelMap
    }

    /// Mean and deviation of each channel over all pixels; grey counts for all three where there
    /// is colour too.
    private static func channelStatistics(
        _ images: [ImageSignature]
    ) -> (means: [Double], deviations: [Double]) {
        let count = images.map(\.sums.count).max() ?? 0
        var sums = [InspectedImage.ChannelSum](repeating: .init(), count: count)
        var pixels = 0
        for image in images {
            pixels += image.size.width * image.size.height
            for channel in 0..<count {
                let sum = image.sums[min(channel, image.sums.count - 1)]
                sums[channel].sum += sum.sum
                sums[channel].squares += sum.squares
            }
        }
        let means = sums.map { $0.sum / Double(max(1, pixels)) }
        let deviations = zip(sums, means).map { sum, mean in
            max(0, sum.squares / Double(max(1, pixels)) - mean * mean).squareRoot()
        }
        return (means, deviations)
    }
}
