import DatasetKit

/// How the samples of an image become the values that a generator takes or makes, and back.
struct ImageValues: Codable, Equatable {
    /// Samples per pixel, and what they mean.
    var channels: Int
    var colors: DatasetIndex.Colors?
    /// Whether the last channel is alpha.
    var alpha: Bool
    /// Their type.
    var type: SampleType
    /// What is -1.
    var low: Double
    /// What is 1.
    var high: Double

    /// Takes one side of a dataset.
    ///
    /// - Parameters:
    ///   - side: The side.
    ///   - range: What is -1 and 1 of floats; unknown ones are taken as they are.
    init(_ side: DatasetIndex.Side, range: TrainOptions.ValueRange?) {
        (channels, colors, type) = (side.channels, side.colors, side.dtype)
        alpha = side.alpha ?? false
        (low, high) =
            switch side.dtype {
            case .u8: (0, 255)
            case .u16: (0, 65535)
            case .f32: (range?.low ?? -1, range?.high ?? 1)
            }
    }

    /// What to do to samples, in words.
    var preprocessing: String {
        let shifted = low == 0 ? "sample" : "(sample - \(Self.text(low)))"
        return "value = \(shifted) / \(Self.text((high - low) / 2)) - 1; "
            + "[batch, \(kind), height, width]"
    }

    /// What to do to values, in words.
    var postprocessing: String {
        let scaled = "(value + 1) * \(Self.text((high - low) / 2))"
        let sample = low == 0 ? scaled : "\(scaled) + \(Self.text(low))"
        let limits = "\(Self.text(low))...\(Self.text(high))"
        return "sample = " + (type == .f32 ? sample : "round(\(sample)), cut to \(limits)")
            + "; \(kind)"
    }

    /// A number, in brackets below 0, whole where it is.
    private static func text(_ number: Double) -> String {
        let text = Int(exactly: number).map { "\($0)" } ?? "\(number)"
        return number < 0 ? "(\(text))" : text
    }

    /// The channels in words: `3 channels (rgb)`.
    private var kind: String {
        let names = [colors?.rawValue, alpha ? "alpha last" : nil].compactMap { $0 }
        return "\(channels) channel\(channels == 1 ? "" : "s")"
            + (names.isEmpty ? "" : " (\(names.joined(separator: ", ")))")
    }
}
