/// What can happen to an image on its way into a shard.
enum Conversion: Hashable, Sendable {
    case decoderWarning, orientationApplied, firstPage, profileIgnored
    case paletteToColors, paletteIndices
    case alphaDropped
    case alphaFlattened(over: [UInt8])
    case cmykToRGB, rgbToGray, grayToRGB
    case depth(from: SampleType, to: SampleType)
    case resized

    /// Its name in `index.json`.
    var name: String {
        switch self {
        case .decoderWarning: "decoder-warning"
        case .orientationApplied: "orientation-applied"
        case .firstPage: "first-page"
        case .profileIgnored: "profile-ignored"
        case .paletteToColors: "palette-to-colors"
        case .paletteIndices: "palette-indices"
        case .alphaDropped: "alpha-dropped"
        case .alphaFlattened: "alpha-flattened"
        case .cmykToRGB: "cmyk-to-rgb"
        case .rgbToGray: "rgb-to-gray"
        case .grayToRGB: "gray-to-rgb"
        case .depth(let old, let new): "\(old.rawValue)-to-\(new.rawValue)".lowercased()
        case .resized: "resized"
        }
    }
}

/// How often each conversion was made, in images (two a pair): kept in `index.json` for good.
package struct ConversionCounts: Sendable, Equatable {
    /// The counts by name; conversions that were never made are left out.
    package private(set) var byName: [String: Int]

    /// Nothing yet, or counts written down before.
    package init(byName: [String: Int] = [:]) {
        self.byName = byName
    }

    /// Counts one image.
    mutating func add(_ conversion: Conversion) {
        byName[conversion.name, default: 0] += 1
    }

    /// Adds other counts.
    mutating func add(_ other: ConversionCounts) {
        byName.merge(other.byName, uniquingKeysWith: +)
    }
}
