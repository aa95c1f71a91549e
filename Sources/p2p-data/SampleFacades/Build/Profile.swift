/// How a surface stands out from the building line, in metres.
enum Profile: Equatable, Sendable {
    case flat(Float)
    /// A classical cornice: fillet, cove, corona and crown, wider towards the top.
    case cornice(from: Float, by: Float)
    /// A rounded moulding, thickest halfway up.
    case torus(from: Float, by: Float)
    /// A half column, thickest at its middle axis.
    case column(from: Float, by: Float)
    /// A shield, thickest in its middle.
    case dome(from: Float, by: Float)
    /// A plane that leans: its lift at the bottom and what one metre of height adds.
    case slope(from: Float, perMetre: Float)

    /// The lift at `u` from left to right and `v` from bottom to top of a shape, both 0…1.
    ///
    /// `height` is that of the shape in metres.
    func lift(u: Float, v: Float, height: Float) -> Float {
        switch self {
        case .flat(let lift): lift
        case .cornice(let base, let projection): base + projection * Self.corniceCurve(v)
        case .torus(let base, let projection): base + projection * Self.arc(v)
        case .column(let base, let projection): base + projection * Self.arc(u)
        case .dome(let base, let projection): base + projection * Self.arc(u) * Self.arc(v)
        case .slope(let base, let perMetre): base + perMetre * v * height
        }
    }

    /// A half circle over 0…1 with height 1.
    private static func arc(_ position: Float) -> Float {
        let offset = 2 * position - 1
        return max(0, 1 - offset * offset).squareRoot()
    }

    private static func corniceCurve(_ v: Float) -> Float {
        switch v {
        case ..<0.16: 0.22
        case ..<0.5: 0.26 + (v - 0.16) * (v - 0.16) * 2.4
        case ..<0.8: 0.86
        default: 0.9 + (v - 0.8) * 0.5
        }
    }
}
