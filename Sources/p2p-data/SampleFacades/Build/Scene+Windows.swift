/// Windows with their frames, glass and blinds.
extension Scene {
    /// Builds one window into a wall that stands out by `lift`.
    mutating func add(_ window: WindowPlan, finishes: Finishes, lift: Float) {
        if window.surround > 0 {
            let outer = window.outline.inset(-window.surround)
            let inner = window.outline.inset(-window.surround * 0.45)
            relief.fill(outer, finishes.trim, .flat(lift + 0.06), as: .molding)
            relief.fill(inner, finishes.trim, .flat(lift + 0.1), as: .molding)
        }
        if window.hasLintel { addLintel(over: window, finishes: finishes, lift: lift) }
        addSill(of: window, finishes: finishes, lift: lift)
        addFrameAndGlass(of: window, color: finishes.frame, lift: lift)
        if window.hasKeystone { addKeystone(over: window, material: finishes.trim, lift: lift) }
        addHood(
            window.hood,
            over: window.opening,
            surround: window.surround,
            material: finishes.trim,
            lift: lift
        )
        addBlind(of: window, finishes: finishes, lift: lift)
    }

    private mutating func addFrameAndGlass(of window: WindowPlan, color: Color, lift: Float) {
        let frame = Plain(color: color, noise: window.look.noise)
        let glassLift = lift - window.reveal
        relief.fill(window.outline, frame, .flat(glassLift + 0.06), as: .window)
        let rim = relief.visible(0.06)
        let light = window.outline.inset(rim)
        let mullion = relief.visible(0.055)
        for (number, pane) in panes(of: window.glazing, in: light.bounds).enumerated() {
            let isOpen = number == window.openLeaf
            var look = window.look
            look.gloss = isOpen ? 0 : look.gloss
            look.room = isOpen ? look.room * 0.5 : look.room
            let tilt = 2 * window.look.noise.cell(Int32(number), 77) - 1
            let glass = Glass(opening: window.opening, look: look, tilt: 0.4 * tilt)
            let outline = Outline.rectangle(pane.inset(mullion / 2))
            relief.fill(outline, glass, .flat(glassLift), as: .window, within: light)
            if !isOpen {
                addBars(window.glazing.bars, in: pane, clip: light, frame: frame, lift: glassLift)
            }
        }
    }

    /// The lights between the mullions and transoms.
    private func panes(of glazing: Glazing, in box: Box) -> [Box] {
        let columns = [0] + glazing.columns + [1]
        let rows = [0] + glazing.rows + [1]
        var panes: [Box] = []
        for row in 0..<rows.count - 1 {
            for column in 0..<columns.count - 1 {
                panes.append(
                    Box(
                        left: box.left + columns[column] * box.width,
                        bottom: box.bottom + rows[row] * box.height,
                        width: (columns[column + 1] - columns[column]) * box.width,
                        height: (rows[row + 1] - rows[row]) * box.height
                    )
                )
            }
        }
        return panes
    }

    private mutating func addBars(
        _ bars: (across: Int, up: Int),
        in pane: Box,
        clip: Outline,
        frame: Plain,
        lift: Float
    ) {
        let thickness = relief.visible(0.028)
        for number in 1..<max(1, bars.across) {
            let x = pane.left + pane.width * Double(number) / Double(bars.across)
            let bar = Box(middle: x, bottom: pane.bottom, width: thickness, height: pane.height)
            relief.fill(.rectangle(bar), frame, .flat(lift + 0.03), as: .window, within: clip)
        }
        for number in 1..<max(1, bars.up) {
            let y = pane.bottom + pane.height * Double(number) / Double(bars.up)
            let bar = Box(left: pane.left, bottom: y, width: pane.width, height: thickness)
            relief.fill(.rectangle(bar), frame, .flat(lift + 0.03), as: .window, within: clip)
        }
    }

    private mutating func addBlind(of window: WindowPlan, finishes: Finishes, lift: Float) {
        let opening = window.opening
        switch window.blind {
        case .none: break
        case .roller(let share):
            let height = opening.height * share
            let box = Box(
                left: opening.left,
                bottom: opening.top - height,
                width: opening.width,
                height: height
            )
            let slats = Slats(color: finishes.roller, pitch: 0.11, noise: window.look.noise)
            let depth = Profile.flat(lift - window.reveal + 0.1)
            relief.fill(.rectangle(box), slats, depth, as: .blind, within: window.outline)
        case .openShutters, .closedShutters:
            let isOpen = window.blind == .openShutters
            let leaf = opening.width / 2
            let gap = window.surround * 0.4 + 0.02
            let lefts =
                isOpen
                ? [opening.left - gap - leaf, opening.right + gap]
                : [opening.left, opening.middle + 0.01]
            let depth = isOpen ? lift + 0.1 : lift - 0.04
            for left in lefts {
                let box = Box(
                    left: left,
                    bottom: opening.bottom,
                    width: leaf - 0.01,
                    height: opening.height
                )
                addShutter(box, finishes: finishes, lift: depth)
            }
        }
    }

    private mutating func addShutter(_ box: Box, finishes: Finishes, lift: Float) {
        let color = finishes.shutter
        relief.fill(.rectangle(box), Plain(color: color), .flat(lift), as: .blind)
        let slats = Slats(color: color * 0.92, pitch: 0.09, relief: 0.02)
        for (start, end) in [(0.04, 0.48), (0.52, 0.96)] {
            var field = box.upright(from: start, to: end)
            field.left += box.width * 0.16
            field.width *= 0.68
            relief.fill(.rectangle(field), slats, .flat(lift - 0.02), as: .blind)
        }
    }
}
