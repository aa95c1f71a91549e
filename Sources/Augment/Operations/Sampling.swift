import DatasetKit

/// How a pixel between pixels is found; for label maps it is always the nearest.
public enum Interpolation: String, Codable, Sendable, CaseIterable {
    /// The nearest pixel.
    case nearest
    /// The mean of the four around it, by distance.
    case bilinear
}

/// What lies beyond the edges of an image.
public enum Border: String, Codable, Sendable, CaseIterable {
    /// The image mirrored, without repeating the edge: NumPy's `reflect`, OpenCV's `REFLECT_101`.
    case reflect
    /// The nearest pixel of the edge.
    case replicate
    /// One colour.
    case constant
}

/// How a warp fetches its pixels: what ``Affine`` and ``Elastic`` have in common.
public struct Sampling: Codable, Sendable, Equatable {
    /// How a pixel between pixels is found.
    public var interpolation = Interpolation.bilinear
    /// What lies beyond the edges.
    public var border = Border.reflect
    /// With a constant border, its colour, 0 to 1: one level, or one for each channel.
    public var fill: [Float] = [0]

    init(_ reader: inout OperationReader) throws(DatasetError) {
        interpolation = try reader.choice("interpolation", as: Interpolation.self) ?? .bilinear
        border = try reader.choice("border", as: Border.self) ?? .reflect
        if let fill = try reader.levels("fill") {
            guard border == .constant else {
                throw reader.error("fill", "expected with \"border\": \"constant\" only")
            }
            self.fill = fill
        }
    }

    /// Refuses a colour that a side cannot take.
    func check(_ form: PairForm) throws(ImpossibleOperation) {
        try Self.check(fill, fits: form, PairSide.allCases, key: "fill")
    }

    /// Refuses levels that are neither one nor as many as the channels of the sides.
    static func check(
        _ levels: [Float],
        fits form: PairForm,
        _ sides: [PairSide],
        key: String
    ) throws(ImpossibleOperation) {
        guard let forms = form.sides, levels.count > 1 else { return }
        for side in sides where forms[side].channels != levels.count {
            throw ImpossibleOperation(
                key: key,
                message:
                    "expected one level, or one for each channel, found \(levels.count) for the "
                    + "\(side.rawValue) of \(forms[side].text)"
            )
        }
    }
}
