public import DatasetKit

/// Fills a random rectangle, the same on both sides: torchvision's `RandomErasing`.
public struct Erase: Operation {
    /// Its name in a recipe.
    public static let name = "erase"
    /// Every second pair, as in torchvision.
    public static let defaultProbability: Double? = 0.5

    private let scale: ClosedRange<Double>
    private let ratio: ClosedRange<Double>
    private let value: HiddenValue
    private var sides: ChosenSides

    /// Reads `scale` (shares of the area), `ratio` (height over width), `value` and `sides`.
    public init(_ reader: inout OperationReader) throws(DatasetError) {
        scale = try reader.range("scale", in: 0...1) ?? 0.02...0.33
        ratio = try reader.range("ratio", in: 0.001...1000) ?? 0.3...3.3
        value = try HiddenValue(&reader)
        sides = try ChosenSides(&reader)
    }

    /// The size stays.
    public mutating func prepare(for form: PairForm) throws(ImpossibleOperation) -> ImageSize {
        try value.prepare(for: form, &sides)
        return form.size
    }

    /// As torchvision draws: ten attempts to find a rectangle that fits, then none.
    public func draw(
        for size: ImageSize,
        from draws: inout Draws,
        into drawn: inout [DrawnOperation]
    ) {
        for _ in 0..<10 {
            let area = draws.number("scale", in: scale) * Double(size.width * size.height)
            let ratio = draws.logarithmic("ratio", in: ratio)
            let height = Int((area * ratio).squareRoot().rounded(.toNearestOrEven))
            let width = Int((area / ratio).squareRoot().rounded(.toNearestOrEven))
            guard height < size.height, width < size.width else { continue }
            if width == 0 || height == 0 { return }
            let box = FilledBox(
                x: draws.integer("x", below: size.width - width + 1),
                y: draws.integer("y", below: size.height - height + 1),
                width: width,
                height: height,
                value: value.drawn(draws),
                sides: sides.choice
            )
            drawn.append(.erase(box))
            return
        }
    }
}

/// Fills squares: cutout (DeVries and Taylor, 2017).
///
/// The middle of each is anywhere in the image, so that some are cut off by an edge.
public struct Cutout: Operation {
    /// Its name in a recipe.
    public static let name = "cutout"
    /// Every second pair.
    public static let defaultProbability: Double? = 0.5

    private let size: ClosedRange<Double>
    private let holes: Int
    private let value: HiddenValue
    private var sides: ChosenSides

    /// Reads `size` (a share of the shorter side), `holes`, `value` and `sides`.
    public init(_ reader: inout OperationReader) throws(DatasetError) {
        size = try reader.range("size", in: 0.001...1) ?? 0.25...0.25
        holes = try reader.integer("holes", in: 1...100) ?? 1
        value = try HiddenValue(&reader)
        sides = try ChosenSides(&reader)
    }

    /// The size stays.
    public mutating func prepare(for form: PairForm) throws(ImpossibleOperation) -> ImageSize {
        try value.prepare(for: form, &sides)
        return form.size
    }

    /// A size and a middle for each square.
    public func draw(
        for size: ImageSize,
        from draws: inout Draws,
        into drawn: inout [DrawnOperation]
    ) {
        for _ in 0..<holes {
            let share = draws.number("size", in: self.size)
            let side = max(1, Int((share * Double(min(size.width, size.height))).rounded()))
            let left = draws.integer("x", below: size.width) - side / 2
            let top = draws.integer("y", below: size.height) - side / 2
            let (x, y) = (max(0, left), max(0, top))
            let box = FilledBox(
                x: x,
                y: y,
                width: min(size.width, left + side) - x,
                height: min(size.height, top + side) - y,
                value: value.drawn(draws),
                sides: sides.choice
            )
            drawn.append(.cutout(box))
        }
    }
}

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
