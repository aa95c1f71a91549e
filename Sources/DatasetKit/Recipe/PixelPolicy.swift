/// What a recipe does about the pixels of one side that are not plain 8-bit grey or RGB.
///
/// Nothing of it happens in silence: each use is counted in `index.json`.
public struct PixelPolicy: Equatable, Sendable {
    /// How many channels the colours have.
    public var color = ColorPolicy.keep
    /// What becomes of transparency.
    public var alpha = AlphaPolicy.reject
    /// The type of the samples.
    public var depth = DepthPolicy.keep
    /// What becomes of palette images.
    public var palette = PalettePolicy.colors
    /// What becomes of images with an embedded colour profile.
    public var icc = ProfilePolicy.ignore
    /// What becomes of files with several pages.
    public var pages = PagesPolicy.reject

    /// The defaults.
    public init() {}
}

/// How many channels the colours of an image have in the shards.
public enum ColorPolicy: String, Sendable, CaseIterable {
    /// As in the files, which must agree.
    case keep
    /// One: colour becomes luma as Pillow's mode L computes it.
    case gray
    /// Three: grey is repeated, CMYK is converted as Pillow does.
    case rgb
}

/// What becomes of transparency.
public enum AlphaPolicy: Equatable, Sendable {
    /// Such images are listed as unusable.
    case reject
    /// The colours behind the transparency are taken as they are.
    case drop
    /// Alpha stays the last channel.
    case keep
    /// The image is laid over an opaque colour, red, green and blue in 0…255.
    case over([UInt8])
}

/// The type of the samples in the shards.
public enum DepthPolicy: String, Sendable, CaseIterable {
    /// As in the files, which must agree: up to 8 bits U8, up to 16 bits U16, else F32.
    case keep
    /// U8; 16 bits are rounded, float must lie within 0…1.
    case bits8 = "8"
    /// U16; 8 bits are scaled, float must lie within 0…1.
    case bits16 = "16"
    /// F32; whole numbers become 0…1, float stays as it is.
    case float

    /// The type it asks for; `nil` for the file's own.
    var sampleType: SampleType? {
        switch self {
        case .keep: nil
        case .bits8: .u8
        case .bits16: .u16
        case .float: .f32
        }
    }
}

/// What becomes of palette images.
public enum PalettePolicy: String, Sendable, CaseIterable {
    /// The palette's colours.
    case colors
    /// The numbers of the palette's entries, for label maps; grey images keep their raw samples.
    case indices
}

/// What becomes of images with an embedded ICC profile.
public enum ProfilePolicy: String, Sendable, CaseIterable {
    /// The samples are taken as they are.
    case ignore
    /// Such images are listed as unusable.
    case reject
}

/// What becomes of files with several pages or frames.
public enum PagesPolicy: String, Sendable, CaseIterable {
    /// The first page is taken.
    case first
    /// Such files are listed as unusable.
    case reject
}

extension PixelPolicy {
    /// Reads the policies of both sides: each is one value, or an object with `input` and `target`.
    ///
    /// - Throws: ``DatasetError`` with code `invalidRecipe`.
    static func sides(_ reader: inout JSONObjectReader) throws(DatasetError) -> Sides<PixelPolicy> {
        var sides = Sides(both: PixelPolicy())
        try read("color", \.color, of: &sides, from: &reader, as: choice)
        try read("alpha", \.alpha, of: &sides, from: &reader, as: AlphaPolicy.init(_:))
        try read("depth", \.depth, of: &sides, from: &reader) { value in
            if case .integer(let bits) = value { return DepthPolicy(rawValue: "\(bits)") }
            guard case .string(let name) = value, name == "float" || name == "keep" else {
                return nil
            }
            return DepthPolicy(rawValue: name)
        }
        try read("palette", \.palette, of: &sides, from: &reader, as: choice)
        try read("icc", \.icc, of: &sides, from: &reader, as: choice)
        try read("pages", \.pages, of: &sides, from: &reader, as: choice)
        for side in PairSide.allCases
        where sides[side].palette == .indices && sides[side].color == .rgb {
            throw reader.error(
                "palette",
                "indices of the \(side.rawValue) have no colours to make "
                    + "RGB of; drop \"color\" for that side, or set \"palette\": \"colors\""
            )
        }
        return sides
    }

