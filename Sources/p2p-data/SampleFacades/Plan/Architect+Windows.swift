import DatasetKit

/// The windows of the upper floors, and what makes one window differ from the next.
extension Architect {
    /// A place on the wall: a floor and a bay.
    struct Spot: Hashable {
        var storey: Int
        var bay: Int
    }

    /// Plans the windows above the ground floor.
    mutating func addUpperFloors(
        to plan: inout BuildingPlan,
        bays: [Bay],
        balconies: Set<Spot>
    ) {
        let usualHeight = random.nextDouble(in: rules.windowHeight)
        let hoods = storeys.map { _ in random.pick(rules.hoods) }
        let alternates = random.nextBool(p: 0.25)
        for storey in storeys.dropFirst() {
            let head = random.pick(rules.heads)
            let isTop = storey.number == storeys.count - 1
            // A hood stands under the next floor's band; the top floor has the cornice.
            var hood = isTop && storeys.count > 2 ? Hood.none : hoods[storey.number]
            if head == .round { hood = .none }
            let sill = random.pick(rules.sills)
            let hasKeystones =
                head != .flat && hood == .none && random.nextBool(p: rules.ornament)
            for (number, bay) in bays.enumerated() {
                let hasDoor = balconies.contains(Spot(storey: storey.number, bay: number))
                if alternates, hood == .triangle || hood == .segment {
                    hood = number % 2 == 0 ? .triangle : .segment
                }
                for axis in axes(of: bay) {
                    var window = window(
                        middle: axis.middle,
                        width: axis.width,
                        storey: storey,
                        heightShare: usualHeight,
                        head: head
                    )
                    window.hood = hood
                    window.sill = sill
                    window.hasKeystone = hasKeystones
                    if hasDoor {
                        // A French window: down to the floor, without a sill.
                        window.opening.height += window.opening.bottom - storey.bottom - 0.1
                        window.opening.bottom = storey.bottom + 0.1
                        window.sill = .none
                    }
                    plan.windows.append(window)
                }
            }
        }
    }

    /// The middles and widths of the windows in a bay: one, or two in a wide bay.
    func axes(of bay: Bay) -> [(middle: Double, width: Double)] {
        guard bay.isWide else { return [(bay.middle, bay.width * windowWidth)] }
        let width = bay.width * windowWidth * 0.62
        let offset = width * 0.5 + max(0.18, surround + 0.06)
        return [(bay.middle - offset, width), (bay.middle + offset, width)]
    }

    /// A window of the house's usual kind.
    mutating func window(
        middle: Double,
        width: Double,
        storey: Storey,
        heightShare: Double,
        head: Head
    ) -> WindowPlan {
        let height = storey.height * heightShare
        let bottom = storey.bottom + min(0.9, 0.62 * (storey.height - height))
        return WindowPlan(
            opening: Box(middle: middle, bottom: bottom, width: width, height: height),
            head: head,
            glazing: glazing,
            look: glassLook(),
            reveal: 0.2,
            surround: surround > 0.09 ? surround : 0,
            blind: blind(),
            hasLintel: hasLintels && glazing != .triple && head != .round,
            openLeaf: random.nextBool(p: 0.05) ? random.nextInt(below: 2) : nil
        )
    }

    /// What one window's glass shows: every household hangs its own curtains.
    mutating func glassLook() -> GlassLook {
        let rooms = [Color(0x1C1E22), Color(0x24241F), Color(0x2B2825), Color(0x191C20)]
        let isLampOn = random.nextBool(p: 0.025)
        return GlassLook(
            curtain: random.pick(Curtain.allCases + [.drapes, .none]),
            curtainColor: random.pick(Palette.curtains) * Float(random.nextDouble(in: 0.55...1)),
            extent: Float(random.nextDouble(in: 0.12...0.5)),
            room: isLampOn
                ? Color(0.75, 0.5, 0.22)
                : random.pick(rooms) * Float(random.nextDouble(in: 0.4...1.5)),
            gloss: Float(random.nextDouble(in: 0.1...0.34)),
            noise: random.nextNoise()
        )
    }

    private mutating func blind() -> Blind {
        let choice = random.nextUnit()
        switch blinds {
        case .none: return .none
        case .rollers:
            return choice < 0.45 ? .roller(random.nextDouble(in: 0.15...1)) : .none
        case .shutters:
            return choice < 0.78 ? .openShutters : choice < 0.92 ? .closedShutters : .none
        }
    }
}
