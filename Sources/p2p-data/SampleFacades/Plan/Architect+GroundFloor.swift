import DatasetKit

/// The ground floor: doors, shops, arcades and windows to the street.
extension Architect {
    /// Plans what lies between the pavement and the first floor.
    mutating func addGroundFloor(to plan: inout BuildingPlan, bays: [Bay]) {
        let entrance = entranceBay(of: bays)
        let head: Head =
            switch groundUse {
            case .arcade: random.pick([.round, .round, .segment])
            case .shops: .flat
            case .dwelling: random.pick(rules.heads)
            }
        let shopStyle = shopStyle(head: head)
        for (number, bay) in bays.enumerated() {
            if number == entrance {
                addDoor(to: &plan, bay: bay, head: head)
                continue
            }
            switch groundUse {
            case .dwelling: addStreetWindows(to: &plan, bay: bay, head: head)
            case .shops: addShop(to: &plan, bay: bay, style: shopStyle)
            case .arcade:
                if random.nextBool(p: 0.7) {
                    addShop(to: &plan, bay: bay, style: shopStyle)
                } else {
                    addStreetWindows(to: &plan, bay: bay, head: head)
                }
            }
        }
        addSigns(to: &plan)
    }

    private mutating func entranceBay(of bays: [Bay]) -> Int {
        // Not at the very edge of a wide house, which the picture may cut off.
        let edge = bays.count > 4 ? 1 : 0
        return switch random.nextInt(below: 4) {
        case 0, 1: bays.count / 2
        case 2: edge
        default: bays.count - 1 - edge
        }
    }

    private mutating func addDoor(to plan: inout BuildingPlan, bay: Bay, head: Head) {
        let ground = storeys[0]
        let isGate = bay.width > 2.3 && random.nextBool(p: 0.3)
        let width = isGate ? min(2.4, bay.width * 0.72) : min(1.5, max(1.05, bay.width * 0.46))
        let steps = isGate ? 0 : random.nextInt(below: 4)
        let bottom = Double(steps) * 0.16
        let height = min(ground.height - bottom - 0.75, random.nextDouble(in: 2.5...3.1))
        let hasHood = head == .flat && random.nextBool(p: 0.3 + 0.5 * rules.ornament)
        plan.doors.append(
            DoorPlan(
                opening: Box(middle: bay.middle, bottom: bottom, width: width, height: height),
                head: isGate ? random.pick([.round, .segment]) : head,
                fanlight: random.nextBool(p: 0.7) ? height * random.nextDouble(in: 0.18...0.28) : 0,
                leaves: width > 1.25 ? 2 : 1,
                isGlazed: !isGate && random.nextBool(p: 0.35),
                surround: random.nextBool(p: 0.75) ? random.nextDouble(in: 0.14...0.3) : 0,
                hood: hasHood ? random.pick([.straight, .triangle, .segment]) : .none,
                hasColumns: hasHood && random.nextBool(p: 0.5),
                steps: steps,
                look: glassLook()
            )
        )
    }

    private mutating func addStreetWindows(to plan: inout BuildingPlan, bay: Bay, head: Head) {
        let ground = storeys[0]
        for axis in axes(of: bay) {
            var window = window(
                middle: axis.middle,
                width: axis.width,
                storey: ground,
                heightShare: random.nextDouble(in: 0.46...0.5),
                head: head
            )
            window.opening.bottom = max(1.0, plan.base.plinth + 0.2)
            window.opening.height = min(
                window.opening.height,
                ground.height - window.opening.bottom - 0.6
            )
            window.surround *= 0.8
            window.sill = .ledge
            window.openLeaf = nil
            plan.windows.append(window)
        }
    }

    /// What all shops of a house have in common.
    private mutating func shopStyle(head: Head) -> ShopPlan {
        let hasBoards = head == .flat
        return ShopPlan(
            box: Box(left: 0, bottom: 0, width: 1, height: 1),
            head: head,
            name: random.pick(Lettering.words),
            trade: random.pick(ShopDisplay.Trade.allCases),
            headroom: hasBoards ? random.nextDouble(in: 0.5...0.75) : 0,
            signColor: random.pick(Palette.signs),
            frame: random.pick(Palette.darkFrames + Palette.doors),
            awning: random.nextBool(p: hasBoards ? 0.3 : 0.15)
                ? random.nextDouble(in: 0.6...1.0) : 0,
            awningColor: random.pick(Palette.awnings),
            panes: 1,
            display: Color(0xFFDDB0) * Float(random.nextDouble(in: 0.35...1.3)),
            noise: random.nextNoise()
        )
    }

    private mutating func addShop(to plan: inout BuildingPlan, bay: Bay, style: ShopPlan) {
        var shop = style
        let share = style.head == .flat ? 0.86 : 0.68
        shop.box = Box(
            middle: bay.middle,
            bottom: 0.02,
            width: bay.width * share,
            height: storeys[0].height - 0.6
        )
        shop.panes = shop.box.width > 2 ? random.nextInt(in: 2...3) : 1
        if random.nextBool(p: 0.35) {
            // Another tenant.
            shop.signColor = random.pick(Palette.signs)
            shop.name = random.pick(Lettering.words)
            shop.trade = random.pick(ShopDisplay.Trade.allCases)
            shop.display = style.display * Float(random.nextDouble(in: 0.5...1.5))
            shop.awning = random.nextBool(p: 0.7) ? 0 : shop.awning
        }
        // A tenant of several windows writes the name over the first of them.
        if plan.shops.last?.name == shop.name || plan.shops.last?.name == "" { shop.name = "" }
        shop.noise = random.nextNoise()
        plan.shops.append(shop)
    }

    /// Hangs the boards over the shops: one long one, or one for each of them.
    private mutating func addSigns(to plan: inout BuildingPlan) {
        guard let first = plan.shops.first, let last = plan.shops.last, first.headroom > 0
        else { return }
        let height = first.headroom - 0.08
        let bottom = first.box.top - height
        let doorTop = plan.doors.map { $0.opening.top + $0.surround }.max() ?? 0
        if plan.shops.count > 1, doorTop < bottom, random.nextBool(p: 0.5) {
            plan.shops[plan.shops.count - 1].name = first.name
            plan.shops[plan.shops.count - 1].sign = Box(
                left: first.box.left,
                bottom: bottom,
                width: last.box.right - first.box.left,
                height: height
            )
            return
        }
        for index in plan.shops.indices {
            let box = plan.shops[index].box
            plan.shops[index].sign = Box(
                left: box.left,
                bottom: bottom,
                width: box.width,
                height: height
            )
        }
    }
}