    private static func read<Value>(
        _ key: String,
        _ property: WritableKeyPath<PixelPolicy, Value>,
        of sides: inout Sides<PixelPolicy>,
        from reader: inout JSONObjectReader,
        as parse: (JSONValue) -> Value?
    ) throws(DatasetError) {
        guard let value = reader.value(key) else { return }
        if case .object(let members) = value, members["input"] != nil || members["target"] != nil {
            guard var nested = try reader.object(key) else { return }
            for side in PairSide.allCases {
                guard let value = nested.value(side.rawValue) else { continue }
                guard let parsed = parse(value) else {
                    throw nested.error(side.rawValue, expected: allowed(key), found: value)
                }
                sides[side][keyPath: property] = parsed
            }
            try nested.finish()
        } else {
            guard let parsed = parse(value) else {
                throw reader.error(
                    key,
                    expected: "\(allowed(key)), or an object with \"input\" "
                        + "and \"target\"",
                    found: value
                )
            }
            for side in PairSide.allCases { sides[side][keyPath: property] = parsed }
        }
    }

    private static func choice<Choice: RawRepresentable<String>>(_ value: JSONValue) -> Choice? {
        guard case .string(let text) = value else { return nil }
        return Choice(rawValue: text)
    }

    private static func allowed(_ key: String) -> String {
        func list<Choice: RawRepresentable<String> & CaseIterable>(_ type: Choice.Type) -> String {
            "one of " + Choice.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
        }
        return switch key {
        case "color": list(ColorPolicy.self)
        case "alpha":
            "one of \"reject\", \"drop\", \"keep\", {\"over\": \"#rrggbb\"}"
        case "depth": "one of 8, 16, \"float\", \"keep\""
        case "palette": list(PalettePolicy.self)
        case "icc": list(ProfilePolicy.self)
        default: list(PagesPolicy.self)
        }
    }

    /// The members of the resolved recipe; per side only where the sides differ.
    static func json(_ sides: Sides<PixelPolicy>) -> [String: JSONValue] {
        func member<Value>(
            _ property: KeyPath<PixelPolicy, Value>,
            _ json: (Value) -> JSONValue
        ) -> JSONValue {
            let values = sides.map { json($0[keyPath: property]) }
            return values.input == values.target
                ? values.input : .object(["input": values.input, "target": values.target])
        }
        return [
            "color": member(\.color) { .string($0.rawValue) },
            "alpha": member(\.alpha, \.json),
            "depth": member(\.depth) {
                Int($0.rawValue).map(JSONValue.integer) ?? .string($0.rawValue)
            },
            "palette": member(\.palette) { .string($0.rawValue) },
            "icc": member(\.icc) { .string($0.rawValue) },
            "pages": member(\.pages) { .string($0.rawValue) },
        ]
    }
}

extension AlphaPolicy {
    /// Reads a policy; `nil` for anything else.
    init?(_ value: JSONValue) {
        switch value {
        case .string("reject"): self = .reject
        case .string("drop"): self = .drop
        case .string("keep"): self = .keep
        case .object(let members) where members.count == 1:
            guard let color = members["over"].flatMap(RGBColor.init(json:)) else { return nil }
            self = .over(color.levels)
        default: return nil
        }
    }

    var json: JSONValue {
        switch self {
        case .reject: .string("reject")
        case .drop: .string("drop")
        case .keep: .string("keep")
        case .over(let levels): .object(["over": .string(RGBColor(levels: levels).text)])
        }
    }
}

/// An opaque colour as recipes write it: `#rrggbb`.
struct RGBColor: Equatable {
    /// Red, green and blue in 0…255.
    let levels: [UInt8]

    init(levels: [UInt8]) { self.levels = levels }

    /// Reads `#rrggbb`; `nil` for anything else.
    init?(json: JSONValue) {
        guard case .string(let text) = json, text.utf8.count == 7, text.hasPrefix("#"),
            let number = UInt32(text.dropFirst(), radix: 16)
        else { return nil }
        levels = [16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    /// Such as `#ff8000`.
    var text: String {
        "#" + levels.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
