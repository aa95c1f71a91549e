import DatasetKit

/// The light of one picture: where the sun stands, what the sky looks like, how bright both are.
struct Weather: Sendable {
    /// Points from the wall to the sun: x to the right, y up, z out of the wall; length 1.
    var sun: (x: Float, y: Float, z: Float)
    /// The irradiance of a surface that faces the sun.
    var sunlight: Color
    /// The irradiance of a surface that sees the whole sky.
    var skylight: Color
    /// The radiance of the sky overhead.
    var zenith: Color
    /// The radiance of the sky at the roofs.
    var horizon: Color
    /// The radiance of the brightest clouds.
    var cloud: Color
    /// The part of the sky that clouds cover, 0…1.
    var cover: Float
    /// How wide the edge of a shadow is, in metres of height between it and what throws it.
    var penumbra: Float
    /// The height below which the houses opposite keep the sun away, and its rise to the right;
    /// `nil` when they do not.
    var shade: (height: Float, slope: Float)?
    var noise: Noise

    /// Draws the weather: bright, hazy or overcast.
    init(using random: inout Philox) {
        let side: Float = random.nextBool(p: 0.5) ? 1 : -1
        let across = side * Float(random.nextDouble(in: 0.35...1.1))
        let up = Float(random.nextDouble(in: 0.75...1.25))
        let out = Float(random.nextDouble(in: 0.6...1.1))
        let length = (across * across + up * up + out * out).squareRoot()
        sun = (across / length, up / length, out / length)
        let warmth = Float(random.nextDouble(in: -0.05...0.08))
        switch random.nextInt(below: 10) {
        case 0...3:
            let power = Float(random.nextDouble(in: 2.2...2.9))
            sunlight = Color(1.04 + warmth, 0.95, 0.8 - warmth) * power
            skylight = Color(0.62, 0.74, 0.92) * 0.75
            let blue = Float(random.nextDouble(in: 0.75...1.1))
            zenith = Color(0.42, 0.68, 1.12) * blue
            horizon = Color(1.0, 1.2, 1.42) * blue
            cloud = Color(2.3, 2.3, 2.3)
            cover = Float(random.nextDouble(in: 0.0...0.5))
            penumbra = 0.02
            if random.nextBool(p: 0.2) {
                shade = (
                    Float(random.nextDouble(in: 1...6)), Float(random.nextDouble(in: -0.3...0.3))
                )
            }
        case 4...6:
            sunlight = Color(1.02 + warmth, 0.96, 0.86 - warmth) * 1.1
            skylight = Color(0.9, 0.95, 1.0) * 1.0
            zenith = Color(0.95, 1.08, 1.22)
            horizon = Color(1.55, 1.6, 1.64)
            cloud = Color(2.1, 2.1, 2.1)
            cover = Float(random.nextDouble(in: 0.4...0.8))
            penumbra = 0.1
        default:
            sunlight = Color(1 + warmth, 0.98, 0.95 - warmth) * 0.55
            skylight = Color(0.97 + warmth, 1.0, 1.02 - warmth) * 1.3
            zenith = Color(1.5, 1.54, 1.6)
            horizon = Color(1.95, 1.95, 1.95)
            cloud = Color(2.2, 2.2, 2.22)
            cover = 0.9
            penumbra = 0.3
        }
        noise = random.nextNoise()
    }

    /// The radiance of the sky at a height above the street, in metres, as the camera sees it.
    func sky(x: Float, y: Float) -> Color {
        let height = (y / 30).clamped
        let clear = horizon.mixed(with: zenith, height * (1.6 - 0.6 * height))
        let shape = noise.fractal(x * 0.07, y * 0.16, octaves: 4)
        let edge = 0.75 - 1.5 * cover
        let density = shape.step(from: edge - 0.15, to: edge + 0.45)
        let shading = 0.86 + 0.14 * noise.branch(7).fractal(x * 0.1, y * 0.2 + 4, octaves: 2)
        return clear.mixed(with: cloud * shading, density * 0.85)
    }

    /// The height up to which the shadow of the houses opposite reaches at a place of the wall.
    func shadeTop(x: Float) -> Float? {
        guard let shade else { return nil }
        let outline = noise.branch(12)
        let house = (x / 7).wholePart
        let chimney: Float = outline.cell((x / 0.9).wholePart, 3) < 0.12 ? 0.9 : 0
        return shade.height + shade.slope * x + 1.6 * outline.cell(house, 1) + chimney
    }
}
