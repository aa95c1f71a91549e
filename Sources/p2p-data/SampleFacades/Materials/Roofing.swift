/// Clay tiles in rows, with a rounded lower edge.
struct RoofTiles: Material, Equatable {
    var color: Color
    var noise: Noise
    /// The visible height of a row in metres.
    var row: Float = 0.24
    /// The width of a tile in metres.
    var width: Float = 0.2

    func texel(x: Float, y: Float) -> Texel {
        let level = (y / row).wholePart
        let shifted = x / width + (level & 1 == 0 ? 0 : 0.5)
        let column = shifted.wholePart
        let along = 2 * (shifted - Float(column)) - 1
        let upward = y / row - Float(level)
        let moss = noise.fractal(x * 0.6, y * 0.6, octaves: 3)
        let tone = 0.78 + 0.34 * noise.cell(column, level) + 0.22 * moss
        let isGap = upward < 0.16 + 0.16 * along * along
        let weathered = color.mixed(with: Color(0x5A5848), (moss * 0.7).clamped)
        return Texel(
            color: weathered * (isGap ? tone * 0.55 : tone),
            bump: 0.03 * (1 - along * along) - 0.04 * upward
        )
    }
}

/// Slates, or plain tiles laid as flat as slates.
struct Slates: Material, Equatable {
    var color: Color
    var noise: Noise
    /// The visible height of a row in metres.
    var row: Float = 0.2
    /// The width of a slate in metres.
    var width: Float = 0.28

    func texel(x: Float, y: Float) -> Texel {
        let level = (y / row).wholePart
        let shifted = x / width + (level & 1 == 0 ? 0 : 0.5)
        let column = shifted.wholePart
        let upward = y / row - Float(level)
        let clouds = noise.fractal(x * 0.5, y * 0.5, octaves: 3)
        let tone = 0.82 + 0.3 * noise.cell(column, level) + 0.12 * clouds
        let isGap = upward < 0.15 || shifted - Float(column) < 0.07
        return Texel(color: color * (isGap ? tone * 0.66 : tone), bump: -0.02 * upward, gloss: 0.05)
    }
}

/// Sheet metal with standing seams.
struct SheetMetal: Material, Equatable {
    var color: Color
    var noise: Noise
    /// The distance of the seams in metres.
    var seam: Float = 0.55

    func texel(x: Float, y: Float) -> Texel {
        let column = (x / seam).wholePart
        let across = (x / seam - Float(column)) * seam
        let streaks = noise.value(x * 2.5, y * 0.5)
        let tone = 0.92 + 0.12 * noise.cell(column, 3) + 0.09 * streaks
        let isSeam = across < 0.07
        return Texel(
            color: color * (isSeam ? tone * 0.8 : tone),
            bump: isSeam ? 0.04 : 0,
            gloss: 0.1
        )
    }
}
