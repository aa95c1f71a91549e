/// Parked cars.
extension Scene {
    /// Puts a car in the street: body, windows, wheels and the shadow below it.
    mutating func addCar(_ box: Box, body: CarBody, color: Color, isReversed: Bool) {
        let shadow = Box(
            middle: box.middle,
            bottom: box.bottom - 0.12,
            width: box.width,
            height: 0.3
        )
        street.cover(.ellipse(shadow), Color(0x1A1A1C), opacity: 0.85)
        let length = Float(box.width)
        let height = Float(box.height)
        street.cover(.rectangle(box)) { x, y in
            let fromLeft = (x - Float(box.left)) / length
            let along = isReversed ? 1 - fromLeft : fromLeft
            let up = (y - Float(box.bottom)) / height
            let top = body.height(at: along)
            guard up < top, up > 0.13 else { return (color, 0) }
            return (Self.paint(along: along, up: up, top: top, body: body, color: color), 1)
        }
        let wheel = 0.44 * box.height / CarBody.saloon.height * 1.4
        for along in [0.19, 0.8] {
            let middle = box.left + box.width * (isReversed ? 1 - along : along)
            let tyre = Box(middle: middle, bottom: box.bottom, width: wheel, height: wheel)
            street.cover(.ellipse(tyre), Color(0x1C1C1E))
            street.cover(.ellipse(tyre.inset(wheel * 0.22)), Color(0x77797B))
        }
    }

    /// The colour of a car's side: bright where it faces the sky, dark below the doors.
    private static func paint(
        along: Float,
        up: Float,
        top: Float,
        body: CarBody,
        color: Color
    ) -> Color {
        let belt: Float = 0.62
        let isGlazed = up > belt && up < top - 0.07 && body.glazed.contains(along)
        if isGlazed {
            let pillars: [Float] = body == .van ? [0.4] : [0.53, 0.72]
            let isPillar = pillars.contains { abs(along - $0) < 0.01 }
            let sheen = 0.05 + 0.14 * up.step(from: belt, to: 1)
            return isPillar ? color * 0.4 : Color(sheen, sheen * 1.05, sheen * 1.1)
        }
        if along < 0.025, up > 0.32, up < 0.48 { return Color(0xD8D6CC) }
        if along > 0.98, up > 0.36, up < 0.56 { return Color(0x8A2A24) }
        if up < 0.2 { return color * 0.3 }
        // The shoulder below the windows and the roof mirror the sky.
        let shoulder = 1 - abs(up - belt + 0.05) / 0.06
        let roof = (up - top + 0.09) / 0.09
        let sky = 0.3 * max(shoulder, roof).clamped
        let side = 0.55 + 0.75 * up.step(from: 0.2, to: belt)
        return (color * side).mixed(with: Color(0.75, 0.8, 0.85), sky)
    }
}
