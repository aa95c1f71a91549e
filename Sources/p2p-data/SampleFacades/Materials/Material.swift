/// What a material is at one place.
struct Texel: Sendable {
    /// Reflectance.
    var color: Color
    /// Metres by which the surface stands out from its own plane: joints, slats, grain.
    var bump: Float = 0
    /// The part of the light that is mirrored, 0…1.
    var gloss: Float = 0
    /// How far the mirror is turned, about −1…1.
    var tilt: Float = 0
}

/// A surface that can be asked what it is at any place, in metres of the scene.
protocol Material: Sendable {
    func texel(x: Float, y: Float) -> Texel
}

/// Paint, stone or metal without a pattern, only slightly uneven.
struct Plain: Material, Equatable {
    var color: Color
    var noise = Noise(seed: 1)
    var gloss: Float = 0

    func texel(x: Float, y: Float) -> Texel {
        let unevenness = 1 + 0.05 * noise.value(x * 4, y * 4) + 0.04 * noise.value(x * 17, y * 13)
        return Texel(color: color * unevenness, gloss: gloss)
    }
}

/// Boards, louvres and roller slats: stripes of equal width.
struct Slats: Material, Equatable {
    var color: Color
    /// The width of one slat in metres.
    var pitch: Float
    /// Whether the slats stand upright.
    var areUpright = false
    /// How far the lower edge of a slat stands out, in metres.
    var relief: Float = 0.012
    var noise = Noise(seed: 2)

    func texel(x: Float, y: Float) -> Texel {
        let across = (areUpright ? x : y) / pitch
        let number = across.wholePart
        let position = across - Float(number)
        let tone = 0.94 + 0.12 * noise.cell(number, 7)
        let groove: Float = position < 0.2 ? 0.72 : 1
        let grain = 1 + 0.06 * noise.value(areUpright ? x * 30 : x * 3, areUpright ? y * 3 : y * 30)
        return Texel(color: color * (tone * groove * grain), bump: relief * (1 - position))
    }
}

/// Carving: a mirrored relief of curls about a middle axis.
struct Carving: Material, Equatable {
    var color: Color
    /// The x of the axis of symmetry.
    var middle: Float
    /// The size of a curl in metres.
    var scale: Float
    /// The height of the relief in metres.
    var relief: Float
    var noise: Noise

    func texel(x: Float, y: Float) -> Texel {
        let across = x < middle ? middle - x : x - middle
        let place = (x: across / scale, y: y / scale)
        let curl = noise.value(
            place.x * 1.6 + noise.value(place.y * 2, place.x) * 0.6,
            place.y * 1.9
        )
        let height = max(-0.3, curl)
        return Texel(color: color * (0.86 + 0.2 * height), bump: relief * height)
    }
}
