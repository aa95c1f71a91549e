/// Paving stones, seen at a low angle.
struct Paving: Material, Equatable {
    var color: Color
    var noise: Noise
    /// The length of a stone along the street in metres.
    var length: Float
    /// The height of a row as it appears, in metres.
    var row: Float

    func texel(x: Float, y: Float) -> Texel {
        let level = (y / row).wholePart
        let shifted = x / length + 0.37 * Float(level)
        let column = shifted.wholePart
        let dirt = noise.fractal(x * 0.4, y * 2.5, octaves: 4)
        let isJoint = y / row - Float(level) < 0.18 || shifted - Float(column) < 0.06
        let tone = 0.9 + 0.16 * noise.cell(column, level) + 0.16 * dirt
        return Texel(color: color * (isJoint ? tone * 0.78 : tone))
    }
}

/// Asphalt, with the light tracks of wheels.
struct Asphalt: Material, Equatable {
    var color: Color
    var noise: Noise

    func texel(x: Float, y: Float) -> Texel {
        let patches = noise.fractal(x * 0.25, y * 2.2, octaves: 4)
        let grit = noise.branch(3).value(x * 15, y * 40)
        return Texel(color: color * (1 + 0.2 * patches + 0.07 * grit))
    }
}

/// Grass, hedges and the crowns of trees: clumps of leaves lit from above.
struct Foliage: Material, Equatable {
    var color: Color
    var noise: Noise
    /// The size of a clump in metres.
    var clump: Float
    /// How much clumps and leaves differ in brightness; clipped leaves do less.
    var contrast: Float = 1

    func texel(x: Float, y: Float) -> Texel {
        let clumps = noise.fractal(x / clump, y / clump, octaves: 3)
        let leaves = noise.branch(1).value(x * 8, y * 8) + noise.branch(2).value(x * 17, y * 17)
        let light = 0.62 + contrast * (0.55 * clumps + 0.3 * leaves)
        let leaf = color.mixed(
            with: Color(0x8B8F48),
            (contrast * (0.3 * clumps + 0.2 * leaves)).clamped
        )
        return Texel(color: leaf * max(0.14, light), bump: 0.06 * clumps)
    }
}
