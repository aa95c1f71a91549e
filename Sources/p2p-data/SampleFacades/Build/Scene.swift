/// What stands before the camera: a relief of houses and street, and two see-through layers.
struct Scene: Sendable {
    var relief: Relief
    /// The railings of the balconies.
    var railings: Screen
    /// Trees and lamps in the street.
    var street: Screen

    /// Builds a plan at a resolution.
    init(plan: StreetPlan, grid: Grid) {
        relief = Relief(grid: grid)
        railings = Screen(grid: grid, lift: BalconyPlan.projection)
        street = Screen(grid: grid, lift: 3)
        for house in plan.houses { add(house) }
        weather(by: plan.noise.branch(11))
        addBackdrop(plan)
        addGround(plan)
        for furniture in plan.furniture { add(furniture) }
    }

    /// The classes of the points, row by row; what hides a wall is background.
    func label(at index: Int) -> FacadeClass {
        street.opacity[index] > 0.95 ? .background : relief.points[index].label
    }

    /// Puts trees far away, pale in the haze, where the sky is still free.
    private mutating func addBackdrop(_ plan: StreetPlan) {
        let grid = relief.grid
        let foliage = Foliage(color: plan.backdrop.color, noise: plan.noise.branch(20), clump: 1.1)
        let haze = plan.weather.horizon * 0.3
        let outline = plan.noise.branch(21)
        let ridges = (0..<grid.columns).map { column in
            let x = Float(grid.x(of: column))
            // Crowns side by side: round above, notched between them.
            let crowns = 1 - abs(outline.value(x * 0.42, 0.5))
            let twigs = outline.branch(1).fractal(x * 2.5, 0.5, octaves: 3)
            return plan.backdrop.height * (0.45 + 0.6 * crowns + 0.12 * twigs)
        }
        relief.update { column, row, point in
            let y = Float(grid.y(of: row))
            guard point.isSky, y < ridges[column] else { return }
            let leaves = foliage.texel(x: Float(grid.x(of: column)), y: y)
            point.color = leaves.color.mixed(with: haze, 0.22)
            point.isSky = false
        }
    }

    private mutating func addGround(_ plan: StreetPlan) {
        let frame = plan.frame.inset(-1)
        let lean: Float = 3
        let pavement = Box(
            left: frame.left,
            bottom: -plan.pavementHeight,
            width: frame.width,
            height: plan.pavementHeight
        )
        let edge = lean * Float(plan.pavementHeight)
        relief.fill(
            .rectangle(pavement),
            plan.pavement,
            .slope(from: edge, perMetre: -lean),
            as: .background
        )
        let kerbHeight = 0.11
        let kerb = Box(
            left: frame.left,
            bottom: pavement.bottom - kerbHeight,
            width: frame.width,
            height: kerbHeight
        )
        relief.fill(
            .rectangle(kerb),
            Plain(color: plan.pavement.color * 1.1, noise: plan.noise.branch(3)),
            .flat(edge),
            as: .background
        )
        let road = Box(
            left: frame.left,
            bottom: frame.bottom,
            width: frame.width,
            height: kerb.bottom - frame.bottom
        )
        guard road.height > 0 else { return }
        relief.fill(
            .rectangle(road),
            plan.road,
            .slope(from: edge + lean * Float(road.height), perMetre: -lean),
            as: .background
        )
    }
}
