/// Roofs, gables, dormers and chimneys.
extension Scene {
    /// Builds what is seen of the roof, with everything on it.
    mutating func addRoof(_ house: BuildingPlan) {
        for chimney in house.roof.chimneys { addChimney(chimney, of: house) }
        let outline = house.roof.outline
        let roof = house.finishes.roof
        let base = house.lift
        // What covers the ridge is paler than the rest: more of the sky shines on it.
        let ridgeColor = roof.texel(x: 0, y: 0).color * 1.25
        switch house.roof.kind {
        case .flat: break
        case .pitched, .hipped:
            relief.fill(outline, roof, .slope(from: base + 0.3, perMetre: -1.1), as: .facade)
            let ridge = outline.bounds.upright(from: 1 - 0.16 / outline.bounds.height, to: 1)
            let tiles = Slats(color: ridgeColor, pitch: 0.36, areUpright: true)
            let back = base - Float(outline.bounds.height)
            relief.fill(.rectangle(ridge), tiles, .flat(back), as: .facade, within: outline)
            for skylight in house.roof.skylights { addSkylight(skylight, of: house) }
            if house.roof.hasFireWalls { addFireWalls(of: house) }
        case .mansard:
            relief.fill(outline, roof, .slope(from: base - 0.05, perMetre: -0.28), as: .facade)
            let ridge = outline.bounds.upright(from: 0.93, to: 1)
            let lead = Plain(color: Color(0x6E7478), noise: house.weathering)
            relief.fill(.rectangle(ridge), lead, .flat(base - 0.7), as: .facade, within: outline)
        case .gable:
            guard outline.bounds.width < house.wall.width else { break }
            let eaves = Box(
                left: house.wall.left,
                bottom: house.wall.top,
                width: house.wall.width,
                height: outline.bounds.height * 0.55
            )
            let slope = Profile.slope(from: base + 0.2, perMetre: -1.1)
            relief.fill(.rectangle(eaves), roof, slope, as: .facade)
        }
        for dormer in house.roof.dormers { addDormer(dormer, of: house) }
    }

    /// Builds the gable wall, which belongs to the wall below it.
    mutating func addGable(_ house: BuildingPlan) {
        guard house.roof.kind == .gable else { return }
        let outline = house.roof.outline
        relief.fill(outline, house.finishes.trim, .flat(house.lift + 0.14), as: .molding)
        relief.fill(
            Self.field(of: outline, border: 0.22),
            house.finishes.wall,
            .flat(house.lift),
            as: .facade
        )
    }

    /// A gable without its coping, which runs along its slopes but not along its foot.
    private static func field(of outline: Outline, border: Double) -> Outline {
        var box = outline.bounds
        box.left += border
        box.width -= 2 * border
        box.height -= border * 1.2
        return switch outline {
        case .stepped(_, let steps): .stepped(box, steps: steps)
        case .bell: .bell(box)
        case .taper(_, let top): .taper(box, top: top)
        default: .rectangle(box)
        }
    }

    private mutating func addSkylight(_ box: Box, of house: BuildingPlan) {
        let lead = Plain(color: Color(0x55595C), noise: house.weathering)
        relief.fill(.rectangle(box), lead, .flat(house.lift), as: .window)
        let pane = Plain(color: Color(0x1E2124), noise: house.weathering, gloss: 0.3)
        let lean = Profile.slope(from: house.lift, perMetre: -1)
        relief.fill(.rectangle(box.inset(0.09)), pane, lean, as: .window)
    }

    private mutating func addFireWalls(of house: BuildingPlan) {
        let roof = house.roof.outline.bounds
        let plaster = Plain(color: Color(0xA0968A), noise: house.weathering)
        for left in [roof.left, roof.right - 0.34] {
            let wall = Box(left: left, bottom: roof.bottom, width: 0.34, height: roof.height + 0.22)
            let lean = Profile.slope(from: house.lift + 0.5, perMetre: -1.1)
            relief.fill(.rectangle(wall), plaster, lean, as: .facade)
        }
    }

    private mutating func addDormer(_ dormer: WindowPlan, of house: BuildingPlan) {
        let lift = house.lift - 0.05
        let body = dormer.opening.inset(-dormer.surround)
        let sheet = Plain(color: house.finishes.trim.color * 0.9, noise: dormer.look.noise)
        if dormer.hood == .none {
            let cap = dormer.head.outline(dormer.opening.inset(-dormer.surround - 0.08))
            let lead = Plain(color: Color(0x686E72), noise: dormer.look.noise)
            relief.fill(cap, lead, .flat(lift + 0.08), as: .cornice)
        }
        relief.fill(dormer.head.outline(body), sheet, .flat(lift), as: .facade)
        add(dormer, finishes: house.finishes, lift: lift)
    }

    /// A mast with three rods; thin enough to belong to the sky.
    private mutating func addAerial(on chimney: Box, lift: Float) {
        let rod = relief.visible(0.04)
        let metal = Plain(color: Color(0x4A4C4E))
        let mast = Box(middle: chimney.left, bottom: chimney.top - 0.6, width: rod, height: 2.2)
        relief.fill(.rectangle(mast), metal, .flat(lift), as: .background)
        for number in 0..<3 {
            let width = 1.2 - 0.25 * Double(number)
            let height = mast.top - 0.12 - 0.28 * Double(number)
            let bar = Box(middle: mast.middle, bottom: height, width: width, height: rod)
            relief.fill(.rectangle(bar), metal, .flat(lift), as: .background)
        }
    }

    private mutating func addChimney(_ box: Box, of house: BuildingPlan) {
        let brick = Brick(
            color: Color(0x8A5A48),
            darkColor: Color(0x4A3A34),
            mortar: Color(0x8E8478),
            noise: house.weathering
        )
        // As far back as the ridge, so that the roof before it stays free of its shadow.
        let lift = house.lift - 0.3 - Float(house.roof.outline.bounds.top - house.wall.top)
        relief.fill(.rectangle(box), brick, .flat(lift), as: .facade)
        let cap = Box(
            middle: box.middle,
            bottom: box.top - 0.14,
            width: box.width + 0.16,
            height: 0.14
        )
        let stone = Plain(color: Color(0x8C867C), noise: house.weathering)
        relief.fill(.rectangle(cap), stone, .flat(lift + 0.1), as: .facade)
        if house.weathering.cell(Int32(box.left * 10), 4) < 0.35 { addAerial(on: box, lift: lift) }
        let pots = max(1, Int(box.width / 0.4))
        for number in 0..<pots {
            let share = (Double(number) + 0.5) / Double(pots)
            let pot = Box(
                middle: box.left + box.width * share,
                bottom: box.top,
                width: 0.2,
                height: 0.3
            )
            let clay = Plain(color: Color(0x94604A), noise: house.weathering)
            relief.fill(.taper(pot, top: 0.8), clay, .flat(lift), as: .facade)
        }
    }
}
