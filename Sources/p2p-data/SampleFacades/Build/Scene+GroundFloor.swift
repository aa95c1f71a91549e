/// Doors and shop fronts.
extension Scene {
    /// Builds one door into its house.
    mutating func add(_ door: DoorPlan, of house: BuildingPlan) {
        let wall = house.lift(x: door.opening.middle, y: door.opening.centre)
        let lift = wall + house.base.lift
        let trim = house.finishes.trim
        let outline = door.head.outline(door.opening)
        if door.surround > 0 {
            relief.fill(outline.inset(-door.surround), trim, .flat(lift + 0.09), as: .molding)
        }
        let leafLift = lift - 0.3
        let paint = Plain(color: house.finishes.door, noise: door.look.noise, gloss: 0.02)
        relief.fill(outline, paint, .flat(leafLift + 0.08), as: .door)
        addLeaves(of: door, within: outline, paint: paint, lift: leafLift)
        addSteps(of: door, lift: lift)
        if door.hasColumns { addColumns(beside: door, material: trim, lift: lift) }
        addHood(
            door.hood,
            over: door.opening,
            surround: door.surround,
            material: trim,
            lift: lift + 0.08
        )
    }

    private mutating func addLeaves(
        of door: DoorPlan,
        within outline: Outline,
        paint: Plain,
        lift: Float
    ) {
        let inner = outline.inset(relief.visible(0.07))
        var leaves = inner.bounds
        if door.fanlight > 0 {
            leaves.height -= door.fanlight
            var fan = inner.bounds
            fan.bottom = leaves.top + relief.visible(0.06)
            fan.height = inner.bounds.top - fan.bottom
            let glass = Glass(opening: fan, look: door.look, tilt: 0.1)
            relief.fill(.rectangle(fan), glass, .flat(lift), as: .door, within: inner)
            let bar = Box(
                middle: fan.middle,
                bottom: fan.bottom,
                width: relief.visible(0.04),
                height: fan.height
            )
            relief.fill(.rectangle(bar), paint, .flat(lift + 0.05), as: .door, within: inner)
        }
        let width = leaves.width / Double(door.leaves)
        for number in 0..<door.leaves {
            let leaf = Box(
                left: leaves.left + Double(number) * width,
                bottom: leaves.bottom,
                width: width,
                height: leaves.height
            )
            relief.fill(.rectangle(leaf), paint, .flat(lift + 0.03), as: .door, within: inner)
            let groove = leaf.inset(relief.visible(0.02))
            for (start, end) in [(0.04, 0.3), (0.35, 0.62), (0.67, 0.97)] {
                let field = groove.upright(from: start, to: end).inset(width * 0.08)
                let panel = Outline.rectangle(field)
                if door.isGlazed, start > 0.3 {
                    let glass = Glass(opening: leaf, look: door.look, tilt: 0.2)
                    relief.fill(panel, glass, .flat(lift), as: .door, within: inner)
                } else {
                    let shade = Plain(color: paint.color * 0.85, noise: paint.noise, gloss: 0.02)
                    relief.fill(panel, shade, .flat(lift - 0.01), as: .door, within: inner)
                }
            }
        }
    }

    private mutating func addSteps(of door: DoorPlan, lift: Float) {
        let stone = Plain(color: Color(0x9C968A), noise: door.look.noise)
        for number in 0..<door.steps {
            let step = Box(
                middle: door.opening.middle,
                bottom: Double(number) * 0.16,
                width: door.opening.width + 0.5 + 0.3 * Double(door.steps - number),
                height: 0.16
            )
            let outward = lift + 0.25 * Float(door.steps - number)
            // The tread shows as a light edge, the riser below it.
            relief.fill(.rectangle(step), stone, .flat(outward), as: .facade)
            let tread = Plain(color: stone.color * 1.25, noise: stone.noise)
            let edge = step.upright(from: 0.72, to: 1)
            relief.fill(.rectangle(edge), tread, .flat(outward + 0.02), as: .facade)
        }
    }

