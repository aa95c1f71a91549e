public import DatasetKit

/// Changes brightness, contrast, saturation and hue, in a random order: torchvision's `ColorJitter`.
///
/// Factors and order are drawn once per pair; the mean that contrast turns about is each image's own.
public struct ColorJitter: Operation {
    /// Its name in a recipe.
    public static let name = "color-jitter"
    /// Always.
    public static let defaultProbability: Double? = 1

    private let brightness: ClosedRange<Double>?
    private let contrast: ClosedRange<Double>?
    private let saturation: ClosedRange<Double>?
    private let hue: ClosedRange<Double>?
    private var sides: ChosenSides

    /// Reads `brightness`, `contrast`, `saturation`, `hue` (turns) and `sides`.
    public init(_ reader: inout OperationReader) throws(DatasetError) {
        brightness = try reader.range("brightness", in: 0...100, .around1)
        contrast = try reader.range("contrast", in: 0...100, .around1)
        saturation = try reader.range("saturation", in: 0...100, .around1)
        hue = try reader.range("hue", in: -0.5...0.5, .around0)
        guard [brightness, contrast, saturation, hue].contains(where: { $0 != nil }) else {
            throw reader.error(
                "brightness",
                "expected at least one of brightness, contrast, saturation, hue"
            )
        }
        sides = try ChosenSides(&reader)
    }

    /// The size stays; grey images keep saturation and hue.
    public mutating func prepare(for form: PairForm) throws(ImpossibleOperation) -> ImageSize {
        try sides.prepare(for: form, ChosenSides.colors)
        return form.size
    }

    /// The order, then each factor.
    public func draw(
        for size: ImageSize,
        from draws: inout Draws,
        into drawn: inout [DrawnOperation]
    ) {
        let order = ColorOrder(packed: draws.order())
        drawn.append(
            .colorJitter(
                ColorChange(
                    order: order,
                    brightness: brightness.map { draws.number("brightness", in: $0) },
                    contrast: contrast.map { draws.number("contrast", in: $0) },
                    saturation: saturation.map { draws.number("saturation", in: $0) },
                    hue: hue.map { draws.number("hue", in: $0) },
                    sides: sides.choice
                )
            )
        )
    }
}

/// One of the changes that ``ColorJitter`` makes.
public enum ColorStep: String, Codable, Sendable, CaseIterable {
    // In torchvision's order: their places are the numbers of its random permutation.
    case brightness, contrast, saturation, hue
}

/// The order of the four changes.
public struct ColorOrder: Sendable, Equatable {
    /// Four numbers of two bits, the first lowest.
    private let packed: UInt8

    init(packed: UInt8) {
        self.packed = packed
    }

    /// The change at a place, 0 to 3.
    public subscript(place: Int) -> ColorStep {
        switch packed >> UInt8(2 * place) & 3 {
        case 0: .brightness
        case 1: .contrast
        case 2: .saturation
        default: .hue
        }
    }
}

extension ColorOrder: Codable {
    /// Reads the four names.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let names = try container.decode([ColorStep].self)
        guard Set(names) == Set(ColorStep.allCases), names.count == 4 else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "expected brightness, contrast, saturation and hue, each once"
            )
        }
        var packed: UInt8 = 0
        for (place, name) in names.enumerated() {
            let number = ColorStep.allCases.firstIndex(of: name) ?? 0
            packed |= UInt8(number) << UInt8(2 * place)
        }
        self.init(packed: packed)
    }

    /// Writes the four names.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode((0..<4).map { self[$0] })
    }
}

/// A change of brightness, contrast, saturation and hue.
public struct ColorChange: DrawnParameters {
    /// The order of the changes.
    public var order: ColorOrder
    /// The factor of all levels; `nil` leaves them.
    public var brightness: Double?
    /// The factor of the distance from the mean grey.
    public var contrast: Double?
    /// The factor of the distance from the pixel's own grey.
    public var saturation: Double?
    /// Turns of the hue, −0.5 to 0.5.
    public var hue: Double?
    /// Which sides.
    public var sides: SideChoice

    /// The factor of one change.
    public func factor(_ step: ColorStep) -> Double? {
        switch step {
        case .brightness: brightness
        case .contrast: contrast
        case .saturation: saturation
        case .hue: hue
        }
    }

    /// Every factor by its first letter, in order.
    public var summary: String {
        let factors = (0..<4).compactMap { place -> String? in
            let step = order[place]
            return factor(step).map { "\(step.rawValue.prefix(1))\(rounded($0))" }
        }
        return "color " + factors.joined(separator: " ")
    }
}
