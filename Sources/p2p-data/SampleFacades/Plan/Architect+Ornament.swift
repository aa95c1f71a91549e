import DatasetKit

/// What structures and adorns the wall: bands, pillars, balconies, ornaments, pipes.
extension Architect {
    /// Plans the stripes along the floors.
    mutating func addBands(to plan: inout BuildingPlan) {
        let height = random.nextDouble(in: 0.2...0.38)
        let kinds: [BandPlan.Kind] = rules.ornament > 0.3 ? [.cornice, .cornice, .torus] : [.flat]
        let kind = random.pick(kinds)
        let hasAll = random.nextBool(p: rules.bands)
        for storey in storeys.dropFirst() where hasAll || storey.number == 1 {
            // The band over the ground floor carries the rest and is the strongest.
            let isFirst = storey.number == 1
            guard !isFirst || random.nextBool(p: 0.5 + rules.bands / 2) else { continue }
            let thickness = isFirst ? height * 1.35 : height
            plan.bands.append(
                BandPlan(
                    box: Box(
                        left: plan.wall.left,
                        bottom: storey.bottom - thickness * 0.7,
                        width: plan.wall.width,
                        height: thickness
                    ),
                    kind: kind,
                    projection: Float(isFirst ? 0.2 : 0.13)
                )
            )
        }
    }

    /// Plans a risalit or an oriel in the middle of a wall that is wide enough.
    mutating func addProjection(to plan: inout BuildingPlan, bays: [Bay]) {
        guard bays.count >= 3, random.nextBool(p: rules.ornament * 0.5) else { return }
        let isOriel = storeys.count >= 4 && random.nextBool(p: 0.5)
        let reach = bays.count >= 7 ? 1 : 0
        let centre = bays.count / 2
        let first = bays[centre - reach - (bays.count % 2 == 0 ? 1 : 0)]
        let last = bays[centre + reach]
        let bottom = isOriel ? storeys[1].bottom : 0
        let top = isOriel ? storeys[storeys.count - 1].bottom - 0.1 : plan.wall.top
        plan.projection = ProjectionPlan(
            box: Box(
                left: first.left,
                bottom: bottom,
                width: last.right - first.left,
                height: top - bottom
            ),
            depth: Float(isOriel ? random.nextDouble(in: 0.5...0.8) : 0.22)
        )
    }

    /// Plans pilasters at the edges of the bays, or corner stones.
    mutating func addPillars(to plan: inout BuildingPlan, bays: [Bay]) {
        let choice = random.pick(rules.pillars)
        guard choice != .none else { return }
        let bottom = plan.base.top
        let height = plan.wall.top - plan.crown.height - bottom
        if choice == .quoins {
            let width = random.nextDouble(in: 0.5...0.75)
            for left in [plan.wall.left, plan.wall.right - width] {
                let box = Box(left: left, bottom: bottom, width: width, height: height)
                plan.pillars.append(PillarPlan(box: box, kind: .quoins, projection: 0.06))
            }
            return
        }
        let width = random.nextDouble(in: 0.36...0.52)
        let edges = bays.dropFirst().map(\.left)
        let ends = [plan.wall.left + width / 2 + 0.02, plan.wall.right - width / 2 - 0.02]
        let isFull = random.nextBool(p: 0.5)
        // Pilasters only where they leave the windows and their frames room.
        let room = spacing * (1 - windowWidth) - 2 * surround - width
        let inner = isFull ? edges : [edges.first, edges.last].compactMap { $0 }
        for middle in ends + (room > 0.1 && blinds != .shutters ? inner : []) {
            plan.pillars.append(
                PillarPlan(
                    box: Box(middle: middle, bottom: bottom, width: width, height: height),
                    kind: choice == .columns ? .column : .pilaster,
                    projection: choice == .columns ? 0.26 : 0.12
                )
            )
        }
    }

    /// Decides which windows open to a balcony.
    mutating func balconySpots(bays: [Bay]) -> Set<Spot> {
        let upper = 1..<storeys.count
        let centre = bays.count / 2
        var spots: Set<Spot> = []
        func add(_ storeys: some Sequence<Int>, _ bays: some Sequence<Int>) {
            for storey in storeys {
                for bay in bays { spots.insert(Spot(storey: storey, bay: bay)) }
            }
        }
        switch random.pick(rules.balconies) {
        case .none: break
        case .central:
            add(random.nextBool(p: 0.6) ? 1..<2 : upper, [centre])
        case .continuous:
            add([1], bays.indices)
            if storeys.count > 3 { add([storeys.count - 1], bays.indices) }
        case .stacked:
            let columns = random.pick([[0, bays.count - 1], [centre], [1, bays.count - 2]])
            add(upper, columns.filter(bays.indices.contains))
        case .scattered:
            for storey in upper {
                for bay in bays.indices where random.nextBool(p: 0.35) { add([storey], [bay]) }
            }
        }
        return spots
    }

