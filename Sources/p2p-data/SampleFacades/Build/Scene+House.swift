/// Walls, bands, pillars and cornices.
extension Scene {
    /// Builds one house, from the back to the front.
    mutating func add(_ house: BuildingPlan) {
        addRoof(house)
        relief.fill(.rectangle(house.wall), house.finishes.wall, .flat(house.lift), as: .facade)
        addGable(house)
        fillBase(of: house, within: house.wall, lift: house.lift + house.base.lift)
        addProjection(of: house)
        for pillar in house.pillars { add(pillar, of: house) }
        addBands(of: house)
        for ornament in house.ornaments where ornament.kind == .frieze { add(ornament, of: house) }
        for x in house.pipes { addPipe(at: x, of: house) }
        addCrown(house)
        for window in house.windows {
            let isOnBase = window.opening.bottom < house.base.top
            let wall = house.lift(x: window.opening.middle, y: window.opening.centre)
            let lift = wall + (isOnBase ? house.base.lift : 0)
            add(window, finishes: house.finishes, lift: lift)
        }
        for door in house.doors { add(door, of: house) }
        for shop in house.shops { add(shop, of: house) }
        for ornament in house.ornaments where ornament.kind != .frieze { add(ornament, of: house) }
        for balcony in house.balconies { add(balcony, of: house) }
    }

    private mutating func fillBase(of house: BuildingPlan, within wall: Box, lift: Float) {
        var ground = wall
        ground.height = house.base.top
        relief.fill(.rectangle(ground), house.finishes.ground, .flat(lift), as: .facade)
        var plinth = wall
        plinth.height = house.base.plinth
        let stone = Plain(color: house.finishes.trim.color * 0.62, noise: house.weathering)
        relief.fill(.rectangle(plinth), stone, .flat(lift + 0.05), as: .facade)
    }

    private mutating func addProjection(of house: BuildingPlan) {
        guard let projection = house.projection else { return }
        let lift = house.lift + projection.depth
        relief.fill(.rectangle(projection.box), house.finishes.wall, .flat(lift), as: .facade)
        guard projection.isOriel else {
            fillBase(of: house, within: projection.box, lift: lift + house.base.lift)
            return
        }
        let box = projection.box
        let corbel = Box(
            middle: box.middle,
            bottom: box.bottom - 0.5,
            width: box.width,
            height: 0.5
        )
        let lean = Profile.slope(from: house.lift, perMetre: projection.depth / 0.5)
        relief.fill(
            .taper(corbel.narrowed(to: 0.7), top: 1 / 0.7),
            house.finishes.trim,
            lean,
            as: .facade
        )
        let roof = Box(middle: box.middle, bottom: box.top, width: box.width + 0.2, height: 0.4)
        let sheet = SheetMetal(color: Color(0x6F7874), noise: house.weathering)
        let slope = Profile.slope(from: lift + 0.1, perMetre: -projection.depth / 0.4)
        relief.fill(.taper(roof, top: 0.86), sheet, slope, as: .facade)
    }

    /// Builds the bands, bent around what stands forward.
    private mutating func addBands(of house: BuildingPlan) {
        for band in house.bands {
            add(band, lift: house.lift, of: house, within: nil)
            guard let projection = house.projection else { continue }
            let front = Outline.rectangle(projection.box)
            add(band, lift: house.lift + projection.depth, of: house, within: front)
        }
    }

    private mutating func add(
        _ band: BandPlan,
        lift: Float,
        of house: BuildingPlan,
        within clip: Outline?
    ) {
        let profile: Profile =
            switch band.kind {
            case .flat: .flat(lift + 0.05)
            case .cornice: .cornice(from: lift, by: band.projection)
            case .torus: .torus(from: lift + 0.03, by: band.projection * 0.7)
            }
        relief.fill(.rectangle(band.box), house.finishes.trim, profile, as: .molding, within: clip)
    }

    private mutating func add(_ pillar: PillarPlan, of house: BuildingPlan) {
        let wall = house.lift(x: pillar.box.middle, y: pillar.box.centre)
        let lift = wall + pillar.projection
        let box = pillar.box
        switch pillar.kind {
        case .quoins:
            // Long and short stones by turns.
            let course = 0.42
            var bottom = box.bottom
            var isLong = true
            while bottom < box.top {
                var stone = box.inset(isLong ? 0 : box.width * 0.14)
                stone.bottom = bottom
                stone.height = min(course, box.top - bottom) - relief.visible(0.05)
                relief.fill(.rectangle(stone), house.finishes.pillar, .flat(lift), as: .pillar)
                bottom += course
                isLong.toggle()
            }
        case .pilaster, .column:
            let profile: Profile =
                pillar.kind == .column
                ? .column(from: wall, by: pillar.projection) : .flat(lift)
            relief.fill(.rectangle(box), house.finishes.pillar, profile, as: .pillar)
            addCapital(to: pillar, lift: lift, material: house.finishes.trim)
        }
    }

    private mutating func addCapital(to pillar: PillarPlan, lift: Float, material: Plain) {
        let box = pillar.box
        let height = min(0.5, box.height * 0.08)
        let capital = Box(
            middle: box.middle,
            bottom: box.top - height,
            width: box.width * 1.3,
            height: height
        )
        let foot = Box(
            middle: box.middle,
            bottom: box.bottom,
            width: box.width * 1.2,
            height: height * 0.8
        )
        relief.fill(.rectangle(capital), material, .cornice(from: lift, by: 0.1), as: .pillar)
        relief.fill(.rectangle(foot), material, .flat(lift + 0.05), as: .pillar)
    }

    private mutating func addPipe(at x: Double, of house: BuildingPlan) {
        let box = Box(
            middle: x,
            bottom: 0,
            width: relief.visible(0.11),
            height: house.wall.top
        )
        let zinc = Plain(color: Color(0x6D7274), noise: house.weathering.branch(3))
        relief.fill(.rectangle(box), zinc, .column(from: house.lift + 0.06, by: 0.1), as: .facade)
    }
}
