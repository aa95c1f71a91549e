/// Cornices, copings and eaves.
extension Scene {
    /// Builds what ends the wall at the top, bent around what stands forward.
    mutating func addCrown(_ house: BuildingPlan) {
        addCrown(house, lift: house.lift, within: nil)
        guard let projection = house.projection, !projection.isOriel else { return }
        let front = Box(
            left: projection.box.left - Double(projection.depth),
            bottom: projection.box.top - house.crown.height,
            width: projection.box.width + 2 * Double(projection.depth),
            height: house.crown.height
        )
        addCrown(house, lift: house.lift + projection.depth, within: .rectangle(front))
    }

    private mutating func addCrown(_ house: BuildingPlan, lift: Float, within clip: Outline?) {
        let crown = house.crown
        let trim = house.finishes.trim
        var box = house.wall
        box.bottom = house.wall.top - crown.height
        box.height = crown.height
        let upper = Box(
            left: box.left - Double(crown.projection) * 0.3,
            bottom: box.bottom + box.height * 0.45,
            width: box.width + Double(crown.projection) * 0.6,
            height: box.height * 0.55
        )
        switch crown.kind {
        case .coping:
            relief.fill(.rectangle(box), trim, .flat(lift + 0.12), as: .molding, within: clip)
        case .cornice:
            relief.fill(
                .rectangle(box),
                trim,
                .cornice(from: lift, by: 0.12),
                as: .molding,
                within: clip
            )
            let profile = Profile.cornice(from: lift + 0.05, by: crown.projection)
            relief.fill(.rectangle(upper), trim, profile, as: .molding, within: clip)
        case .bracketed, .dentils:
            relief.fill(.rectangle(box), trim, .flat(lift + 0.06), as: .molding, within: clip)
            let isCoarse = crown.kind == .bracketed
            let profile: Profile =
                isCoarse
                ? .slope(from: lift + 0.12, perMetre: crown.projection * 1.1)
                : .flat(lift + 0.2)
            addRow(
                of: isCoarse ? (0.24, 0.75) : (0.16, 0.34),
                in: box.upright(from: isCoarse ? 0.06 : 0.24, to: 0.46),
                material: trim,
                profile: profile,
                clip: clip
            )
            let crowning = Profile.cornice(from: lift + 0.1, by: crown.projection)
            relief.fill(.rectangle(upper), trim, crowning, as: .molding, within: clip)
        case .eaves:
            let wood = Plain(color: house.finishes.trim.color * 0.55, noise: house.weathering)
            let soffit = box.upright(from: 0, to: 0.5)
            relief.fill(
                .rectangle(soffit),
                wood,
                .slope(from: lift + 0.2, perMetre: 2),
                as: .molding,
                within: clip
            )
            let gutter = Plain(color: Color(0x7B7F80), noise: house.weathering, gloss: 0.05)
            let profile = Profile.torus(from: lift + 0.5, by: 0.12)
            relief.fill(.rectangle(upper), gutter, profile, as: .molding, within: clip)
        }
    }

    /// Builds equal blocks side by side: brackets or teeth of `size.width` every `size.pitch`.
    private mutating func addRow(
        of size: (width: Double, pitch: Double),
        in box: Box,
        material: Plain,
        profile: Profile,
        clip: Outline?
    ) {
        let count = max(1, Int(box.width / size.pitch))
        let pitch = box.width / Double(count)
        for number in 0..<count {
            let middle = box.left + (Double(number) + 0.5) * pitch
            let block = Box(
                middle: middle,
                bottom: box.bottom,
                width: relief.visible(size.width),
                height: box.height
            )
            relief.fill(.rectangle(block), material, profile, as: .molding, within: clip)
        }
    }
}