    /// Plans the balconies; neighbours on a floor of a continuous row become one.
    mutating func addBalconies(to plan: inout BuildingPlan, bays: [Bay], at spots: Set<Spot>) {
        let slab = random.nextDouble(in: 0.16...0.24)
        let hasBrackets = rules.ornament > 0.25
        for storey in storeys.dropFirst() {
            let columns = bays.indices.filter {
                spots.contains(Spot(storey: storey.number, bay: $0))
            }
            guard let first = columns.first, let last = columns.last else { continue }
            var stretches = columns.map { ($0, $0) }
            if columns.count == bays.count, bays.count > 1 { stretches = [(first, last)] }
            for (start, end) in stretches {
                let isRow = end > start
                let width =
                    isRow
                    ? plan.wall.width - 0.3
                    : min(bays[start].width * 0.92, bays[start].width * windowWidth + 1.1)
                plan.balconies.append(
                    BalconyPlan(
                        box: Box(
                            middle: (bays[start].middle + bays[end].middle) / 2,
                            bottom: storey.bottom - slab,
                            width: width,
                            height: slab + random.nextDouble(in: 0.95...1.05)
                        ),
                        railing: railing,
                        slab: slab,
                        hasBrackets: hasBrackets,
                        hasFlowers: !isRow && random.nextBool(p: 0.25),
                        noise: random.nextNoise()
                    )
                )
            }
        }
    }

    /// Plans the free ornament: the richer the style, the more.
    mutating func addOrnaments(
        to plan: inout BuildingPlan,
        bays: [Bay],
        balconies: Set<Spot>
    ) {
        func chance(_ share: Double) -> Bool { random.nextBool(p: rules.ornament * share) }
        if chance(0.4) {
            let height = random.nextDouble(in: 0.35...0.55)
            let box = Box(
                left: plan.wall.left,
                bottom: plan.wall.top - plan.crown.height - height,
                width: plan.wall.width,
                height: height
            )
            add(.frieze, box, to: &plan)
        }
        if chance(0.9), let door = plan.doors.first, door.hood == .none {
            let bottom = door.opening.top + door.surround + 0.02
            let height = min(0.55, storeys[0].top - bottom - 0.15)
            if height > 0.25 {
                let box = Box(
                    middle: door.opening.middle,
                    bottom: bottom,
                    width: 0.8,
                    height: height
                )
                add(.cartouche, box, to: &plan)
            }
        }
        guard storeys.count > 2 else { return }
        // Panels or medallions on the wall between two floors' windows.
        let kind: OrnamentPlan.Kind? =
            chance(0.4) ? .panel : chance(0.35) ? .medallion : nil
        guard let kind else { return }
        let storey = storeys[random.nextInt(in: 2...storeys.count - 1)]
        for (number, bay) in bays.enumerated() {
            // Neither before a French window nor in the middle of a pair.
            let spot = Spot(storey: storey.number, bay: number)
            guard !balconies.contains(spot), !bay.isWide else { continue }
            let width = bay.width * windowWidth * (kind == .panel ? 0.9 : 0.5)
            let height = kind == .panel ? 0.42 : width
            let box = Box(
                middle: bay.middle,
                bottom: storey.bottom + 0.12,
                width: width,
                height: min(height, 0.6)
            )
            add(kind, box, to: &plan)
        }
    }

    /// Plans the rain pipes at the ends of the wall.
    mutating func addPipes(to plan: inout BuildingPlan) {
        guard random.nextBool(p: 0.5), !plan.pillars.contains(where: { $0.kind == .quoins })
        else { return }
        plan.pipes = [random.nextBool(p: 0.5) ? plan.wall.left + 0.18 : plan.wall.right - 0.18]
    }

    private mutating func add(
        _ kind: OrnamentPlan.Kind,
        _ box: Box,
        to plan: inout BuildingPlan
    ) {
        plan.ornaments.append(OrnamentPlan(box: box, kind: kind, noise: random.nextNoise()))
    }
}
