/// What is usual in one architectural style; the architect chooses within it.
///
/// Where a list holds an entry twice, that entry is chosen twice as often.
struct StyleRules: Sendable {
    enum Wall: Sendable { case stucco, warmStucco, redBrick, paleBrick, stone, panels }
    enum Base: Sendable { case plain, rusticated, painted, stone }
    enum Ground: Sendable { case dwelling, shops, arcade }
    enum Blinds: Sendable { case none, rollers, shutters }
    enum Pillars: Sendable { case none, pilasters, quoins, columns }
    enum Balconies: Sendable { case none, central, continuous, stacked, scattered }
    enum Roof: Sendable {
        case flat, tiled, slated, hipped, mansard, steppedGable, bellGable, triangle
    }

    /// Number of storeys with the ground floor, without the roof.
    var storeys: ClosedRange<Int>
    /// Metres.
    var groundHeight: ClosedRange<Double>
    /// Metres.
    var storeyHeight: ClosedRange<Double>
    /// The distance of the window axes in metres.
    var baySpacing: ClosedRange<Double>
    /// The width of the house as a part of the picture's.
    var width: ClosedRange<Double>
    /// The width of a window as a part of its bay.
    var windowWidth: ClosedRange<Double>
    /// The height of a window as a part of its storey.
    var windowHeight: ClosedRange<Double>
    var heads: [Head]
    var glazings: [Glazing]
    /// Metres.
    var surround: ClosedRange<Double>
    var hoods: [Hood]
    var sills: [Sill]
    var blinds: [Blinds]
    var pillars: [Pillars]
    var balconies: [Balconies]
    var railings: [BalconyPlan.Railing]
    var ground: [Ground]
    var bases: [Base]
    /// How likely a band runs along a floor, 0…1.
    var bands: Double
    var crowns: [CrownPlan.Kind]
    /// Metres.
    var crownHeight: ClosedRange<Double>
    var roofs: [Roof]
    /// How rich the ornament is, 0…1.
    var ornament: Double
    var walls: [Wall]
}

/// The kinds of houses that are drawn.
enum ArchitecturalStyle: Sendable {
    case neoRenaissance, haussmann, artNouveau, brickTenement, georgian
    case canalHouse, mediterranean, modernist, baroque, villa

    /// What stands in the streets of a dataset; most of it is plaster and stone, as in CMP's.
    static let streets: [ArchitecturalStyle] = [
        .neoRenaissance, .neoRenaissance, .neoRenaissance, .haussmann, .haussmann, .artNouveau,
        .artNouveau, .baroque, .baroque, .mediterranean, .mediterranean, .brickTenement, .georgian,
        .canalHouse, .modernist, .villa,
    ]

    /// What is usual in the style.
    var rules: StyleRules {
        switch self {
        case .neoRenaissance: .neoRenaissance
        case .haussmann: .haussmann
        case .artNouveau: .artNouveau
        case .brickTenement: .brickTenement
        case .georgian: .georgian
        case .canalHouse: .canalHouse
        case .mediterranean: .mediterranean
        case .modernist: .modernist
        case .baroque: .baroque
        case .villa: .villa
        }
    }

    /// The styles that are found next door.
    var neighbours: [ArchitecturalStyle] {
        switch self {
        case .neoRenaissance: [.neoRenaissance, .artNouveau, .baroque, .modernist]
        case .haussmann: [.haussmann, .haussmann, .artNouveau]
        case .artNouveau: [.neoRenaissance, .artNouveau, .baroque]
        case .brickTenement: [.brickTenement, .neoRenaissance, .modernist]
        case .georgian: [.georgian, .georgian, .brickTenement]
        case .canalHouse: [.canalHouse, .canalHouse, .brickTenement]
        case .mediterranean: [.mediterranean, .baroque]
        case .modernist: [.modernist, .neoRenaissance, .brickTenement]
        case .baroque: [.baroque, .mediterranean, .neoRenaissance]
        case .villa: [.villa, .mediterranean, .neoRenaissance]
        }
    }
}
