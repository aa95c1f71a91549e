/// Balconies: slabs and parapets in the relief, railings on their screen.
extension Scene {
    /// Builds one balcony before its house.
    mutating func add(_ balcony: BalconyPlan, of house: BuildingPlan) {
        let wall = house.lift(x: balcony.box.middle, y: balcony.box.top)
        let outward = max(house.lift + BalconyPlan.projection, wall + 0.4)
        let trim = house.finishes.trim
        var slab = balcony.box
        slab.height = balcony.slab
        if balcony.hasBrackets { addBrackets(below: slab, of: house) }
        relief.mark(.rectangle(balcony.box), as: .balcony)
        let profile = Profile.cornice(from: outward - 0.12, by: 0.12)
        relief.fill(.rectangle(slab), trim, profile, as: .balcony)
        var rails = balcony.box
        rails.bottom = slab.top
        rails.height = balcony.box.top - slab.top
        switch balcony.railing {
        case .bars: addBars(in: rails, color: house.finishes.railing, scrolls: nil)
        case .scrolls: addBars(in: rails, color: house.finishes.railing, scrolls: balcony.noise)
        case .balusters: addBalusters(in: rails, material: trim)
        case .parapet:
            let color = trim.color.mixed(with: house.finishes.railing, 0.12)
            let sheet = Plain(color: color, noise: balcony.noise)
            relief.fill(.rectangle(rails), sheet, .flat(outward), as: .balcony)
            let cap = rails.upright(from: 0.93, to: 1)
            relief.fill(
                .rectangle(cap),
                Plain(color: color * 0.8),
                .flat(outward + 0.04),
                as: .balcony
            )
        }
        if balcony.hasFlowers { addFlowers(on: rails, noise: balcony.noise) }
    }

    private mutating func addBrackets(below slab: Box, of house: BuildingPlan) {
        let count = max(2, Int(slab.width / 1.3))
        for number in 0..<count {
            let share = (Double(number) + 0.5) / Double(count)
            let bracket = Box(
                middle: slab.left + slab.width * share,
                bottom: slab.bottom - 0.42,
                width: relief.visible(0.2),
                height: 0.42
            )
            relief.fill(
                .taper(bracket, top: 1.15),
                house.finishes.trim,
                .slope(from: house.lift + 0.08, perMetre: 1.6),
                as: .balcony
            )
        }
    }

    private mutating func addBars(in rails: Box, color: Color, scrolls: Noise?) {
        let thickness = relief.visible(0.05)
        let top = Box(
            left: rails.left,
            bottom: rails.top - thickness,
            width: rails.width,
            height: thickness
        )
        var foot = top
        foot.bottom = rails.bottom + 0.06
        railings.cover(.rectangle(top), color)
        railings.cover(.rectangle(foot), color, opacity: 0.9)
        // Bars thinner than a point of the grid let the rest of the light through.
        let width = relief.visible(0.024)
        let opacity = Float(min(1, 0.034 / width))
        let count = max(2, Int(rails.width / 0.125))
        for number in 0...count {
            let x = rails.left + rails.width * Double(number) / Double(count)
            let bar = Box(middle: x, bottom: rails.bottom, width: width, height: rails.height)
            railings.cover(.rectangle(bar), color, opacity: opacity)
        }
        guard let scrolls else { return }
        let band = rails.upright(from: 0.16, to: 0.84)
        railings.cover(.rectangle(band)) { x, y in
            let u = (x - Float(band.left)) / 0.42
            let v = (y - Float(band.bottom)) / 0.42
            let across = abs(u - Float(u.wholePart) - 0.5)
            let wave = abs(scrolls.value(across * 5, v * 3.2))
            return (color, wave < 0.2 ? 0.72 : 0)
        }
    }

    private mutating func addBalusters(in rails: Box, material: Plain) {
        let color = material.color
        let cap = rails.upright(from: 0.86, to: 1)
        let foot = rails.upright(from: 0, to: 0.12)
        railings.cover(.rectangle(cap), color * 1.05)
        railings.cover(.rectangle(foot), color * 0.95)
        let between = rails.upright(from: 0.12, to: 0.86)
        let count = max(2, Int(rails.width / 0.26))
        let pitch = rails.width / Double(count)
        railings.cover(.rectangle(between)) { x, y in
            let position = (x - Float(rails.left)) / Float(pitch)
            let across = abs(position - Float(position.wholePart) - 0.5) * Float(pitch)
            let v = (y - Float(between.bottom)) / Float(between.height)
            // A turned baluster: a belly in the lower half, a neck above.
            let belly = 0.045 + 0.06 * (1 - (v - 0.32) * (v - 0.32) * 14).clamped
            guard across < belly else { return (color, 0) }
            return (color * (1.02 - 4 * across * across / (belly * belly) * 0.1), 1)
        }
        let posts = max(1, Int(rails.width / 2.4))
        for number in 0...posts {
            let x = rails.left + 0.12 + (rails.width - 0.24) * Double(number) / Double(posts)
            let post = Box(middle: x, bottom: rails.bottom, width: 0.24, height: rails.height)
            railings.cover(.rectangle(post), color * 0.98)
        }
    }

    private mutating func addFlowers(on rails: Box, noise: Noise) {
        let box = rails.upright(from: 0.55, to: 1.12)
        let blossom = [Color(0xB5443C), Color(0xC77A8A), Color(0xD0B0A0)][Int(noise.seed % 3)]
        let leaves = Foliage(color: Color(0x4F6637), noise: noise, clump: 0.35)
        railings.cover(.rectangle(box)) { x, y in
            let v = (y - Float(box.bottom)) / Float(box.height)
            let density = noise.fractal(x * 2.6, y * 2.6, octaves: 3) + 0.75 - 2.6 * abs(v - 0.5)
            let isFlower = noise.branch(6).value(x * 9, y * 9) > 0.35
            return (isFlower ? blossom : leaves.texel(x: x, y: y).color, density > 0.2 ? 1 : 0)
        }
    }
}
