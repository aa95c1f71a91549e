import DatasetKit

extension Finishes {
    /// Chooses the materials and colours of one house.
    init(
        rules: StyleRules,
        base: StyleRules.Base,
        roof roofKind: StyleRules.Roof,
        using random: inout Philox
    ) {
        let noise = random.nextNoise()
        let wallKind = random.pick(rules.walls)
        let wallColor = Self.wallColor(of: wallKind, using: &random)
        let stone = random.pick(random.nextBool(p: 0.6) ? Palette.stone : Palette.greyStone)
        let trimColor: Color
        switch wallKind {
        case .stucco, .warmStucco:
            trimColor =
                random.nextBool(p: 0.7)
                ? wallColor.mixed(with: Color(0xF0ECE2), Float(random.nextDouble(in: 0.35...0.8)))
                : stone
        case .redBrick, .paleBrick: trimColor = random.pick([stone, Color(0xDDD6C6)])
        case .stone, .panels: trimColor = wallColor * Float(random.nextDouble(in: 0.9...1.08))
        }
        wall = Self.wall(of: wallKind, color: wallColor, noise: noise, using: &random)
        ground = Self.ground(
            base,
            wall: wall,
            wallColor: wallColor,
            stone: stone,
            using: &random
        )
        roof = Self.roof(of: roofKind, noise: noise.branch(40), using: &random)
        trim = Plain(color: trimColor, noise: noise.branch(41))
        pillar = .stucco(Stucco(color: trimColor, noise: noise.branch(42), age: 0.3))
        let hasPaleFrames = random.nextBool(p: rules.glazings.contains(.sash) ? 0.9 : 0.68)
        frame = random.pick(hasPaleFrames ? Palette.paleFrames : Palette.darkFrames)
        door = random.pick(Palette.doors)
        shutter = random.pick(Palette.shutters)
        roller = random.pick(Palette.rollers)
        railing = random.pick(Palette.railings)
    }

    private static func wallColor(
        of kind: StyleRules.Wall,
        using random: inout Philox
    ) -> Color {
        let colors =
            switch kind {
            case .stucco: Palette.stucco
            case .warmStucco: Palette.warmStucco
            case .redBrick: Palette.redBrick
            case .paleBrick: Palette.paleBrick
            case .stone: Palette.stone
            case .panels: Palette.concrete
            }
        return random.pick(colors) * Float(random.nextDouble(in: 0.88...1.05))
    }

    private static func wall(
        of kind: StyleRules.Wall,
        color: Color,
        noise: Noise,
        using random: inout Philox
    ) -> Finish {
        switch kind {
        case .stucco, .warmStucco:
            return .stucco(
                Stucco(color: color, noise: noise, age: Float(random.nextDouble(in: 0.1...1)))
            )
        case .redBrick, .paleBrick:
            return .brick(
                Brick(
                    color: color,
                    darkColor: color * 0.55,
                    mortar: color.mixed(with: Color(0xA89F90), 0.6),
                    noise: noise
                )
            )
        case .stone:
            return .ashlar(
                Ashlar(
                    color: color,
                    noise: noise,
                    course: Float(random.nextDouble(in: 0.36...0.5)),
                    length: Float(random.nextDouble(in: 0.8...1.2)),
                    joint: 0.03,
                    depth: 0.006,
                    variety: Float(random.nextDouble(in: 0.3...0.9))
                )
            )
        case .panels:
            return .panels(
                Panels(
                    color: color,
                    noise: noise,
                    width: Float(random.nextDouble(in: 1.4...3.2)),
                    height: Float(random.nextDouble(in: 1.4...2.9))
                )
            )
        }
    }

    private static func ground(
        _ base: StyleRules.Base,
        wall: Finish,
        wallColor: Color,
        stone: Color,
        using random: inout Philox
    ) -> Finish {
        let noise = random.nextNoise()
        let wallIsPlaster = if case .stucco = wall { true } else { false }
        let darker = wallColor * Float(random.nextDouble(in: 0.72...0.95))
        switch base {
        case .plain: return wall
        case .painted:
            let paint = random.pick([darker, stone, Color(0xD9D4C8), Color(0x8E877C)])
            return .stucco(Stucco(color: paint, noise: noise, age: 0.5))
        case .rusticated, .stone:
            let isRough = base == .rusticated
            return .ashlar(
                Ashlar(
                    color: wallIsPlaster && random.nextBool(p: 0.5) ? darker : stone,
                    noise: noise,
                    course: Float(random.nextDouble(in: 0.4...0.56)),
                    length: Float(random.nextDouble(in: 0.9...1.3)),
                    joint: isRough ? 0.07 : 0.03,
                    depth: isRough ? 0.045 : 0.008,
                    variety: 0.5,
                    isBanded: isRough && random.nextBool(p: 0.5)
                )
            )
        }
    }

    private static func roof(
        of kind: StyleRules.Roof,
        noise: Noise,
        using random: inout Philox
    ) -> Finish {
        switch kind {
        case .mansard where random.nextBool(p: 0.5), .flat:
            return .metal(SheetMetal(color: random.pick(Palette.zinc), noise: noise))
        case .mansard, .slated:
            return .slates(Slates(color: random.pick(Palette.slates), noise: noise))
        default:
            return .tiles(RoofTiles(color: random.pick(Palette.clayTiles), noise: noise))
        }
    }
}
