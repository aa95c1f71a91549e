/// What a shop window shows behind the glass.
struct ShopDisplay: Material, Equatable {
    enum Trade: CaseIterable, Sendable {
        /// Rows of bottles, books or boxes.
        case shelves
        /// Figures before a pale wall.
        case boutique
        /// A dim room with hanging lamps.
        case cafe
        /// Sheets of paper on the glass.
        case posters
    }

    var opening: Box
    var trade: Trade
    /// The colour and strength of the lamps.
    var light: Color
    var noise: Noise
    var gloss: Float
    var tilt: Float

    func texel(x: Float, y: Float) -> Texel {
        let u = x - Float(opening.left)
        let v = (y - Float(opening.bottom)) / Float(opening.height)
        let room = Color(0.035, 0.033, 0.032) + light * (0.05 * v.step(from: 0.2, to: 1))
        let color =
            switch trade {
            case .shelves: shelves(u: u, y: y, v: v, room: room)
            case .boutique: boutique(u: u, v: v, room: room)
            case .cafe: cafe(u: u, v: v, room: room)
            case .posters: posters(u: u, v: v, room: room)
            }
        return Texel(color: color, gloss: gloss, tilt: tilt + 0.06 * noise.value(x, y))
    }

    private func shelves(u: Float, y: Float, v: Float, room: Color) -> Color {
        guard v < 0.78 else { return room }
        let board = (y / 0.42).wholePart
        let up = y / 0.42 - Float(board)
        let item = (u / 0.16 + noise.cell(board, 8)).wholePart
        let height = 0.35 + 0.5 * noise.cell(item, board)
        guard up > 0.1, up < height else { return room * (up < 0.1 ? 2.6 : 1.2) }
        return goods(item, board) * (0.35 + 0.5 * light.green)
    }

    private func boutique(u: Float, v: Float, room: Color) -> Color {
        let wall = room + light * (0.16 + 0.2 * v)
        let number = (u / 0.8).wholePart
        let across = (u / 0.8 - Float(number) - 0.5) * 0.8
        guard noise.cell(number, 4) < 0.75, v < 0.72 else { return wall }
        // A head over shoulders over a narrow skirt.
        let isHead = v > 0.62 && abs(across) < 0.07
        let halfWidth: Float = v > 0.58 ? 0.05 : v > 0.34 ? 0.14 + 0.16 * (v - 0.34) : 0.11
        guard isHead || v < 0.6 && abs(across) < halfWidth else { return wall }
        return isHead ? Color(0.35, 0.3, 0.26) : goods(number, v > 0.34 ? 1 : 2)
    }

    private func cafe(u: Float, v: Float, room: Color) -> Color {
        let number = (u / 0.9).wholePart
        let across = u / 0.9 - Float(number) - 0.5
        let down = (v - 0.7) * 2.2
        let glow = 1 - (across * across * 6 + down * down * 6)
        let lamp = glow > 0.86 ? light * 1.1 : light * (0.22 * max(0, glow))
        let people = noise.fractal(u * 2.4, v * 3, octaves: 2)
        let seats = v < 0.42 ? Color(0.07, 0.05, 0.04) * (1 + 1.2 * people) : room
        return seats + lamp
    }

    private func posters(u: Float, v: Float, room: Color) -> Color {
        let column = (u / 0.55).wholePart
        let row = (v / 0.42).wholePart
        let across = u / 0.55 - Float(column)
        let up = v / 0.42 - Float(row)
        guard noise.cell(column, row) < 0.6, across > 0.12, across < 0.86, up > 0.12, up < 0.9
        else { return room }
        let isPrinted = noise.value(u * 12, v * 26) > 0.2 || up > 0.66
        let paper = Color(0.62, 0.6, 0.55)
        return isPrinted ? goods(column, row &+ 3) : paper
    }

    /// The colour of the thing in one place of the display.
    private func goods(_ column: Int32, _ row: Int32) -> Color {
        let hue = noise.branch(2).cell(column, row)
        let bright = 0.12 + 0.4 * noise.branch(3).cell(column, row)
        let (warm, cool) = (1.25 - 0.7 * hue, 0.55 + 0.5 * hue)
        return Color(warm, 0.85, cool) * bright
    }
}

/// The striped canvas of an awning.
struct Cloth: Material, Equatable {
    var color: Color
    var other: Color
    var noise: Noise

    func texel(x: Float, y: Float) -> Texel {
        let stripe = (x / 0.22).wholePart
        let fold = 1 + 0.1 * noise.value(x * 3, y)
        return Texel(color: (stripe & 1 == 0 ? color : other) * fold)
    }
}
