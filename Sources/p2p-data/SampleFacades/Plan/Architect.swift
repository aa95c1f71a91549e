import DatasetKit

/// One floor of a house; metres.
struct Storey: Equatable, Sendable {
    /// 0 is the ground floor.
    var number: Int
    var bottom: Double
    var height: Double
    var top: Double { bottom + height }
}

/// The stretch of wall that belongs to one axis of windows; metres.
struct Bay: Equatable, Sendable {
    var left: Double
    var width: Double
    /// Whether there is room for two windows side by side.
    var isWide: Bool
    var middle: Double { left + width / 2 }
    var right: Double { left + width }
}

/// Plans one house within a style: first its heights, then, once its place is known, the rest.
struct Architect {
    let rules: StyleRules
    let storeys: [Storey]
    let roofKind: StyleRules.Roof
    /// The height of the roof above the eaves; for gables it grows with the width of the house.
    private let roofHeight: Double
    var random: Philox

    // What the whole house has in common.
    let spacing: Double
    let windowWidth: Double
    let glazing: Glazing
    let surround: Double
    let blinds: StyleRules.Blinds
    let base: StyleRules.Base
    let groundUse: StyleRules.Ground
    let railing: BalconyPlan.Railing
    let hasLintels: Bool

    init(style: ArchitecturalStyle, using random: inout Philox) {
        let rules = style.rules
        self.rules = rules
        var storeys = [
            Storey(number: 0, bottom: 0, height: random.nextDouble(in: rules.groundHeight))
        ]
        let usual = random.nextDouble(in: rules.storeyHeight)
        let count = random.nextInt(in: rules.storeys)
        for number in 1..<count {
            // The first floor is the noblest, the top one the lowest.
            let factor = number == 1 ? 1.06 : number == count - 1 ? 0.9 : 1
            let bottom = storeys[number - 1].top
            storeys.append(Storey(number: number, bottom: bottom, height: usual * factor))
        }
        self.storeys = storeys
        roofKind = random.pick(rules.roofs)
        switch roofKind {
        case .flat: roofHeight = 0
        case .tiled, .slated: roofHeight = random.nextDouble(in: 1.4...2.6)
        case .hipped: roofHeight = random.nextDouble(in: 2.4...3.6)
        case .mansard: roofHeight = random.nextDouble(in: 2.8...3.5)
        case .steppedGable, .bellGable, .triangle: roofHeight = random.nextDouble(in: 2.8...4.2)
        }
        spacing = random.nextDouble(in: rules.baySpacing)
        windowWidth = random.nextDouble(in: rules.windowWidth)
        glazing = random.pick(rules.glazings)
        surround = random.nextDouble(in: rules.surround)
        blinds = random.pick(rules.blinds)
        base = random.pick(rules.bases)
        groundUse = random.pick(rules.ground)
        railing = random.pick(rules.railings)
        hasLintels = surround < 0.1 && random.nextBool(p: 0.75)
        // From here on the architect draws alone: what is beside the house does not change it.
        self.random = Philox(seed: random.next(), stream: .sample)
    }

    /// The height of the wall from the pavement to the eaves.
    var wallHeight: Double { storeys.reduce(0) { $0 + $1.height } + 0.3 }

    /// The height of the whole house, chimneys not counted.
    var totalHeight: Double { wallHeight + roofHeight }

    /// Plans the house on its plot.
    mutating func house(left: Double, width: Double, lift: Float) -> BuildingPlan {
        let wall = Box(left: left, bottom: 0, width: width, height: wallHeight)
        let bays = bays(of: wall)
        let crown = CrownPlan(
            kind: random.pick(rules.crowns),
            height: random.nextDouble(in: rules.crownHeight),
            projection: 0.3
        )
        let hasGroundFinish = base != .plain
        let plinth = random.nextDouble(in: 0.35...0.9)
        var plan = BuildingPlan(
            wall: wall,
            lift: lift,
            finishes: Finishes(rules: rules, base: base, roof: roofKind, using: &random),
            base: BasePlan(
                plinth: plinth,
                top: hasGroundFinish ? storeys[0].top : plinth,
                lift: base == .rusticated ? 0.06 : 0.02
            ),
            roof: RoofPlan(kind: .flat, outline: .rectangle(wall)),
            crown: crown,
            weathering: random.nextNoise()
        )
        plan.crown.projection = Float(crown.height) * Float(random.nextDouble(in: 0.55...0.8))
        addProjection(to: &plan, bays: bays)
        addRoof(to: &plan, height: roofHeight, bays: bays)
        addBands(to: &plan)
        addPillars(to: &plan, bays: bays)
        let balconies = balconySpots(bays: bays)
        addUpperFloors(to: &plan, bays: bays, balconies: balconies)
        addBalconies(to: &plan, bays: bays, at: balconies)
        addGroundFloor(to: &plan, bays: bays)
        addOrnaments(to: &plan, bays: bays, balconies: balconies)
        addPipes(to: &plan)
        return plan
    }

    /// Divides a wall into bays, in one of the usual rhythms and always symmetrical.
    private mutating func bays(of wall: Box) -> [Bay] {
        let margin = min(0.5, wall.width * 0.04)
        let room = wall.width - 2 * margin
        let count = max(1, Int((room / spacing).rounded()))
        var shares = Array(repeating: 1.0, count: count)
        if count >= 3, spacing > 2.2 {
            switch random.nextInt(below: 5) {
            case 0 where count % 2 == 1: shares[count / 2] = 1.45
            case 1:
                shares[0] = 1.45
                shares[count - 1] = 1.45
            default: break
            }
        }
        let total = shares.reduce(0, +)
        var left = wall.left + margin
        return shares.map { share in
            let width = room * share / total
            defer { left += width }
            return Bay(left: left, width: width, isWide: share > 1)
        }
    }
}
