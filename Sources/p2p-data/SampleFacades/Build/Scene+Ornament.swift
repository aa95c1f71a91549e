/// Carved ornament.
extension Scene {
    /// Builds one ornament on its house.
    mutating func add(_ ornament: OrnamentPlan, of house: BuildingPlan) {
        let lift = house.lift(x: ornament.box.middle, y: ornament.box.centre)
        let box = ornament.box
        let trim = house.finishes.trim
        let carving = Carving(
            color: trim.color,
            middle: Float(box.middle),
            scale: 0.3,
            relief: 0.06,
            noise: ornament.noise
        )
        switch ornament.kind {
        case .medallion:
            relief.fill(.ellipse(box), trim, .flat(lift + 0.1), as: .deco)
            let field = Plain(color: trim.color * 0.86, noise: ornament.noise)
            relief.fill(.ellipse(box.inset(0.09)), field, .flat(lift + 0.02), as: .deco)
            let head = Outline.ellipse(box.inset(min(box.width, box.height) * 0.26))
            relief.fill(head, carving, .dome(from: lift + 0.04, by: 0.14), as: .deco)
        case .panel:
            relief.fill(.rectangle(box), trim, .flat(lift + 0.05), as: .deco)
            relief.fill(.rectangle(box.inset(0.06)), carving, .flat(lift + 0.03), as: .deco)
        case .cartouche:
            relief.fill(.taper(box, top: 0.45), carving, .flat(lift + 0.1), as: .deco)
            let shield = Box(
                middle: box.middle,
                bottom: box.bottom,
                width: box.width * 0.46,
                height: box.height * 0.9
            )
            relief.fill(.ellipse(shield), trim, .dome(from: lift + 0.1, by: 0.16), as: .deco)
        case .frieze:
            // The motif repeats every 1.2 m, mirrored within itself.
            var left = box.left
            while left < box.right {
                let motif = Box(left: left, bottom: box.bottom, width: 1.2, height: box.height)
                var repeated = carving
                repeated.middle = Float(motif.middle)
                relief.fill(
                    .rectangle(motif),
                    repeated,
                    .flat(lift + 0.04),
                    as: .deco,
                    within: .rectangle(box)
                )
                left += 1.2
            }
        }
    }
}
