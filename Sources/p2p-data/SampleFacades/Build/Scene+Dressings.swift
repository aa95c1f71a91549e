/// What frames an opening: lintels, sills, hoods and keystones.
extension Scene {
    /// Builds a lintel of stone or of upright bricks.
    mutating func addLintel(over window: WindowPlan, finishes: Finishes, lift: Float) {
        let opening = window.opening
        let rise = window.head.rise(of: opening)
        let box = Box(
            middle: opening.middle,
            bottom: opening.top - rise,
            width: opening.width + 0.1,
            height: 0.3 + rise
        )
        let shape = Outline.taper(box, top: 1 + 0.34 / box.width)
        if case .brick(let brick) = finishes.wall, brick.noise.cell(1, 2) < 0.6 {
            let bricks = Slats(
                color: brick.color.mixed(with: brick.darkColor, 0.25),
                pitch: 0.09,
                areUpright: true,
                relief: 0.004,
                noise: brick.noise
            )
            relief.fill(shape, bricks, .flat(lift + 0.01), as: .facade)
        } else {
            relief.fill(shape, finishes.trim, .flat(lift + 0.03), as: .facade)
        }
    }

    /// Builds what is below a window.
    mutating func addSill(of window: WindowPlan, finishes: Finishes, lift: Float) {
        let opening = window.opening
        let width = opening.width + 2 * max(window.surround, 0.08)
        if case .panel(let height) = window.sill {
            let panel = Box(
                middle: opening.middle,
                bottom: opening.bottom - height,
                width: width,
                height: height
            )
            relief.fill(.rectangle(panel), finishes.trim, .flat(lift + 0.06), as: .sill)
            let field = Plain(color: finishes.trim.color * 0.9, noise: window.look.noise)
            relief.fill(.rectangle(panel.inset(0.1)), field, .flat(lift + 0.01), as: .sill)
        }
        guard window.sill != .none else { return }
        let ledge = Box(
            middle: opening.middle,
            bottom: opening.bottom - 0.16,
            width: width + 0.14,
            height: 0.16
        )
        relief.fill(
            .rectangle(ledge),
            finishes.trim,
            .cornice(from: lift + 0.06, by: 0.14),
            as: .sill
        )
    }

    /// Builds a hood over an opening.
    mutating func addHood(
        _ hood: Hood,
        over opening: Box,
        surround: Double,
        material: Plain,
        lift: Float
    ) {
        guard hood != .none else { return }
        let width = opening.width + 2 * surround + 0.34
        let shelf = Box(
            middle: opening.middle,
            bottom: opening.top + surround + 0.03,
            width: width,
            height: 0.2
        )
        if hood != .straight {
            let rise = min(0.5, width * 0.24)
            let gable = Box(
                middle: opening.middle,
                bottom: shelf.top - 0.02,
                width: width,
                height: rise
            )
            let field = Box(
                middle: opening.middle,
                bottom: shelf.top,
                width: width * 0.74,
                height: rise * 0.68
            )
            let isRound = hood == .segment
            relief.fill(
                isRound ? .arch(gable, rise: rise) : .taper(gable, top: 0),
                material,
                .flat(lift + 0.24),
                as: .cornice
            )
            relief.fill(
                isRound ? .arch(field, rise: rise * 0.68) : .taper(field, top: 0),
                Plain(color: material.color * 0.92, noise: material.noise),
                .flat(lift + 0.07),
                as: .cornice
            )
        }
        let profile = Profile.cornice(from: lift + 0.06, by: 0.24)
        relief.fill(.rectangle(shelf), material, profile, as: .cornice)
        // Consoles carry the ends of the shelf.
        for side in [-1.0, 1.0] {
            let console = Box(
                middle: opening.middle + side * (opening.width / 2 + surround * 0.5 + 0.04),
                bottom: shelf.bottom - 0.3,
                width: relief.visible(0.13),
                height: 0.3
            )
            let lean = Profile.slope(from: lift + 0.07, perMetre: 0.4)
            relief.fill(.rectangle(console), material, lean, as: .cornice)
        }
    }

    /// Builds the stone that closes an arc.
    mutating func addKeystone(over window: WindowPlan, material: Plain, lift: Float) {
        let box = Box(
            middle: window.opening.middle,
            bottom: window.opening.top - 0.08,
            width: 0.3,
            height: 0.42
        )
        relief.fill(.taper(box, top: 1.4), material, .flat(lift + 0.15), as: .deco)
    }
}
