/// Walls, bands, pillars and cornices.
extension Scene {
    /// Builds one house, from the back to the front.
    mutating func add(_ house: BuildingPlan) {
        addRoof(house)
        relief.fill(.rectangle(house.wall), house.finishes.wall, .flat(house.lift), as: .facade)
        addGable(house)
        addBase(house)
        for pillar in house.pillars { add(pillar, of: house) }
        for band in house.bands { add(band, of: house) }
        for ornament in house.ornaments where ornament.kind == .frieze { add(ornament, of: house) }
        for x in house.pipes { addPipe(at: x, of: house) }
        addCrown(house)
        for window in house.windows {
            let isOnBase = window.opening.bottom < house.base.top
            let lift = house.lift + (isOnBase ? house.base.lift : 0)
            add(window, finishes: house.finishes, lift: lift)
        }
        for door in house.doors { add(door, of: house) }
        for shop in house.shops { add(shop, of: house) }
        for ornament in house.ornaments where ornament.kind != .frieze { add(ornament, of: house) }
        for balcony in house.balconies { add(balcony, of: house) }
    }

    private mutating func addBase(_ house: BuildingPlan) {
        var ground = house.wall
        ground.height = house.base.top
        let lift = house.lift + house.base.lift
        relief.fill(.rectangle(ground), house.finishes.ground, .flat(lift), as: .facade)
        var plinth = house.wall
        plinth.height = house.base.plinth
        let stone = Plain(color: house.finishes.trim.color * 0.62, noise: house.weathering)
        relief.fill(.rectangle(plinth), stone, .flat(lift + 0.05), as: .facade)
    }

    private mutating func add(_ band: BandPlan, of house: BuildingPlan) {
        let profile: Profile =
            switch band.kind {
            case .flat: .flat(house.lift + 0.05)
            case .cornice: .cornice(from: house.lift, by: band.projection)
            case .torus: .torus(from: house.lift + 0.03, by: band.projection * 0.7)
            }
        relief.fill(.rectangle(band.box), house.finishes.trim, profile, as: .molding)
    }

    private mutating func add(_ pillar: PillarPlan, of house: BuildingPlan) {
        let lift = house.lift + pillar.projection
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
                ? .column(from: house.lift, by: pillar.projection) : .flat(lift)
            relief.fill(.rectangle(box), house.finishes.pillar, profile, as: .pillar)
            addCapital(to: pillar, of: house)
        }
    }

    private mutating func addCapital(to pillar: PillarPlan, of house: BuildingPlan) {
        let box = pillar.box
        let outward = pillar.projection
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
        let profile = Profile.cornice(from: house.lift + outward, by: 0.1)
        relief.fill(.rectangle(capital), house.finishes.trim, profile, as: .pillar)
        let lift = house.lift + outward + 0.05
        relief.fill(.rectangle(foot), house.finishes.trim, .flat(lift), as: .pillar)
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

    private mutating func addCrown(_ house: BuildingPlan) {
        let crown = house.crown
        let lift = house.lift
        let trim = house.finishes.trim
        var box = house.wall
        box.bottom = house.wall.top - crown.height
        box.height = crown.height
        let upper = Box(
            left: box.left - Double(crown.projection) * 0.3,
            bottom: box.bottom + box.height * 0.45,
            width: box.width + Double(crown.projection) * 0.6,
            height: box.height * 0.55
        )
        switch crown.kind {
        case .coping:
            relief.fill(.rectangle(box), trim, .flat(lift + 0.12), as: .molding)
        case .cornice:
            relief.fill(.rectangle(box), trim, .cornice(from: lift, by: 0.12), as: .molding)
            let profile = Profile.cornice(from: lift + 0.05, by: crown.projection)
            relief.fill(.rectangle(upper), trim, profile, as: .molding)
        case .bracketed, .dentils:
            relief.fill(.rectangle(box), trim, .flat(lift + 0.06), as: .molding)
            let isCoarse = crown.kind == .bracketed
            let profile: Profile =
                isCoarse
                ? .slope(from: lift + 0.12, perMetre: crown.projection * 1.1)
                : .flat(lift + 0.2)
            addRow(
                of: isCoarse ? (0.24, 0.75) : (0.16, 0.34),
                in: box.upright(from: isCoarse ? 0.06 : 0.24, to: 0.46),
                material: trim,
                profile: profile
            )
            let crowning = Profile.cornice(from: lift + 0.1, by: crown.projection)
            relief.fill(.rectangle(upper), trim, crowning, as: .molding)
        case .eaves:
            let wood = Plain(color: house.finishes.trim.color * 0.55, noise: house.weathering)
            let soffit = box.upright(from: 0, to: 0.5)
            relief.fill(.rectangle(soffit), wood, .slope(from: lift + 0.2, perMetre: 2), as: .molding)
            let gutter = Plain(color: Color(0x7B7F80), noise: house.weathering, gloss: 0.05)
            let profile = Profile.torus(from: lift + 0.5, by: 0.12)
            relief.fill(.rectangle(upper), gutter, profile, as: .molding)
        }
    }

    /// Builds equal blocks side by side: brackets or teeth of `size.width` every `size.pitch`.
    private mutating func addRow(
        of size: (width: Double, pitch: Double),
        in box: Box,
        material: Plain,
        profile: Profile
    ) {
        let count = max(1, Int(box.width / size.pitch))
        let pitch = box.width / Double(count)
        for number in 0..<count {
            let middle = box.left + (Double(number) + 0.5) * pitch
            let block = Box(
                middle: middle,
                bottom: box.bottom,
                width: relief.visible(size.width),
                height: box.height
            )
            relief.fill(.rectangle(block), material, profile, as: .molding)
        }
    }
}

extension Box {
    /// The part of the box between two heights, given as fractions of its own.
    func upright(from start: Double, to end: Double) -> Box {
        Box(left: left, bottom: bottom + start * height, width: width, height: (end - start) * height)
    }
}
