/// The twelve classes of the CMP facade database, in the order of its label maps.
///
/// The words mean what they mean there: see R. Tyleček and R. Šára, "Spatial pattern templates for
/// recognition of objects with regular structure" (GCPR 2013).
public enum FacadeClass: UInt8, CaseIterable, Sendable {
    /// Sky, street, trees, lamps and everything else that is not a building.
    case background
    /// Walls and roofs.
    case facade
    /// Frame and glass.
    case window
    /// Doors and gates, with their fanlights.
    case door
    /// The hood or pediment above one window or door.
    case cornice
    /// The ledge or panel below one window.
    case sill
    /// Slab, railing and what is seen through it.
    case balcony
    /// Shutters and roller blinds.
    case blind
    /// Free ornament: medallions, keystones, friezes, festoons.
    case deco
    /// Horizontal bands, the crowning cornice among them, and window surrounds.
    case molding
    /// Pilasters, columns and quoins.
    case pillar
    /// Shop windows, signs and awnings.
    case shop

    /// The colour of the class in the label maps of the pix2pix facades dataset.
    ///
    /// These are the entries 1, 6, … of MATLAB's 64-step `jet`, which is what the published images
    /// hold (measured on its 400 training pairs), not the 12-step `jet` of the original database.
    public var color: LabelColor {
        switch self {
        case .background: LabelColor(red: 0, green: 0, blue: 223)
        case .facade: LabelColor(red: 0, green: 48, blue: 255)
        case .window: LabelColor(red: 0, green: 128, blue: 255)
        case .door: LabelColor(red: 0, green: 207, blue: 255)
        case .cornice: LabelColor(red: 32, green: 255, blue: 223)
        case .sill: LabelColor(red: 112, green: 255, blue: 143)
        case .balcony: LabelColor(red: 191, green: 255, blue: 64)
        case .blind: LabelColor(red: 255, green: 239, blue: 0)
        case .deco: LabelColor(red: 255, green: 159, blue: 0)
        case .molding: LabelColor(red: 255, green: 80, blue: 0)
        case .pillar: LabelColor(red: 255, green: 0, blue: 0)
        case .shop: LabelColor(red: 175, green: 0, blue: 0)
        }
    }
}

/// The colour that stands for a class in a label map.
public struct LabelColor: Equatable, Hashable, Sendable {
    /// Red, 0…255.
    public let red: UInt8
    /// Green, 0…255.
    public let green: UInt8
    /// Blue, 0…255.
    public let blue: UInt8

    /// Creates a colour.
    public init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }
}
