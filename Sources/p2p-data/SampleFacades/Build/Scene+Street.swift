/// Trees, hedges and lamps before the houses.
extension Scene {
    /// Puts one thing in the street.
    mutating func add(_ furniture: FurniturePlan) {
        switch furniture {
        case .tree(let foot, let crown, let color, let noise):
            addTree(foot: foot, crown: crown, color: color, noise: noise)
        case .bareTree(let foot, let height, let noise):
            addBareTree(foot: foot, height: height, noise: noise)
        case .lamp(let foot, let height):
            addLamp(foot: foot, height: height)
        case .trafficSign(let foot, let color):
            addTrafficSign(foot: foot, color: color)
        case .car(let box, let body, let color, let isReversed):
            addCar(box, body: body, color: color, isReversed: isReversed)
        case .wire(let left, let right, let sag):
            addWire(left: left, right: right, sag: sag)
        case .hedge(let box, let color, let noise):
            let leaves = Foliage(color: color, noise: noise, clump: 0.3, contrast: 0.55)
            street.cover(.rectangle(box)) { x, y in
                let depth = Float(box.top) - y
                let edge = 0.1 * (1 + noise.fractal(x * 3, 0.5, octaves: 3))
                // Clipped leaves: bright on top, dark towards the ground.
                let light = 0.55 + 0.6 * (1 - depth / 0.5).clamped
                return (leaves.texel(x: x, y: y).color * light, depth > edge ? 1 : 0)
            }
        }
    }

    private mutating func addTree(foot: Double, crown: Box, color: Color, noise: Noise) {
        let bark = Color(0x4A4036)
        let trunk = Box(middle: foot, bottom: -0.3, width: 0.3, height: crown.centre + 0.3)
        street.cover(.taper(trunk, top: 0.5), bark)
        let leaves = Foliage(color: color, noise: noise, clump: 0.9)
        street.cover(.ellipse(crown.inset(-0.3))) { x, y in
            let u = (x - Float(crown.middle)) / Float(crown.width / 2)
            let v = (y - Float(crown.centre)) / Float(crown.height / 2)
            let inside = 1 - (u * u + v * v)
            let ragged = noise.branch(2).fractal(x * 0.8, y * 0.8, octaves: 5)
            let leaf = leaves.texel(x: x, y: y).color
            // The crown is round as a whole: bright above, dark below.
            return (leaf * (0.85 + 0.4 * v), inside + 1.1 * ragged > 0.34 ? 1 : 0)
        }
    }

    private mutating func addBareTree(foot: Double, height: Double, noise: Noise) {
        var twigs: [Branch] = [
            Branch(
                x: foot,
                y: -0.3,
                toX: foot + 0.3 * Double(noise.cell(0, 0) - 0.5),
                toY: height * 0.3,
                width: 0.12 + height * 0.02,
                order: 0
            )
        ]
        let bark = Color(0x4B423A)
        var number: Int32 = 0
        while let twig = twigs.popLast() {
            let width = relief.visible(twig.width)
            let opacity = Float(min(1, twig.width / width))
            street.draw(twig, width: width, color: bark, opacity: opacity)
            guard twig.order < 8 else { continue }
            for side in [-1.0, 1.0] {
                number += 1
                twigs.append(
                    twig.fork(
                        side: side,
                        bend: Double(noise.cell(number, 1)),
                        growth: Double(noise.cell(number, 2))
                    )
                )
            }
        }
    }

    private mutating func addWire(left: Double, right: Double, sag: Double) {
        let grid = relief.grid
        let thickness = Float(relief.visible(0.03))
        let span = Float(grid.spacing) * Float(grid.columns)
        let low = min(left, right) - sag - 0.2
        let box = Box(
            left: grid.left,
            bottom: low,
            width: Double(span),
            height: max(left, right) + 0.2 - low
        )
        street.cover(.rectangle(box)) { x, y in
            let along = (x - Float(grid.left)) / span
            let straight = Float(left) + Float(right - left) * along
            let height = straight - Float(sag) * 4 * along * (1 - along)
            return (Color(0x2A2A2C), abs(y - height) < thickness / 2 ? 0.42 : 0)
        }
    }

    private mutating func addTrafficSign(foot: Double, color: Color) {
        let zinc = Color(0x83878A)
        let pole = Box(middle: foot, bottom: -0.35, width: relief.visible(0.08), height: 2.9)
        street.cover(.rectangle(pole), zinc)
        let disc = Box(middle: foot, bottom: 2.2, width: 0.62, height: 0.62)
        street.cover(.ellipse(disc), Color(0xD8D6D0))
        street.cover(.ellipse(disc.inset(0.05)), color)
        let stripe = Box(middle: foot, bottom: disc.centre - 0.06, width: 0.4, height: 0.12)
        street.cover(.rectangle(stripe), Color(0xDEDCD6))
    }

    private mutating func addLamp(foot: Double, height: Double) {
        let iron = Color(0x2B2E2E)
        let pole = Box(
            middle: foot,
            bottom: -0.4,
            width: relief.visible(0.11),
            height: height + 0.4
        )
        street.cover(.rectangle(pole), iron)
        let base = Box(middle: foot, bottom: -0.4, width: 0.26, height: 0.9)
        street.cover(.taper(base, top: 0.6), iron)
        let lantern = Box(middle: foot, bottom: height, width: 0.26, height: 0.5)
        street.cover(.taper(lantern, top: 1.6), Color(0xB9B6A6))
        let roof = Box(middle: foot, bottom: height + 0.48, width: 0.5, height: 0.22)
        street.cover(.taper(roof, top: 0.2), iron)
    }
}

/// A part of a tree between two forks; metres.
struct Branch: Equatable, Sendable {
    var x: Double
    var y: Double
    var toX: Double
    var toY: Double
    var width: Double
    /// 0 for the trunk.
    var order: Int

    /// The branch that grows out of this one's end.
    ///
    /// It turns to the left for a `side` of −1 and to the right for 1, the more sharply the nearer
    /// `bend` is to 1, and grows the longer the nearer `growth` is to 1.
    func fork(side: Double, bend: Double, growth: Double) -> Branch {
        let turn = side * (0.1 + 0.62 * bend)
        let length = order == 0 ? 0.62 : 0.62 + 0.3 * growth
        let (along, up) = (toX - x, toY - y)
        // Twigs seek the light: whatever their parent does, they turn upwards a little.
        let grownX = (along - turn * up) * length * 0.92
        let grownY = (up + turn * along) * length * 0.92 + 0.04
        return Branch(
            x: toX,
            y: toY,
            toX: toX + grownX,
            toY: toY + grownY,
            width: width * 0.68,
            order: order + 1
        )
    }
}
