import DatasetKit

/// What the house ends with: roofs, gables, dormers and chimneys.
extension Architect {
    /// Plans the roof over the wall.
    mutating func addRoof(to plan: inout BuildingPlan, height: Double, bays: [Bay]) {
        let wall = plan.wall
        let above = Box(left: wall.left, bottom: wall.top, width: wall.width, height: height)
        switch roofKind {
        case .flat:
            if random.nextBool(p: 0.5) { addChimneys(to: &plan, base: wall.top) }
        case .tiled, .slated:
            plan.roof = RoofPlan(kind: .pitched, outline: .rectangle(above))
            plan.roof.hasFireWalls = random.nextBool(p: 0.55)
            addChimneys(to: &plan, base: above.top - 0.5)
            if height > 2, random.nextBool(p: 0.5) {
                addDormers(to: &plan, bays: bays, every: 2)
            } else {
                addSkylights(to: &plan, bays: bays)
            }
        case .hipped:
            var eaves = above
            eaves.left -= 0.35
            eaves.width += 0.7
            let ridge = max(0.3, 1 - 1.5 * height / wall.width)
            plan.roof = RoofPlan(kind: .hipped, outline: .taper(eaves, top: ridge))
            addChimneys(to: &plan, base: above.centre)
            if random.nextBool(p: 0.6) { addDormers(to: &plan, bays: bays, every: 2) }
        case .mansard:
            let ridge = 1 - 0.9 / wall.width
            plan.roof = RoofPlan(kind: .mansard, outline: .taper(above, top: ridge))
            addChimneys(to: &plan, base: above.centre)
            addDormers(to: &plan, bays: bays, every: 1)
        case .steppedGable, .bellGable, .triangle:
            addGable(to: &plan, height: height, bays: bays)
        }
    }

    private mutating func addGable(to plan: inout BuildingPlan, height: Double, bays: [Bay]) {
        let wall = plan.wall
        // On a wide house the gable crowns the middle only, before a roof along the street.
        let isWhole = wall.width < 9.5
        let width = isWhole ? wall.width : wall.width * random.nextDouble(in: 0.36...0.5)
        let box = Box(middle: wall.middle, bottom: wall.top, width: width, height: height)
        let outline: Outline =
            switch roofKind {
            case .steppedGable: .stepped(box, steps: random.nextInt(in: 4...6))
            case .bellGable: .bell(box)
            default: .taper(box, top: 0)
            }
        plan.roof = RoofPlan(kind: .gable, outline: outline)
        let opening = Box(middle: wall.middle, bottom: wall.top + 0.35, width: 0.9, height: 1.3)
        let isOculus = roofKind == .triangle && !isWhole
        if isOculus {
            let round = Box(middle: wall.middle, bottom: wall.top + 0.5, width: 1.1, height: 1.1)
            plan.ornaments.append(
                OrnamentPlan(box: round, kind: .medallion, noise: random.nextNoise())
            )
        } else {
            var window = window(
                middle: wall.middle,
                width: 0.9,
                storey: storeys[storeys.count - 1],
                heightShare: 0.4,
                head: random.pick([.round, .segment, .flat])
            )
            window.opening = opening
            window.sill = .ledge
            window.blind = .none
            plan.windows.append(window)
            let crest = Box(
                middle: wall.middle,
                bottom: wall.top + height * 0.66,
                width: 0.6,
                height: min(0.6, height * 0.18)
            )
            if random.nextBool(p: rules.ornament) {
                plan.ornaments.append(
                    OrnamentPlan(box: crest, kind: .medallion, noise: random.nextNoise())
                )
            }
        }
    }

    private mutating func addDormers(to plan: inout BuildingPlan, bays: [Bay], every step: Int) {
        let head: Head = random.pick([.flat, .segment, .round])
        let hood: Hood = head == .flat ? random.pick([.triangle, .segment, .straight]) : .none
        let eaves = plan.roof.outline.bounds
        let height = min(1.6, eaves.height * 0.56)
        for (number, bay) in bays.enumerated() where number % step == bays.count / 2 % step {
            let width = min(1.05, bay.width * 0.4)
            guard let span = plan.roof.outline.span(at: eaves.bottom + height + 0.4),
                bay.middle - width > span.left, bay.middle + width < span.right
            else { continue }
            plan.roof.dormers.append(
                WindowPlan(
                    opening: Box(
                        middle: bay.middle,
                        bottom: eaves.bottom + 0.35,
                        width: width,
                        height: height
                    ),
                    head: head,
                    glazing: .casement,
                    look: glassLook(),
                    reveal: 0.1,
                    surround: 0.16,
                    hood: hood
                )
            )
        }
    }

    private mutating func addSkylights(to plan: inout BuildingPlan, bays: [Bay]) {
        let roof = plan.roof.outline.bounds
        for bay in bays where random.nextBool(p: 0.25) {
            plan.roof.skylights.append(
                Box(middle: bay.middle, bottom: roof.bottom + 0.3, width: 0.7, height: 0.7)
            )
        }
    }

    private mutating func addChimneys(to plan: inout BuildingPlan, base: Double) {
        for _ in 0..<random.nextInt(in: 0...3) {
            let reach = plan.wall.width * 0.36
            plan.roof.chimneys.append(
                Box(
                    middle: plan.wall.middle + random.nextDouble(in: -reach...reach),
                    bottom: base,
                    width: random.nextDouble(in: 0.5...1.3),
                    height: plan.roof.outline.bounds.top - base + random.nextDouble(in: 0.6...1.3)
                )
            )
        }
    }
}
