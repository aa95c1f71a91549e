/// Everything that is to be built of one house; all measures in metres.
struct BuildingPlan: Sendable {
    /// The wall from the pavement to the eaves.
    var wall: Box
    /// How far the wall stands in front of the building line.
    var lift: Float
    var finishes: Finishes
    /// The heights between which the ground floor's own finish covers the wall.
    var base: BasePlan
    var roof: RoofPlan
    var crown: CrownPlan
    var bands: [BandPlan] = []
    var pillars: [PillarPlan] = []
    var windows: [WindowPlan] = []
    var doors: [DoorPlan] = []
    var shops: [ShopPlan] = []
    var balconies: [BalconyPlan] = []
    var ornaments: [OrnamentPlan] = []
    /// The x of the rain pipes.
    var pipes: [Double] = []
    /// A part that stands forward.
    var projection: ProjectionPlan?
    /// The noise of the weather's traces.
    var weathering: Noise

    /// How far the bare wall stands in front of the building line at a place.
    func lift(x: Double, y: Double) -> Float {
        guard let projection, projection.contains(x: x, y: y) else { return lift }
        return lift + projection.depth
    }
}

/// A part of the wall that stands forward: a risalit from the ground to the eaves, or an oriel that
/// begins on the first floor.
struct ProjectionPlan: Sendable {
    var box: Box
    /// Metres before the rest of the wall.
    var depth: Float

    var isOriel: Bool { box.bottom > 0 }

    func contains(x: Double, y: Double) -> Bool {
        x >= box.left && x < box.right && y >= box.bottom && y < box.top
    }
}

/// The materials and colours of one house.
struct Finishes: Sendable {
    var wall: Finish
    var ground: Finish
    var roof: Finish
    /// Bands, hoods, surrounds.
    var trim: Plain
    /// Pilasters and quoins.
    var pillar: Finish
    /// Window frames.
    var frame: Color
    var door: Color
    var shutter: Color
    /// Roller blinds.
    var roller: Color
    var railing: Color
}

/// The lowest part of a wall.
struct BasePlan: Sendable {
    /// How high the plinth reaches.
    var plinth: Double
    /// How high the ground floor's finish reaches; no higher than the plinth if it has none.
    var top: Double
    /// How far the ground floor stands out.
    var lift: Float
}

/// The cornice or coping at the top of a wall.
struct CrownPlan: Sendable {
    enum Kind: Sendable {
        /// A thin sheet-metal or stone edge.
        case coping
        /// A classical cornice.
        case cornice
        /// A cornice on brackets.
        case bracketed
        /// A cornice over a row of teeth.
        case dentils
        /// Overhanging eaves with a gutter.
        case eaves
    }
    var kind: Kind
    var height: Double
    var projection: Float
}

/// The roof, as far as it is seen from the street.
struct RoofPlan: Sendable {
    enum Kind: Sendable {
        /// None to be seen.
        case flat
        /// A plane that leans back from the eaves.
        case pitched
        /// The same with slanted ends.
        case hipped
        /// A steep lower and a flat upper part.
        case mansard
        /// A gable wall before a roof that runs back from the street.
        case gable
    }
    var kind: Kind
    var outline: Outline
    var dormers: [WindowPlan] = []
    var chimneys: [Box] = []
    /// Windows in the plane of the roof.
    var skylights: [Box] = []
    /// Whether the party walls rise above the roof at both ends.
    var hasFireWalls = false
}

/// A horizontal stripe.
struct BandPlan: Sendable {
    enum Kind: Sendable {
        case flat
        case cornice
        case torus
    }
    var box: Box
    var kind: Kind
    var projection: Float
}

/// A pilaster, half column or stack of corner stones.
struct PillarPlan: Sendable {
    enum Kind: Sendable {
        case pilaster
        case column
        case quoins
    }
    var box: Box
    var kind: Kind
    var projection: Float
}

/// A piece of free ornament.
struct OrnamentPlan: Sendable {
    enum Kind: Sendable {
        case medallion
        case panel
        case cartouche
        case frieze
    }
    var box: Box
    var kind: Kind
    var noise: Noise
}

/// A balcony from the underside of its slab to its rail.
struct BalconyPlan: Sendable {
    enum Railing: Sendable {
        /// Upright iron bars.
        case bars
        /// Iron bars with a row of scrolls.
        case scrolls
        /// Turned stone balusters.
        case balusters
        /// A closed parapet of plaster or sheet.
        case parapet
    }
    /// How far every balcony stands out, in metres.
    static let projection: Float = 0.85

    var box: Box
    var railing: Railing
    /// The thickness of the slab.
    var slab: Double
    var hasBrackets: Bool
    var hasFlowers: Bool
    var noise: Noise
}
