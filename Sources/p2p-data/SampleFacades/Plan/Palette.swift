import DatasetKit

/// The colours of European streets as photographs show them: none of them is pure.
enum Palette {
    static let stucco = [
        Color(0xD8C9A4), Color(0xCDB27E), Color(0xC6A468), Color(0xE0D6BF), Color(0xBDC2AE),
        Color(0xA5B29A), Color(0xC69F86), Color(0xB58270), Color(0xD9BBA6), Color(0xB9C0C6),
        Color(0xA3B2BC), Color(0xCFCDC6), Color(0xB4A794), Color(0xDCCC9C), Color(0xC9BBA0),
        Color(0xDAD2C4), Color(0xC58E78), Color(0xE4DECE),
    ]
    static let warmStucco = [
        Color(0xD9B98A), Color(0xD3A876), Color(0xE2CFA8), Color(0xCF9B74), Color(0xDCC3A0),
        Color(0xC98A68), Color(0xE3D8C0), Color(0xD6B0A0), Color(0xDDC58C),
    ]
    static let stone = [
        Color(0xCDBF9F), Color(0xBDB092), Color(0xC9C0B0), Color(0xB2A896), Color(0xD6CBB2),
        Color(0xC4B48E),
    ]
    static let greyStone = [Color(0xA39D92), Color(0x8F8A82), Color(0xB4AEA2), Color(0x9C927F)]
    static let redBrick = [
        Color(0x96543F), Color(0xA2604A), Color(0x84483A), Color(0x7A4A3E), Color(0xA86C50),
    ]
    static let paleBrick = [
        Color(0xB08A60), Color(0xA68B66), Color(0x8E775C), Color(0xBFA27A), Color(0x6E5D50),
    ]
    static let concrete = [
        Color(0xBDB9B0), Color(0xA8A59E), Color(0xCBC8BF), Color(0xB3AA9C), Color(0xC9C0AC),
    ]
    static let clayTiles = [
        Color(0x785140), Color(0x684739), Color(0x84604E), Color(0x5C443B), Color(0x6F5244),
    ]
    static let slates = [Color(0x50565D), Color(0x5E6268), Color(0x474A50), Color(0x66645F)]
    static let zinc = [Color(0x8B9298), Color(0x777E86), Color(0x9AA09F), Color(0x748E82)]
    static let paleFrames = [Color(0xE9E6DD), Color(0xE2DDCF), Color(0xEEECE6), Color(0xD8D3C4)]
    static let darkFrames = [
        Color(0x50392A), Color(0x3D4A40), Color(0x35363A), Color(0x6A5440), Color(0x5F2F28),
    ]
    static let doors = [
        Color(0x3C2A20), Color(0x5E3E28), Color(0x31443A), Color(0x2A3A4C), Color(0x6A2E29),
        Color(0x242527), Color(0x7A5B3C), Color(0x4C5A58),
    ]
    static let shutters = [
        Color(0x46614F), Color(0x61796A), Color(0x6B4C36), Color(0x7F929D), Color(0x4D6376),
        Color(0x8D8C82), Color(0x35493F), Color(0x7C3F35),
    ]
    static let rollers = [Color(0xDDD8CA), Color(0xC6BCA6), Color(0x9A8B73), Color(0xB2B5B4)]
    static let railings = [Color(0x24262A), Color(0x2E3A36), Color(0x3A3633), Color(0x1F2A33)]
    static let signs = [
        Color(0x2B2C2E), Color(0x3E4C3C), Color(0x5C322E), Color(0x30424C), Color(0xD0C9B8),
        Color(0x6A5A42), Color(0x3A2E28), Color(0x8A4238), Color(0x34506A), Color(0xB89A58),
        Color(0x454744), Color(0xBFB8A8), Color(0x23302C),
    ]
    static let awnings = [
        Color(0x8C3A32), Color(0x3D5A48), Color(0xC9BCA0), Color(0x39506B), Color(0xB08A4A),
        Color(0x5A5752),
    ]
    static let cars = [
        Color(0x9EA2A6), Color(0x2A2C30), Color(0xC9CACA), Color(0x34435A), Color(0x6E2A28),
        Color(0x55585C), Color(0x3D4A42), Color(0xB8B4A6),
    ]
    static let curtains = [Color(0xD8D4CA), Color(0xC9C2B2), Color(0xE2E0DA), Color(0xB9A88E)]
}

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
        let isSouthern = rules.blinds == [.shutters] && rules.roofs == [.tiled]
        let wallColor = Self.wallColor(of: wallKind, isSouthern: isSouthern, using: &random)
        let stone = random.pick(random.nextBool(p: 0.6) ? Palette.stone : Palette.greyStone)
        let trimColor: Color
        switch wallKind {
        case .stucco:
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
        isSouthern: Bool,
        using random: inout Philox
    ) -> Color {
        let colors =
            switch kind {
            case .stucco: isSouthern ? Palette.warmStucco : Palette.stucco
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
        case .stucco:
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
