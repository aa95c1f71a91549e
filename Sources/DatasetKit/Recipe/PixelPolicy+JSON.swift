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
