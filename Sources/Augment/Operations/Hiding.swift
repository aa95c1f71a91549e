import DatasetKit

/// The `value` of operations that hide something: a level, one for each channel, or `"noise"`.
struct HiddenValue: Sendable {
    /// `nil` is noise.
    private let levels: [Float]?

    init(_ reader: inout OperationReader) throws(DatasetError) {
        if case .string("noise") = reader.value("value") {
            levels = nil
        } else {
            levels = try reader.levels("value") ?? [0]
        }
    }

    /// Hiding is no change of colours: label maps are hidden with the rest.
    func prepare(for form: PairForm, _ sides: inout ChosenSides) throws(ImpossibleOperation) {
        guard let forms = form.sides else { return }
        for side in sides.choice.sides where levels == nil {
            if forms[side].isLabelMap || forms[side].sampleType == .f32 {
                throw ImpossibleOperation(
                    key: "value",
                    message: "the \(side.rawValue) has \(forms[side].text): noise would make "
                        + "\(forms[side].isLabelMap ? "new labels" : "levels of an unknown range"); "
                        + "set a level, or \"sides\""
                )
            }
        }
        if let levels {
            try Sampling.check(levels, fits: form, sides.choice.sides, key: "value")
        }
    }

    func drawn(_ draws: Draws) -> FillValue {
        guard let levels else { return .noise(draws.noise()) }
        return .levels(levels)
    }
}

/// What a rectangle is filled with.
public enum FillValue: Sendable, Equatable {
    /// Levels from 0 to 1: one for all channels, or one for each.
    case levels([Float])
    /// Normally distributed samples with mean 0.5 and standard deviation 0.5, cut to 0…1: what
    /// torchvision's `value="random"` is after `Normalize(0.5, 0.5)`.
    case noise(NoiseStream)
}

extension FillValue: Codable {
    private enum Key: String, CodingKey { case noise }

    /// Reads a list of levels, or an object with `noise`.
    public init(from decoder: any Decoder) throws {
        if let levels = try? decoder.singleValueContainer().decode([Float].self) {
            self = .levels(levels)
            return
        }
        let container = try decoder.container(keyedBy: Key.self)
        self = .noise(try container.decode(NoiseStream.self, forKey: .noise))
    }

    /// Writes a list of levels, or an object with `noise`.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .levels(let levels):
            var container = encoder.singleValueContainer()
            try container.encode(levels)
        case .noise(let stream):
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(stream, forKey: .noise)
        }
    }
}

/// A rectangle that hides what is below it.
public struct FilledBox: DrawnParameters {
    /// Pixels left of it.
    public var x: Int
    /// Rows above it.
    public var y: Int
    /// Its width in pixels.
    public var width: Int
    /// Its height in pixels.
    public var height: Int
    /// What it is filled with.
    public var value: FillValue
    /// Which sides.
    public var sides: SideChoice

    /// Where it is.
    public var summary: String { "hide \(width)x\(height) at \(x),\(y)" }
}
