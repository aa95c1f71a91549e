/// Finds the colours of label maps by looking at one image after the other.
///
/// Colours are exact where all images together have few of them. Where JPEG or a smooth filter has made
/// new ones, the main colours of a sample count: see ``Palette/ofBlurredMaps(_:mainPurity:)``.
package struct LabelMapScan {
    /// The colours found.
    package struct Colors: Equatable, Sendable {
        /// 0xRRGGBB, grey three times the same; the most common first.
        package var colors: [UInt32]
        /// Whether no pixel has another colour.
        package var areExact: Bool
    }

    /// The most colours that label maps may have: one for each number of 8 bits.
    package static let mostColors = 256
    /// A class is flat somewhere: so much of its colour has neighbours that differ by at most 2 of 255, in
    /// its row and in its column.
    ///
    /// (Real facades, stored as JPEG: the twelve classes 0.65 to 0.96, halos between two of them at most 0.03.)
    private static let flatShare = 0.25
    /// A thin class has much halo around it: a lower purity than elsewhere, since flatness decides.
    private static let purity = 0.5
    /// So many images are enough to tell main colours.
    private static let sampledImages = 64

    /// How many pixels have each colour; `nil` once there are too many colours.
    private var exact: [UInt32: Int]? = [:]
    private var sample: [UInt32: Int] = [:]
    /// Of a sample of the pixels, those of flat areas, and the others.
    private var neighbors: [UInt32: (flat: Int, other: Int)] = [:]
    private var equalNeighbors: [Double] = []
    private var flatNeighbors: [Double] = []

    /// A scan that has seen nothing.
    package init() {}

    /// Whether further images cannot change what is found.
    package var isOver: Bool { exact == nil && flatNeighbors.count >= Self.sampledImages }

    /// Looks at an image.
    ///
    /// - Parameter image: 1 or 3 channels of 8 bits.
    package mutating func add(_ image: Image) {
        precondition(image.sampleType == .u8 && [1, 3].contains(image.channels))
        count(image)
        guard flatNeighbors.count < Self.sampledImages else { return }
        let view = InspectedImage(image)
        let texture = Texture(view)
        equalNeighbors.append(Double(texture.equalNeighbors))
        flatNeighbors.append(Double(texture.flatNeighbors))
        sample.merge(ColorCount.sample(of: view), uniquingKeysWith: +)
        countNeighbors(image)
    }

    /// The colours, if the images look like label maps: few colours in flat areas.
    package var labelMapColors: Colors? {
        if let exact, (2...SidePalettes.cleanLimit).contains(exact.count),
            RobustStatistics.median(equalNeighbors) >= SidePalettes.cleanNeighbors
        {
            return exactColors
        }
        guard RobustStatistics.median(flatNeighbors) >= SidePalettes.blurredNeighbors else {
            return nil
        }
        return mainColors
    }

    /// The colours of images that somebody calls label maps; `nil` where there are too many.
    package var anyColors: Colors? { exactColors ?? mainColors }

    private var exactColors: Colors? {
        exact.map { Colors(colors: Palette.ofCleanMaps($0).entries.map(\.color), areExact: true) }
    }

    private var mainColors: Colors? {
        guard let palette = Palette.ofBlurredMaps(sample, mainPurity: Self.purity) else {
            return nil
        }
        let colors = palette.entries.map(\.color).filter(isFlat)
        return colors.count < 2 ? nil : Colors(colors: colors, areExact: false)
    }

    /// Whether a colour fills areas: that of a halo, between two others, does not.
    private func isFlat(_ color: UInt32) -> Bool {
        var (flat, all) = (0, 0)
        for (other, count) in neighbors where Palette.distance(color, other) <= Palette.core {
            flat += count.flat
            all += count.flat + count.other
        }
        return Double(flat) >= Self.flatShare * Double(max(1, all))
    }

    /// Looks at every 7th pixel and its neighbours in both directions: along an edge, a halo is flat in one.
    private mutating func countNeighbors(_ image: Image) {
        let (channels, width) = (image.channels, image.width)
        func color(at pixel: Int) -> UInt32 {
            ColorCount.packed(image.bytes, at: pixel * channels, channels: channels)
        }
        for pixel in stride(from: width, to: width * (image.height - 1), by: 7)
        where pixel % width > 0 && pixel % width < width - 1 {
            let own = color(at: pixel)
            let isFlat = [1, width].allSatisfy { step in
                Palette.distance(own, color(at: pixel - step)) <= 2
                    || Palette.distance(own, color(at: pixel + step)) <= 2
            }
            if isFlat {
                neighbors[own, default: (0, 0)].flat += 1
            } else {
                neighbors[own, default: (0, 0)].other += 1
            }
        }
    }

    private mutating func count(_ image: Image) {
        guard var counts = exact.take() else { return }
        let channels = image.channels
        // Neighbours are mostly equal: a run of them is counted at once.
        var (last, run) = (ColorCount.packed(image.bytes, at: 0, channels: channels), 0)
        for place in stride(from: 0, to: image.bytes.count, by: channels) {
            let color = ColorCount.packed(image.bytes, at: place, channels: channels)
            if color != last {
                counts[last, default: 0] += run
                (last, run) = (color, 0)
                guard counts.count <= Self.mostColors else { return }
            }
            run += 1
        }
        counts[last, default: 0] += run
        exact = counts.count <= Self.mostColors ? counts : nil
    }
}
