/// What an inspection found: the same numbers for text, JSON and the page.
package struct InspectionReport: Codable, Sendable {
    /// Always `p2p-inspection`.
    package var format = "p2p-inspection"
    /// The version of the report's form.
    package var version = 1
    /// What the set is called.
    package var name: String
    /// Pairs looked at, those that could not be decoded left out.
    package var pairs: Int
    /// Pairs looked at by split.
    package var splits: [DatasetSplit: Int]
    /// The most bits in which the hashes of near duplicates differ.
    package var radius: Int
    /// What cannot be used at all.
    package var losses: [Loss]
    /// The input images.
    package var input: SideReport
    /// The target images.
    package var target: SideReport
    /// Shifts between input and target.
    package var registration: RegistrationReport
    /// What is wrong, the worst first.
    package var findings: [Finding]
    /// What holds for the whole set.
    package var notes: [String]

    /// A file or pair that cannot be used.
    package struct Loss: Codable, Sendable, Equatable {
        /// The file, shard or folder, if known.
        package var path: String?
        /// What was expected, what was found, and what to do.
        package var message: String
    }

    /// One of the two images of a pair, or the pair.
    package enum Side: String, Codable, Sendable {
        case input, target, both
    }

    /// What can be wrong with pairs; the cases stand in the order of a report.
    package enum Kind: String, Codable, Sendable, CaseIterable {
        /// The same image, or the same group, in two splits.
        case leak
        /// Input and target look as if they had changed places.
        case swappedSides = "swapped-sides"
        /// Nothing to learn: the target is the input.
        case inputEqualsTarget = "input-equals-target"
        /// One input with clearly different targets.
        case contradiction
        /// The same image several times in one split.
        case duplicate
        /// An image with next to nothing in it.
        case nearConstant = "near-constant"
        /// The target lies beside the input, unlike in the rest of the set.
        case misregistered
        /// Much darker than the set, or nothing but dark.
        case dark
        /// Much brighter than the set, or nothing but bright.
        case bright
        /// Much less sharp than the set.
        case blurry
        /// A label map with many more colours than the rest.
        case newColors = "new-colors"
        /// Much larger or smaller than the set.
        case oddSize = "odd-size"
        /// Much longer than wide or wider than long.
        case oddAspect = "odd-aspect"
    }

    /// A pair in a finding.
    package struct Member: Codable, Sendable, Equatable {
        /// Its place in the source's list.
        package var index: Int
        /// Its split.
        package var split: DatasetSplit
        /// Its name in the split.
        package var key: String

        /// The name with the split: `train/12`.
        package var name: String { "\(split.rawValue)/\(key)" }
    }

    /// One fault, with the pairs it is about.
    package struct Finding: Codable, Sendable {
        /// What is wrong.
        package var kind: Kind
        /// Which image it is about.
        package var side: Side
        /// Whether the pixels are exactly the same, for duplicates and leaks.
        package var isExact: Bool?
        /// How the copies are mirrored, where they all are.
        package var flip: ImageFlip?
        /// The group that is in several splits, for leaks by group.
        package var group: String?
        /// The number that gave it away: a shift in pixels, a brightness, a deviation.
        package var value: Double?
        /// One sentence for people.
        package var detail: String
        /// The pairs, in the order of the source.
        package var members: [Member]
    }

    /// Pairs in two splits that must not be.
    package var leaks: [Finding] { findings.filter { $0.kind == .leak } }
}

/// One side of all pairs.
package struct SideReport: Codable, Sendable {
    /// How many images have a size.
    package struct SizeCount: Codable, Sendable {
        /// Pixels per row.
        package var width: Int
        /// Rows.
        package var height: Int
        /// Images.
        package var count: Int
    }

    /// Perceived brightness of the images, 0…1.
    package struct Brightness: Codable, Sendable {
        /// The mean over the images.
        package var mean: Double
        /// Of the images' means: the lowest, 5 %, the middle, 95 %, the highest.
        package var quantiles: [Double]
        /// Images by mean brightness, in 20 equal steps from 0 to 1.
        package var histogram: [Int]
    }

    /// One colour of label maps.
    package struct PaletteColor: Codable, Sendable {
        /// Such as `#00aaff`.
        package var color: String
        /// Share of the pixels.
        package var share: Double
    }

    /// What is known of label maps.
    package struct LabelMap: Codable, Sendable {
        /// The colours, the most common first; at most 64 are listed.
        package var colors: [PaletteColor]
        /// How many main colours there are.
        package var count: Int
        /// Whether the maps hold these colours and no others.
        package var isClean: Bool
        /// The median number of distinct colours in an image.
        package var distinctColors: Int
        /// Share of the pixels that have none of the main colours exactly.
        package var strayShare: Double
    }

    /// Sizes, the most common first.
    package var sizes: [SizeCount]
    /// Images by type of sample, such as `U8`.
    package var sampleTypes: [String: Int]
    /// Images by number of channels.
    package var channels: [String: Int]
    /// The lowest and the highest sample, in the images' own unit.
    package var range: [Double]
    /// Perceived brightness.
    package var brightness: Brightness
    /// The mean of each channel over all pixels, 0…1.
    package var channelMean: [Double]
    /// The standard deviation of each channel over all pixels, 0…1.
    package var channelDeviation: [Double]
    /// RGB images with three equal channels.
    package var grayInRGB: Int
    /// The colours, where the images are label maps.
    package var labelMap: LabelMap?
}

/// By how much targets lie beside their inputs.
package struct RegistrationReport: Codable, Sendable {
    /// A shift, and how many pairs have it.
    package struct ShiftCount: Codable, Sendable {
        /// Pixels to the right.
        package var x: Int
        /// Pixels down.
        package var y: Int
        /// Pairs.
        package var count: Int
    }

    /// Pairs whose shift can be told.
    package var reliable: Int
    /// Pairs looked at.
    package var pairs: Int
    /// Whether enough shifts can be told to compare pairs with the set.
    package var isReliable: Bool
    /// The set's own shift: the most common one.
    package var mode: ShiftCount?
    /// Shifts that can be told, the most common first.
    package var shifts: [ShiftCount]
}
