extension ResizePlan {
    /// Reads the recipe's `resize`: fields for both sides, and `input` and `target` that override
    /// them.
    ///
    /// - Throws: ``DatasetError`` with code `invalidRecipe`.
    static func sides(
        _ reader: JSONObjectReader,
        palettes: Sides<PalettePolicy>
    ) throws(DatasetError) -> Sides<ResizePlan> {
        var reader = reader
        let common = try Fields(&reader)
        let resampler = try reader.choice("resampler", as: Resampler.self) ?? .pillow13
        var sides = Sides(both: common)
        for side in PairSide.allCases {
            guard var nested = try reader.object(side.rawValue) else { continue }
            sides[side] = try Fields(&nested).over(common)
            try nested.finish()
        }
        try reader.finish()
        return Sides(
            input: try sides.input.plan(.input, palettes.input, resampler, reader),
            target: try sides.target.plan(.target, palettes.target, resampler, reader)
        )
    }

    /// The members of the resolved recipe.
    static func json(_ sides: Sides<ResizePlan>) -> JSONValue {
        var members = sides.input == sides.target ? sides.input.members : [:]
        if members.isEmpty {
            members["input"] = .object(sides.input.members)
            members["target"] = .object(sides.target.members)
        }
        members["resampler"] = .string(sides.input.resampler.rawValue)
        return .object(members)
    }

    private var members: [String: JSONValue] {
        var members: [String: JSONValue] = ["mode": .string(mode.rawValue)]
        switch mode {
        case .stretch, .fitCrop, .fitPad:
            members["width"] = .integer(size.width)
            members["height"] = .integer(size.height)
        case .scaleWidth: members["width"] = .integer(size.width)
        case .shorterSide: members["size"] = .integer(size.width)
        case .none: return members
        }
        members["filter"] = .string(filter.rawValue)
        if mode == .fitPad { members["padding"] = .string(RGBColor(levels: padding).text) }
        return members
    }

    /// The fields as written, before defaults.
    private struct Fields {
        var mode: ResizeMode?
        var width: Int?
        var height: Int?
        var size: Int?
        var filter: ResizeFilter?
        var padding: [UInt8]?

        init(_ reader: inout JSONObjectReader) throws(DatasetError) {
            let pixels = 1...65_500
            mode = try reader.choice("mode", as: ResizeMode.self)
            width = try reader.integer("width", in: pixels)
            height = try reader.integer("height", in: pixels)
            size = try reader.integer("size", in: pixels)
            filter = try reader.choice("filter", as: ResizeFilter.self)
            if let value = reader.value("padding") {
                guard let color = RGBColor(json: value) else {
                    throw reader.error(
                        "padding",
                        expected: "a colour such as \"#000000\"",
                        found: value
                    )
                }
                padding = color.levels
            }
        }

        /// These fields, and those of `common` where they are not given.
        ///
        /// A side that has a mode of its own takes no sizes from the common fields that are not its.
        func over(_ common: Fields) -> Fields {
            var result = self
            result.filter = filter ?? common.filter
            result.padding = padding ?? common.padding
            result.mode = mode ?? common.mode
            let kind = result.mode ?? .stretch
            if kind.takes("width") { result.width = width ?? common.width }
            if kind.takes("height") { result.height = height ?? common.height }
            if kind.takes("size") { result.size = size ?? common.size }
            return result
        }

        func plan(
            _ side: PairSide,
            _ palette: PalettePolicy,
            _ resampler: Resampler,
            _ reader: JSONObjectReader
        ) throws(DatasetError) -> ResizePlan {
            let mode = mode ?? .stretch
            for (key, value) in [("width", width), ("height", height), ("size", size)] {
                guard mode.takes(key) != (value != nil) else { continue }
                if value == nil {
                    throw reader.error(
                        key,
                        "expected a whole number of pixels for the mode \"\(mode.rawValue)\" of the "
                            + "\(side.rawValue)"
                    )
                }
                throw reader.error(key, "does not go with the mode \"\(mode.rawValue)\"")
            }
            if padding != nil, mode != .fitPad {
                throw reader.error("padding", "only goes with the mode \"fit-pad\"")
            }
            if palette == .indices, let filter, filter != .nearest {
                throw reader.error(
                    "filter",
                    "the \(side.rawValue) holds palette indices, which cannot be mixed: give it "
                        + "\"\(side.rawValue)\": {\"filter\": \"nearest\"}"
                )
            }
            let first = size ?? width ?? 1
            return ResizePlan(
                mode: mode,
                size: ImageSize(width: first, height: height ?? first),
                filter: filter ?? (palette == .indices ? .nearest : .bicubic),
                resampler: resampler,
                padding: padding ?? [0, 0, 0]
            )
        }
    }
}

extension ResizeMode {
    /// Whether a mode needs a field of the recipe's `resize`.
    fileprivate func takes(_ key: String) -> Bool {
        switch self {
        case .stretch, .fitCrop, .fitPad: key == "width" || key == "height"
        case .scaleWidth: key == "width"
        case .shorterSide: key == "size"
        case .none: false
        }
    }
}
