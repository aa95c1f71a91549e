/// Rendered and painted plaster, with the clouds and patches that years leave on it.
struct Stucco: Material, Equatable {
    var color: Color
    var noise: Noise
    /// How blotchy the paint is, 0…1.
    var age: Float

    func texel(x: Float, y: Float) -> Texel {
        let clouds = noise.fractal(x * 0.45, y * 0.38, octaves: 3)
        let grain = noise.branch(9).value(x * 11, y * 11)
        let patch = noise.branch(5).fractal(x * 0.7, y * 0.9, octaves: 2).step(from: 0.3, to: 0.36)
        let tone = 1 + (0.08 + 0.14 * age) * clouds + 0.03 * grain - 0.12 * age * patch
        let warmed = color.mixed(with: Color(0x8C7F6C), age * 0.16 * (0.5 + clouds).clamped)
        return Texel(color: warmed * tone, bump: 0.004 * grain)
    }
}

/// Brickwork in running bond.
struct Brick: Material, Equatable {
    var color: Color
    /// The colour of the bricks that were burnt harder.
    var darkColor: Color
    var mortar: Color
    var noise: Noise
    /// The height of a course in metres, mortar included.
    var course: Float = 0.1
    /// The length of a brick in metres, mortar included.
    var length: Float = 0.27

    func texel(x: Float, y: Float) -> Texel {
        let row = (y / course).wholePart
        let upward = y / course - Float(row)
        let shifted = x / length + (row & 1 == 0 ? 0 : 0.5)
        let column = shifted.wholePart
        let along = shifted - Float(column)
        let clouds = noise.fractal(x * 0.4, y * 0.4, octaves: 3)
        if upward < 0.16 || along < 0.07 {
            let joint = mortar.mixed(with: color, 0.35)
            return Texel(color: joint * (1 + 0.1 * clouds), bump: -0.006)
        }
        let burnt = noise.cell(column, row)
        let shade = color.mixed(with: darkColor, burnt * burnt)
        let tone = 0.88 + 0.24 * noise.branch(3).cell(column, row) + 0.12 * clouds
        return Texel(color: shade * tone)
    }
}

/// Dressed blocks of stone, or plaster that imitates them.
struct Ashlar: Material, Equatable {
    var color: Color
    var noise: Noise
    /// The height of a course in metres.
    var course: Float
    /// The length of a block in metres.
    var length: Float
    /// The width of a joint in metres.
    var joint: Float
    /// The depth of a joint in metres.
    var depth: Float
    /// How much the blocks differ, 0…1.
    var variety: Float
    /// Whether only the courses are parted, as in banded rustication.
    var isBanded = false

    func texel(x: Float, y: Float) -> Texel {
        let row = (y / course).wholePart
        let upward = (y / course - Float(row)) * course
        let shifted = x / length + (row & 1 == 0 ? 0 : 0.5)
        let column = isBanded ? 0 : shifted.wholePart
        let along = isBanded ? length / 2 : (shifted - Float(column)) * length
        let clouds = noise.fractal(x * 0.5, y * 0.5, octaves: 3)
        let grain = noise.branch(4).value(x * 9, y * 9)
        let tone = 1 + variety * 0.22 * (noise.cell(column, row) - 0.5) + 0.08 * clouds
        if upward < joint || along < joint {
            return Texel(color: color * (tone * 0.74), bump: -depth)
        }
        return Texel(color: color * (tone + 0.04 * grain), bump: 0.003 * grain)
    }
}

/// Prefabricated concrete or smooth plaster in large panels.
struct Panels: Material, Equatable {
    var color: Color
    var noise: Noise
    /// The width of a panel in metres.
    var width: Float
    /// The height of a panel in metres.
    var height: Float

    func texel(x: Float, y: Float) -> Texel {
        let column = (x / width).wholePart
        let row = (y / height).wholePart
        let across = (x / width - Float(column)) * width
        let upward = (y / height - Float(row)) * height
        let clouds = noise.fractal(x * 0.6, y * 0.3, octaves: 3)
        let streaks = noise.branch(2).value(x * 5, y * 0.5)
        let tone = 0.96 + 0.07 * noise.cell(column, row) + 0.07 * clouds + 0.04 * streaks
        let isJoint = across < 0.05 || upward < 0.05
        return Texel(color: color * (isJoint ? tone * 0.7 : tone), bump: isJoint ? -0.02 : 0)
    }
}
