import DatasetKit

/// The whole picture before anything is drawn: houses, street, weather and camera.
struct StreetPlan: Sendable {
    /// The square that the camera sees; metres.
    var frame: Box
    /// From the back to the front.
    var houses: [BuildingPlan]
    /// The colour of the wall of leaves behind the houses; its height in metres.
    var backdrop: (height: Float, color: Color)
    var pavement: Paving
    /// How high the strip of pavement appears, in metres.
    var pavementHeight: Double
    var road: Asphalt
    var furniture: [FurniturePlan]
    var weather: Weather
    var camera: CameraPlan
    /// The noise of everything that has none of its own.
    var noise: Noise

    /// Draws the plan of one picture: a pure function of its arguments.
    init(seed: UInt64, number: Int) {
        var random = Philox(seed: seed, stream: .sample, sample: number)
        weather = Weather(using: &random)
        camera = CameraPlan(using: &random)
        let style = random.pick(ArchitecturalStyle.streets)
        var architect = Architect(style: style, using: &random)
        frame = Self.frame(height: architect.totalHeight, using: &random)

        let width = frame.width * random.nextDouble(in: style.rules.width)
        let middle = frame.middle + frame.width * random.nextDouble(in: -0.06...0.06)
        let house = architect.house(left: middle - width / 2, width: width, lift: 0)
        houses = [house]
        if style != .villa {
            let isCorner = random.nextBool(p: 0.12)
            for side in [-1.0, 1.0] where !isCorner || side > 0 {
                houses.insert(
                    contentsOf: Self.row(
                        of: style,
                        beside: house.wall,
                        side: side,
                        in: frame,
                        using: &random
                    ),
                    at: 0
                )
            }
        }
        let green = random.pick([Color(0x66743F), Color(0x55663C), Color(0x757A48)])
        backdrop = (Float(random.nextDouble(in: style == .villa ? 2...4.5 : 0.5...3.5)), green)
        noise = random.nextNoise()
        pavement = Paving(
            color: random.pick([Color(0x9A968E), Color(0x8A867F), Color(0xA39B8C)]),
            noise: noise.branch(1),
            length: Float(random.nextDouble(in: 0.5...1.2)),
            row: 0.12
        )
        pavementHeight = random.nextDouble(in: 0.3...0.6)
        road = Asphalt(
            color: random.pick([Color(0x66666A), Color(0x77746F), Color(0x59595C)]),
            noise: noise.branch(2)
        )
        furniture = FurniturePlan.street(in: frame, isGarden: style == .villa, using: &random)
    }

    /// The square of the picture for a house of some height: most show sky above the roof, some
    /// cut it off.
    private static func frame(height: Double, using random: inout Philox) -> Box {
        switch random.nextInt(below: 10) {
        case 0:
            // A detail: the entrance and the windows around it.
            let side = max(8, height * random.nextDouble(in: 0.5...0.7))
            let street = random.nextDouble(in: 0...0.05)
            return Box(left: 0, bottom: -street * side, width: side, height: side)
        case 1, 2:
            let street = random.nextDouble(in: 0.02...0.06)
            let side = height * random.nextDouble(in: 0.82...0.95)
            return Box(left: 0, bottom: -street * side, width: side, height: side)
        default:
            let sky = random.nextDouble(in: 0.03...0.14)
            let street = random.nextDouble(in: 0.025...0.085)
            let side = height / (1 - sky - street)
            return Box(left: 0, bottom: -street * side, width: side, height: side)
        }
    }

    /// Houses on one side of `wall` as far as the frame reaches.
    private static func row(
        of style: ArchitecturalStyle,
        beside wall: Box,
        side: Double,
        in frame: Box,
        using random: inout Philox
    ) -> [BuildingPlan] {
        var houses: [BuildingPlan] = []
        var edge = side < 0 ? wall.left : wall.right
        while side < 0 ? edge > frame.left : edge < frame.right {
            let neighbour = random.pick(style.neighbours)
            var architect = Architect(style: neighbour, using: &random)
            let isNarrow = neighbour == .canalHouse
            let width = random.nextDouble(in: isNarrow ? 4.8...7 : 7...12)
            let left = side < 0 ? edge - width : edge
            let lift = Float(random.nextDouble(in: -0.12...0.06))
            houses.insert(architect.house(left: left, width: width, lift: lift), at: 0)
            edge += side * width
        }
        return houses
    }
}

/// How the picture is taken.
struct CameraPlan: Sendable {
    /// How far the camera is rolled: the sine of the angle.
    var roll: Float
    /// How much narrower the top of the picture shows the scene, as a part of its width.
    var keystone: Float
    /// Barrel distortion at the corners, as a part of the distance from the middle.
    var distortion: Float
    /// The radius of the blur of lens and focus in pixels of a picture of 256.
    var blur: Float
    /// The standard deviation of the noise at middle grey, as a part of white.
    var grain: Float
    /// The exposure relative to the meter.
    var exposure: Float
    /// How much darker the corners are, 0…1.
    var vignette: Float
    /// The remaining error of the white balance.
    var balance: Color
    /// How colourful the picture is; 1 is true.
    var saturation: Float
    var noise: Noise

    init(using random: inout Philox) {
        roll = random.nextBool(p: 0.5) ? 0 : Float(random.nextDouble(in: -0.006...0.006))
        keystone = random.nextBool(p: 0.5) ? 0 : Float(random.nextDouble(in: -0.008...0.012))
        distortion = Float(random.nextDouble(in: 0...0.006))
        blur = Float(random.nextDouble(in: 0.85...1.25))
        grain = Float(random.nextDouble(in: 0.005...0.013))
        exposure = Float(random.nextDouble(in: 0.85...1.3))
        vignette = Float(random.nextDouble(in: 0.05...0.25))
        let warmth = Float(random.nextDouble(in: -0.06...0.07))
        let tint = Float(random.nextDouble(in: -0.015...0.02))
        balance = Color(1 + warmth, 1 + tint, 1 - warmth)
        saturation = Float(random.nextDouble(in: 0.74...1.06))
        noise = random.nextNoise()
    }
}