    private mutating func addColumns(beside door: DoorPlan, material: Plain, lift: Float) {
        for side in [-1.0, 1.0] {
            let offset = door.opening.width / 2 + door.surround + 0.14
            let column = Box(
                middle: door.opening.middle + side * offset,
                bottom: 0,
                width: 0.28,
                height: door.opening.top + door.surround
            )
            let profile = Profile.column(from: lift + 0.1, by: 0.2)
            relief.fill(.rectangle(column), material, profile, as: .pillar)
        }
    }

    /// Builds one shop front into its house.
    mutating func add(_ shop: ShopPlan, of house: BuildingPlan) {
        let lift = house.lift(x: shop.box.middle, y: shop.box.centre) + house.base.lift
        let frame = Plain(color: shop.frame, noise: shop.noise)
        let outline = shop.head.outline(shop.box)
        relief.fill(outline, frame, .flat(lift - 0.06), as: .shop)
        var window = shop.box
        window.bottom += 0.45
        window.height -= 0.45 + shop.headroom
        let light = outline.inset(relief.visible(0.09))
        let width = window.width / Double(shop.panes)
        for number in 0..<shop.panes {
            var pane = window
            pane.left += Double(number) * width
            pane.width = width
            let isEntrance = number == shop.panes - 1 && shop.panes > 1
            if isEntrance {
                pane.height += pane.bottom - 0.08
                pane.bottom = 0.08
            }
            let display = ShopDisplay(
                opening: window,
                trade: shop.trade,
                light: shop.display,
                noise: shop.noise,
                gloss: 0.13,
                tilt: 0.3 * shop.noise.cell(Int32(number), 5)
            )
            let inner = Outline.rectangle(pane.inset(relief.visible(0.07)))
            relief.fill(inner, display, .flat(lift - 0.22), as: .shop, within: light)
            let transom = Box(
                left: pane.left,
                bottom: pane.top - pane.height * 0.2,
                width: pane.width,
                height: relief.visible(0.05)
            )
            relief.fill(.rectangle(transom), frame, .flat(lift - 0.16), as: .shop, within: light)
        }
        addSign(of: shop, lift: lift)
        addAwning(of: shop, below: window.top, lift: lift)
    }

    private mutating func addSign(of shop: ShopPlan, lift: Float) {
        guard let board = shop.sign else { return }
        let sign = Plain(color: shop.signColor, noise: shop.noise, gloss: 0.02)
        relief.fill(.rectangle(board), sign, .flat(lift + 0.12), as: .shop)
        guard !shop.name.isEmpty else { return }
        let aspect = Lettering.aspect(of: shop.name)
        let height = min(board.height * 0.5, board.width * 0.86 / aspect)
        let text = Box(
            middle: board.middle,
            bottom: board.centre - height / 2,
            width: height * aspect,
            height: height
        )
        let letters = Lettering(box: text, word: shop.name, color: shop.letterColor, ground: sign)
        relief.fill(.rectangle(text), letters, .flat(lift + 0.12), as: .shop)
    }

    private mutating func addAwning(of shop: ShopPlan, below top: Double, lift: Float) {
        guard shop.awning > 0 else { return }
        let outer = Box(
            middle: shop.box.middle,
            bottom: top - shop.awning,
            width: shop.box.width + 0.1,
            height: shop.awning
        )
        let isStriped = shop.noise.cell(2, 9) < 0.5
        let cloth = Cloth(
            color: shop.awningColor,
            other: isStriped ? Color(0xDDD6C4) : shop.awningColor * 0.93,
            noise: shop.noise
        )
        let profile = Profile.slope(from: lift + 0.95, perMetre: -0.85 / Float(shop.awning))
        relief.fill(.taper(outer, top: 0.97), cloth, profile, as: .shop)
        let valance = outer.upright(from: 0, to: 0.2)
        relief.fill(.rectangle(valance), cloth, .flat(lift + 0.95), as: .shop)
    }
}
